/** From a token to who that is. Everything that is not proven is a problem, never a caller. */
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import { type Env, settingsOf } from "../environment.ts";
import { createRegistry } from "../registry/known.ts";
import { digestHex, parseApiKey } from "./api-key.ts";
import type { Caller } from "./caller.ts";

export type Authenticated = Result<Caller, Problem>;

const DENIED: Authenticated = fail(problemOf("unauthorized"));

/** Throws `RegistryAway` when it cannot be decided. */
export async function authenticate(env: Env, token: string): Promise<Authenticated> {
  const apiKey = parseApiKey(token);
  if (apiKey) return connectorOf(env, apiKey);
  const { REGULARS_CENTRAL_TOKEN } = settingsOf(env);
  return (await isSame(token, REGULARS_CENTRAL_TOKEN)) ? ok({ kind: "centre" }) : DENIED;
}

async function connectorOf(
  env: Env,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<Authenticated> {
  const known = await createRegistry(env).keyOf(id, await digestHex(secret));
  if (!known) return DENIED;
  const { keyId, account, scopes, expiresMs } = known;
  if (expiresMs !== null && expiresMs <= Date.now()) return DENIED;
  return ok({ kind: "connector", account, keyId, scopes });
}

/** Compared as digests: their time does not tell how much of a token was right. */
async function isSame(given: string, expected: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(given), digest(expected)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

const digest = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
