/** Which customer a request is about, as far as its caller may know of one. */
import { customerIdSchema, type CustomerId } from "@regulars/shared/ids";
import type { Caller } from "../access/caller.ts";
import type { Env } from "../environment.ts";
import type { ViewQuestion } from "../profile/read.ts";
import { type FoundView, holdersOf, readView } from "./read-profile.ts";

export interface Found extends FoundView {
  /** The id asked for, where the customer lives on under another one. */
  readonly redirectedFrom?: CustomerId;
}

/** In the place of an id: the customer whose token it is. */
export const ME = "me";

/**
 * `questionOf` says what is asked of the customer with this id. Null for an id that is nobody's, and just as well for one
 * that is not the caller's own: a customer's token does not tell who else is known.
 */
export async function findCustomer(
  env: Env,
  caller: Caller,
  asked: string,
  questionOf: (customer: CustomerId) => ViewQuestion = () => ({}),
): Promise<Found | null> {
  if (caller.kind === "customer") return findOwn(env, caller.key, asked, questionOf);
  const id = customerIdSchema.safeParse(asked);
  return id.success ? withOrigin(id.data, await readView(env, id.data, questionOf(id.data))) : null;
}

async function findOwn(
  env: Env,
  key: string,
  asked: string,
  questionOf: (customer: CustomerId) => ViewQuestion,
): Promise<Found | null> {
  const [held] = await holdersOf(env, [key]);
  if (held === undefined) return null;
  const own = await readView(env, held, questionOf(held));
  if (own === null || asked === ME || asked === own.customer) return own;
  const id = customerIdSchema.safeParse(asked);
  const other = id.success ? await readView(env, id.data) : null;
  // Another id of the same customer.
  if (!id.success || other?.customer !== own.customer) return null;
  return withOrigin(id.data, own);
}

function withOrigin(asked: CustomerId, found: FoundView | null): Found | null {
  if (found === null || found.customer === asked) return found;
  return { ...found, redirectedFrom: asked };
}
