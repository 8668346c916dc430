/**
 * Reminders: decisions that the edge was told and seems to have forgotten. A fragment that comes under another customer's
 * id, or again as it is here, was sent by an edge that has not heard yet, that lost an answer, or its disk. Told once more,
 * what it knows it does not change.
 */
import type { CustomerId } from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";
import type { ArrivedRecord } from "../intake/source-record.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import type { Resolution } from "./resolve.ts";

export function decideReminders(
  { records, customers }: Pick<Neighbourhood, "records" | "customers">,
  arrived: readonly ArrivedRecord[],
  resolution: Pick<Resolution, "records" | "customers">,
): Decision[] {
  const resolved = new Map(resolution.records.map(({ record, customer }) => [record.id, customer]));
  const told = new Set(
    resolution.customers.flatMap(({ cluster: { customer }, identity }) => [
      customer,
      ...identity.redirects.map(({ from }) => from),
    ]),
  );
  return arrived.flatMap((record): Decision[] => {
    const known = records.get(record.id);
    const customer = resolved.get(record.id) ?? known?.customer;
    if (customer === undefined) return [];
    const { edgeCustomer: from } = record;
    const isAway = from !== customer && !told.has(from);
    const golden = customers.get(customer)?.version ?? 0;
    const isRepeated = known?.clock === record.clock && !told.has(customer) && golden > 0;
    return [
      ...(isAway ? [moveOf(record, customer, customers.get(from)?.redirectTo)] : []),
      ...(isRepeated ? [{ kind: "golden" as const, customer, version: golden }] : []),
    ];
  });
}

function moveOf(
  { edgeCustomer: from, contribution }: ArrivedRecord,
  to: CustomerId,
  redirectTo: CustomerId | null | undefined,
): Decision {
  if (redirectTo === to) return { kind: "redirect", from, to };
  return { kind: "assign", key: contribution.key, from, to };
}
