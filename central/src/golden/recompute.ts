/** Golden records of a few customers, made anew: all statements of it, for the one write of the decision that asks for it. */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { Cause } from "./cause.ts";
import { deriveCustomers } from "./derive.ts";
import { type PendingOverrides, publishOverrides } from "./overrides.ts";
import { goldenStatements } from "./write-golden.ts";

export interface RecomputeOptions {
  /** Decisions that are in the same write. */
  readonly pending?: PendingOverrides;
  readonly cause?: Cause;
}

/**
 * For a steward's pin, ignore or undo: `write([...pinStatements(pin, now), ...(await recomputeCustomers(…, { pending:
 * { added: [pinOf(pin)] } }))])`. Not to be run beside an intake: what is read decides what is written. A version is
 * written where something changed; the edge is told all decisions of each customer, also where none are left.
 */
export async function recomputeCustomers(
  storage: Storage,
  ids: readonly CustomerId[],
  policy: Policy,
  nowMs: number,
  { pending, cause }: RecomputeOptions = {},
): Promise<Statement[]> {
  const derived = await deriveCustomers(storage, ids, policy, pending);
  return derived.flatMap(({ customer, standing, state, overrides }) => [
    ...goldenStatements(customer, standing, state, nowMs, cause),
    publishOverrides(customer, overrides),
  ]);
}
