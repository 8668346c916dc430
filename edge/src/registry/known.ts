/**
 * The registry as the Workers ask it: what an isolate has been told counts for half a second, so that whoever is revoked
 * is refused within one, and a busy caller costs two questions a second (SEC1).
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Env } from "../environment.ts";
import { createBuckets, type Rate } from "../access/buckets.ts";
import { registryStub } from "../stubs.ts";
import { RegistryAway, type RegistryPort } from "./port.ts";

interface Told {
  /** Before it was asked: the answer may be as old. */
  readonly askedMs: number;
  readonly value: unknown;
}

/** By what was asked. Nobody is denied by it: whoever has just been let in is let in. */
const known = new Map<string, Told>();

export function createRegistry(env: Env): RegistryPort {
  return {
    accountOf: (id) => cached(`account/${id}`, () => registryStub(env).accountOf(id), always),
    accounts: () => askRegistry(() => registryStub(env).accounts()),
    keyOf: (keyId, digest) =>
      cached(`key/${keyId}/${digest}`, () => registryStub(env).keyOf(keyId, digest), always),
    tillOf: (source, isGranted) =>
      cached(`till/${source}`, () => registryStub(env).tillOf(source), isGranted),
  };
}

/** Whoever has just been heard of is asked about freely. */
const strangers = createBuckets(1);
const STRANGERS: Rate = {
  perSecond: LIMITS.strangersAskedPerSecond,
  atOnce: LIMITS.strangersAskedAtOnceCalls,
};

/** Throws `RegistryAway` where too many ask who prove nothing: they wait, and the others do not. */
export async function askForStranger<Value>(ask: () => Promise<Value>): Promise<Value> {
  if (strangers.take("all", STRANGERS, Date.now()) !== null) {
    throw new RegistryAway("too many strangers are asking");
  }
  return askRegistry(ask);
}

const always = (): boolean => true;

/** After a change, for this isolate; the others notice within half a second. */
export function forgetRegistry(): void {
  known.clear();
}

/** An answer that does not grant what is asked for is neither kept nor relied on. */
async function cached<Value>(
  name: string,
  ask: () => Promise<Value | null>,
  isGranted: (value: Value) => boolean,
): Promise<Value | null> {
  const askedMs = Date.now();
  const told = known.get(name);
  if (told && askedMs - told.askedMs < LIMITS.registryAgeMs) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was told under this name is of its kind
    const value = told.value as Value;
    if (isGranted(value)) return value;
  }
  const value = await (told ? askRegistry(ask) : askForStranger(ask));
  known.delete(name);
  if (value !== null && isGranted(value)) known.set(name, { askedMs, value });
  for (const [oldest] of known) {
    if (known.size <= LIMITS.knownCallers) break;
    known.delete(oldest);
  }
  return value;
}

/** Whatever goes wrong with asking is one thing to a caller: it cannot be decided now. */
export async function askRegistry<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    throw new RegistryAway("the registry cannot be asked", { cause: error });
  }
}
