/**
 * People, by tokens of the retailer's identity provider: customers of its app, and its staff. Verified against the provider's
 * published keys, which are fetched anew when a token names one that is not known, so that they can be rotated.
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { normaliseUserId } from "@regulars/shared/identity/account-id";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import type { Settings } from "../environment.ts";
import type { Caller } from "./caller.ts";

/** With a key that only the provider has: a shared secret, or none, proves nothing. */
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];

export type PersonSettings = Pick<
  Settings,
  | "IDP_ISSUER"
  | "IDP_AUDIENCE"
  | "IDP_JWKS_URL"
  | "IDP_REALM"
  | "IDP_ROLE_CLAIM"
  | "REGULARS_PEPPER"
>;

export interface People {
  verify(token: string): Promise<Result<Caller, Problem>>;
}

const DENIED = fail(problemOf("unauthorized"));

/** Null where no provider is set: then there are no such callers. */
export function createPeople(
  settings: PersonSettings,
  cooldownMs: number = LIMITS.jwksCooldownMs,
): People | null {
  const { IDP_ISSUER: issuer, IDP_AUDIENCE: audience, IDP_JWKS_URL: url } = settings;
  if (url === "" || issuer === "" || audience === "") return null;
  const keys = createRemoteJWKSet(new URL(url), {
    cooldownDuration: cooldownMs,
    cacheMaxAge: LIMITS.jwksAgeMs,
    timeoutDuration: LIMITS.jwksTimeoutMs,
  });
  return {
    async verify(token) {
      const claims = await claimsOf(token, keys, { issuer, audience });
      return claims.ok ? callerOf(claims.value, settings) : claims;
    },
  };
}

async function claimsOf(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
): Promise<Result<JWTPayload, Problem>> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: LIMITS.jwtToleranceSeconds,
      requiredClaims: ["exp", "sub"],
    });
    return ok(payload);
  } catch (error) {
    return isAboutToken(error) ? DENIED : fail(problemOf("unreachable"));
  }
}

/** Else its keys could not be fetched, and nothing is known about it. */
function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);
}

const rolesSchema = z.union([z.string().transform((role) => [role]), z.array(z.string())]);

/** A role that is not one of ours makes nobody: not a customer either, whose `sub` it might happen to share. */
function callerOf(claims: JWTPayload, settings: PersonSettings): Result<Caller, Problem> {
  const { sub = "" } = claims;
  const roles = rolesSchema.safeParse(claims[settings.IDP_ROLE_CLAIM] ?? "customer");
  if (!roles.success || sub === "") return DENIED;
  if (roles.data.includes("service_desk")) return ok({ kind: "desk", id: sub });
  if (roles.data.includes("associate")) {
    const store = storeIdSchema.nullable().safeParse(claims["store"] ?? null);
    return store.success ? ok({ kind: "associate", id: sub, store: store.data }) : DENIED;
  }
  if (!roles.data.includes("customer")) return DENIED;
  const user = normaliseUserId(settings.IDP_REALM, sub);
  if (user === null) return DENIED;
  return ok({ kind: "customer", key: identityKeyOf("user", user, settings.REGULARS_PEPPER) });
}
