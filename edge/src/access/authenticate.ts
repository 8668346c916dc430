/** From a token to who that is. Everything that is not proven is a problem, never a caller. */
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import { decodeProtectedHeader } from "jose";
import { type Env, type Settings, settingsOf } from "../environment.ts";
import { createRegistry } from "../registry/known.ts";
import { digestHex, parseApiKey } from "./api-key.ts";
import type { Caller } from "./caller.ts";
import { connectorOf } from "./connector.ts";
import { createPeople, type People } from "./person.ts";
import { TILL_TOKEN_TYPE, verifyTillToken } from "./till-token.ts";

export type Authenticated = Result<Caller, Problem>;

const DENIED: Authenticated = fail(problemOf("unauthorized"));

/** Throws `RegistryAway` when it cannot be decided. */
export async function authenticate(env: Env, token: string): Promise<Authenticated> {
  const apiKey = parseApiKey(token);
  if (apiKey) {
    const digest = await digestHex(apiKey.secret);
    return connectorOf(createRegistry(env), { id: apiKey.id, digest }, Date.now());
  }
  const settings = settingsOf(env);
  if (await isSame(token, settings.REGULARS_CENTRAL_TOKEN)) return ok({ kind: "centre" });
  switch (typeOf(token)) {
    case null:
      return DENIED;
    case TILL_TOKEN_TYPE:
      return verifyTillToken(env, token, createRegistry(env));
    default:
      return (await peopleOf(settings)?.verify(token)) ?? DENIED;
  }
}

/** What kind of JWT it says it is; null where it is none. */
function typeOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).typ ?? "";
  } catch {
    return null;
  }
}

/** One for each provider, with its keys, for as long as the isolate lives. */
const providers = new WeakMap<Settings, { readonly people: People | null }>();

function peopleOf(settings: Settings): People | null {
  const entry = providers.get(settings) ?? { people: createPeople(settings) };
  providers.set(settings, entry);
  return entry.people;
}

/** Compared as digests: their time does not tell how much of a token was right. */
async function isSame(given: string, expected: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(given), digest(expected)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

const digest = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
