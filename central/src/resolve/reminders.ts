/**
 * Reminders: decisions that the edge was told and seems to have forgotten. A fragment that comes again as it is here was sent
 * by an edge that lost an answer, or its disk; told once more, what it knows it does not change.
 */
import type { Decision } from "@regulars/shared/protocol/publish";
import type { CustomerId } from "@regulars/shared/ids";
import type { ArrivedRecord } from "../intake/source-record.ts";
import type { Neighbourhood } from "./neighbourhood.ts";

export function decideReminders(
  { records, customers }: Pick<Neighbourhood, "records" | "customers">,
  arrived: readonly ArrivedRecord[],
  /** Of whom the edge hears anyway. */
  told: ReadonlySet<CustomerId>,
): Decision[] {
  return arrived.flatMap((record): Decision[] => {
    const known = records.get(record.id);
    if (!known || known.clock !== record.clock) return [];
    const { customer } = known;
    if (told.has(customer)) return [];
    const from = record.edgeCustomer;
    const golden = customers.get(customer)?.version ?? 0;
    return [
      ...(from === customer ? [] : [moveOf(record, customer, customers.get(from)?.redirectTo)]),
      ...(golden === 0 ? [] : [{ kind: "golden" as const, customer, version: golden }]),
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
