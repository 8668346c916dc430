/**
 * Tokens of tills. A till proves that it has its key by signing a question of ours, for its clock may be off by hours
 * (CLK2); it is given a token of ten minutes, bound to source, store and epoch, that is worth nothing once the registry
 * knows another key of the till or has revoked it (SEC1).
 */
import { importJWK, jwtVerify, SignJWT } from "jose";
import { epochSchema, sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf } from "@regulars/shared/problem";
import { EDGE_AUDIENCE } from "@regulars/shared/protocol/enrol";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import type { Env } from "../environment.ts";
import type { EnrolledTill, RegistryPort } from "../registry/port.ts";
import type { TillCaller } from "./caller.ts";
import { acceptedKeysOf, type EdgeKeys, edgeKeysOf } from "./edge-keys.ts";

export const TILL_TOKEN_TYPE = "till+jwt";
const TILL_AUDIENCE = "regulars-till";
const CHALLENGE_AUDIENCE = "regulars-challenge";

const secondsFrom = (nowMs: number, ms: number): number => Math.floor((nowMs + ms) / 1_000);

/** Needs no memory here: it says itself how old it is. */
export async function newChallenge(env: Env, nowMs: number): Promise<string> {
  return new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(CHALLENGE_AUDIENCE)
    .setExpirationTime(secondsFrom(nowMs, LIMITS.challengeMs))
    .sign((await edgeKeysOf(env)).challenge);
}

const claimsSchema = z.object({
  iss: sourceIdSchema,
  store: storeIdSchema,
  epoch: epochSchema,
  nonce: z.string().max(LIMITS.fieldChars),
});
export type Assertion = z.infer<typeof claimsSchema>;

/** What an assertion says, before anything of it is believed. */
export function readAssertion(assertion: string): Assertion | null {
  try {
    const [, payload = ""] = assertion.split(".");
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return claimsSchema.parse(JSON.parse(text));
  } catch {
    return null; // not an assertion
  }
}

export async function isOwnChallenge(env: Env, nonce: string): Promise<boolean> {
  for (const { challenge } of await acceptedKeysOf(env)) {
    try {
      await jwtVerify(nonce, challenge, {
        audience: CHALLENGE_AUDIENCE,
        algorithms: ["HS256"],
        requiredClaims: ["exp"],
      });
      return true;
    } catch {
      // another edge's, too old, made up, or of the secret before
    }
  }
  return false;
}

/** Whether it was signed by the till's key, for us. */
export async function isSignedBy(publicKey: string, assertion: string): Promise<boolean> {
  try {
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x: publicKey }, "EdDSA");
    await jwtVerify(assertion, key, { audience: EDGE_AUDIENCE, algorithms: ["EdDSA"] });
    return true;
  } catch {
    return false; // another key's
  }
}

export interface TillTokenOf {
  readonly till: EnrolledTill;
  readonly epoch: number;
}

export async function newTillToken(
  env: Env,
  { till, epoch }: TillTokenOf,
  nowMs: number,
): Promise<string> {
  return new SignJWT({ store: till.store, epoch, key: till.publicKey })
    .setProtectedHeader({ alg: "HS256", typ: TILL_TOKEN_TYPE })
    .setSubject(till.source)
    .setAudience(TILL_AUDIENCE)
    .setExpirationTime(secondsFrom(nowMs, LIMITS.tillTokenMs))
    .sign((await edgeKeysOf(env)).tillToken);
}

const tokenSchema = z.object({
  sub: sourceIdSchema,
  store: storeIdSchema,
  epoch: epochSchema,
  key: z.string(),
});
/** What a token says of its till. */
export type TillToken = z.infer<typeof tokenSchema>;

export async function verifyTillToken(
  env: Env,
  token: string,
  registry: Pick<RegistryPort, "tillOf">,
): Promise<Result<TillCaller, Problem>> {
  const claims = await readTillToken(env, token);
  return claims ? enrolledCaller(registry, claims) : fail(problemOf("unauthorized"));
}

/** Whether the registry still knows the till by that key, in that store. Throws `RegistryAway` where it cannot be asked. */
export async function enrolledCaller(
  registry: Pick<RegistryPort, "tillOf">,
  { sub: source, store, epoch, key }: TillToken,
): Promise<Result<TillCaller, Problem>> {
  const isGranted = (till: EnrolledTill): boolean =>
    !till.revoked && till.publicKey === key && till.store === store;
  const till = await registry.tillOf(source, isGranted);
  if (till?.revoked) return fail(problemOf("revoked"));
  if (!till || !isGranted(till)) return fail(problemOf("not_enrolled"));
  return ok({ kind: "till", source, store, epoch, formerStores: till.formerStores });
}

/** Tokens whose signature was found to be right, by the keys that they were signed with: a till shows its own with every call. */
interface ReadToken {
  readonly till: TillToken;
  readonly untilMs: number;
}
const tokens = new WeakMap<EdgeKeys, Map<string, ReadToken>>();

/** One that was read before, and is not over. */
export async function knownTillToken(env: Env, token: string): Promise<TillToken | null> {
  for (const keys of await acceptedKeysOf(env)) {
    const known = tokens.get(keys)?.get(token);
    if (known && Date.now() < known.untilMs) return known.till;
  }
  return null;
}

/** Null for what is none of ours, or is over. */
export async function readTillToken(env: Env, token: string): Promise<TillToken | null> {
  const before = await knownTillToken(env, token);
  if (before) return before;
  for (const keys of await acceptedKeysOf(env)) {
    const known = tokens.get(keys) ?? new Map<string, ReadToken>();
    tokens.set(keys, known);
    known.delete(token);
    try {
      const { payload } = await jwtVerify(token, keys.tillToken, {
        audience: TILL_AUDIENCE,
        typ: TILL_TOKEN_TYPE,
        algorithms: ["HS256"],
        requiredClaims: ["exp"],
      });
      const till = tokenSchema.parse(payload);
      known.set(token, { untilMs: (payload.exp ?? 0) * 1_000, till });
      for (const oldest of known.keys()) {
        if (known.size <= LIMITS.knownCallers) break;
        known.delete(oldest);
      }
      return till;
    } catch {
      // expired, bent, of another edge, or of the secret before
    }
  }
  return null;
}
