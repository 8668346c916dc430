/**
 * What the edge has to hear besides whose a record is, when it seems to have lost its disk: policy and stewards' decisions
 * once more. What it knows it does not change.
 */
import type { Decision } from "@regulars/shared/protocol/publish";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { publishStatement } from "../publish/outbox.ts";
import { overrideOf, overridesQuery, publishOverrides } from "./overrides.ts";

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
