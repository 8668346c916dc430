import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { createShardedDirectory } from "../directory/sharded.ts";
import type { Env } from "../environment.ts";
import type { StoredView, ViewQuestion } from "../profile/read.ts";
import { viewOfText } from "../profile/view-text.ts";
import { profileStubOf } from "../stubs.ts";

export interface FoundProfile {
  /** The id asked for, or the one that the customer lives on as. */
  readonly customer: CustomerId;
  /** The profile as JSON text, as it was stored when it was merged (EDG3). */
  readonly json: string;
}

export interface FoundView {
  readonly customer: CustomerId;
  readonly view: StoredView;
}

export function readProfile(
  env: Env,
  asked: CustomerId,
  store?: string,
): Promise<FoundProfile | null> {
  return follow(asked, async (customer) => {
    const answer = await profileStubOf(env, customer).read(customer, store);
    if (answer === null) return null;
    if ("redirect" in answer) return { redirect: answer.redirect };
    return { found: { customer, json: answer.profile } };
  });
}

/** `known` names a state of the customer asked for; of another one it says nothing. */
export function readView(
  env: Env,
  asked: CustomerId,
  question: ViewQuestion = {},
  store?: string,
): Promise<FoundView | null> {
  return follow(asked, async (customer) => {
    const { known, ...rest } = question;
    const own = customer === asked && known !== undefined ? { ...rest, known } : rest;
    const answer = viewOfText(await profileStubOf(env, customer).view(customer, own, store));
    if (answer === null) return null;
    if ("redirect" in answer) return { redirect: answer.redirect };
    return { found: { customer, view: answer } };
  });
}

type Step<Found> = { readonly redirect: CustomerId } | { readonly found: Found } | null;

/** To where the customer lives on (IDN7). */
async function follow<Found>(
  asked: CustomerId,
  read: (customer: CustomerId) => Promise<Step<Found>>,
): Promise<Found | null> {
  let customer = asked;
  for (let hop = 0; hop < LIMITS.redirectHops; hop++) {
    const answer = await read(customer);
    if (answer === null) return null;
    if ("found" in answer) return answer.found;
    customer = answer.redirect;
  }
  throw new Error("redirects of a customer lead in a circle");
}

/**
 * Whoever holds the keys. Keys come strongest first, and where they disagree, the card counts more than the number. A key
 * that several people share leads to the one who holds it in the directory.
 */
export async function holdersOf(env: Env, keys: readonly IdentityKey[]): Promise<CustomerId[]> {
  const held = await createShardedDirectory(env).lookup(keys);
  return [...new Set(keys.flatMap((key) => held.get(key) ?? []))];
}

/** Of the strongest key that leads to somebody. */
export async function findProfile(
  env: Env,
  keys: readonly IdentityKey[],
  store?: string,
): Promise<FoundProfile | null> {
  for (const customer of await holdersOf(env, keys)) {
    const found = await readProfile(env, customer, store);
    if (found) return found;
  }
  return null;
}
