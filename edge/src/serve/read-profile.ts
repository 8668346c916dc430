import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Profile } from "@regulars/shared/survivorship/profile";
import type { Env } from "../environment.ts";
import { profileStubOf } from "../stubs.ts";

/** The profile under this id, or under the id that the customer lives on as; null when nobody has it (EDG3). */
export async function readProfile(
  env: Env,
  customer: CustomerId,
  store?: string,
): Promise<Profile | null> {
  let id = customer;
  for (let hop = 0; hop < LIMITS.redirectHops; hop++) {
    const answer = await profileStubOf(env, id).read(id, store);
    if (answer === null) return null;
    if ("profile" in answer) return answer.profile;
    id = answer.redirect;
  }
  throw new Error("redirects of a customer lead in a circle");
}
