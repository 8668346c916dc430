/**
 * What the edge has to hear besides whose a record is: the decisions of stewards that have moved with it, and, when it seems
 * to have lost its disk, policy and decisions once more. What it knows it does not change.
 */
import type { Decision } from "@regulars/shared/protocol/publish";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { publishStatement } from "../publish/outbox.ts";
import type { Neighbourhood } from "../resolve/neighbourhood.ts";
import type { ResolvedCustomer } from "../resolve/resolve.ts";
import { overrideOf, overridesQuery, publishOverrides } from "./overrides.ts";

/** Where a record with decisions has come to a customer or left it, the edge has to hear what holds there now. */
export function overridesMoved(
  { cluster }: Pick<ResolvedCustomer, "cluster">,
  { records }: Pick<Neighbourhood, "records">,
  overrides: readonly Override[],
): Statement[] {
  const ids = new Set(cluster.records.map(({ id }) => id));
  const moved = new Set(
    [...records.values()]
      .filter(({ id, customer }) => ids.has(id) !== (customer === cluster.customer))
      .map(({ id }) => id),
  );
  if (!overrides.some(({ fragment }) => moved.has(fragment))) return [];
  const own = overrides.filter(({ fragment }) => ids.has(fragment));
  return [publishOverrides(cluster.customer, own)];
}

export async function remindOfRules(
  storage: Storage,
  reminders: readonly Decision[],
  policy: Policy,
): Promise<Statement[]> {
  const customers = reminders.flatMap((each) => (each.kind === "golden" ? [each.customer] : []));
  if (customers.length === 0) return [];
  const rows = await storage.read(
    customers.map((each) =>
      overridesQuery("select id from source_record where customer = ?", [each]),
    ),
  );
  const decided = customers.flatMap((customer, at) => {
    const overrides = (rows[at] ?? []).map((row) => overrideOf(row));
    return overrides.length > 0 ? [publishOverrides(customer, overrides)] : [];
  });
  const isDefault = policy.version === DEFAULT_POLICY.version;
  return isDefault ? decided : [publishStatement({ kind: "policy", policy }), ...decided];
}
