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
import { enrolledCaller, knownTillToken, TILL_TOKEN_TYPE, verifyTillToken } from "./till-token.ts";

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
  const { REGULARS_CENTRAL_TOKEN: central, REGULARS_CENTRAL_TOKEN_ALSO: also } = settings;
  if (isSame(token, central) || (also !== null && isSame(token, also)))
    return ok({ kind: "centre" });
  const till = await knownTillToken(env, token);
  if (till) return enrolledCaller(createRegistry(env), till);
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

const utf8 = new TextEncoder();

/** Its time tells no more of a token than how long the right one is. */
function isSame(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  const a = utf8.encode(given);
  const b = utf8.encode(expected);
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}
