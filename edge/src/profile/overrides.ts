/** What stewards have decided about a customer's records (GLD1): stored with the customer, moved with the records. */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import type { LoadedCustomer } from "./loaded.ts";
import { rebuildChanged } from "./merge.ts";
import type { Session } from "./session.ts";

/**
 * All that is decided about the customer, none included. Also of a customer that redirects or has nothing yet: what comes to
 * it later finds them here.
 */
export async function setOverrides(
  session: Session,
  id: CustomerId,
  overrides: readonly Override[],
): Promise<void> {
  const customer = (await session.load([id]))(id);
  customer.overrides = overrides;
  const isChanged = customer.fragments.size > 0 && rebuildChanged(customer, session.policy());
  await session.commit(isChanged ? [customer] : [], [overridesStatement(customer)]);
}

/** Those that have come with their records; what is known here under the same id stays. */
export function addOverrides(customer: LoadedCustomer, more: readonly Override[]): Statement[] {
  const known = new Set(customer.overrides.map(({ id }) => id));
  const added = more.filter(({ id }) => !known.has(id));
  if (added.length === 0) return [];
  customer.overrides = [...customer.overrides, ...added];
  return [overridesStatement(customer)];
}

export function dropOverrides(
  customer: LoadedCustomer,
  fragments: ReadonlySet<string>,
): Statement[] {
  const kept = customer.overrides.filter(({ fragment }) => !fragments.has(fragment));
  if (kept.length === customer.overrides.length) return [];
  customer.overrides = kept;
  return [overridesStatement(customer)];
}

const overridesStatement = ({ customer, overrides }: LoadedCustomer): Statement =>
  overrides.length === 0
    ? { sql: "delete from overrides where customer = ?", args: [customer] }
    : {
        sql: `insert into overrides (customer, json) values (?, ?)
              on conflict (customer) do update set json = excluded.json`,
        args: [customer, JSON.stringify(overrides)],
      };
