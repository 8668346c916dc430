import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { createShardedDirectory } from "../directory/sharded.ts";
import type { Env } from "../environment.ts";
import { profileStubOf } from "../stubs.ts";

export interface FoundProfile {
  /** The id asked for, or the one that the customer lives on as. */
  readonly customer: CustomerId;
  /** The profile as JSON text, as it was stored when it was merged (EDG3). */
  readonly json: string;
}

export async function readProfile(
  env: Env,
  asked: CustomerId,
  store?: string,
): Promise<FoundProfile | null> {
  let customer = asked;
  for (let hop = 0; hop < LIMITS.redirectHops; hop++) {
    const answer = await profileStubOf(env, customer).read(customer, store);
    if (answer === null) return null;
    if ("profile" in answer) return { customer, json: answer.profile };
    customer = answer.redirect;
  }
  throw new Error("redirects of a customer lead in a circle");
}

/**
 * Of the strongest key that leads to somebody: keys come strongest first, and where they disagree, the card counts more than
 * the number. A key that several people share leads to the one who holds it in the directory.
 */
export async function findProfile(
  env: Env,
  keys: readonly IdentityKey[],
  store?: string,
): Promise<FoundProfile | null> {
  const held = await createShardedDirectory(env).lookup(keys);
  const customers = new Set(keys.flatMap((key) => held.get(key) ?? []));
  for (const customer of customers) {
    const found = await readProfile(env, customer, store);
    if (found) return found;
  }
  return null;
}
