/** Potential matches worked out from all that is stored, the plainest way: what the table has to hold after every write. */
import { type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { activityText } from "../db/packed-columns.ts";
import { activitySchema } from "../golden/golden.ts";
import { POTENTIAL_REASONS, priorityOf, REASON_BITS } from "../resolve/potential-priority.ts";
import { recordsOfText } from "../steward/plan.ts";

export interface Expected {
  readonly customers: string;
  readonly records: string;
  readonly reasons: readonly string[];
  readonly weight: number | null;
  readonly priority: number;
}

export async function potentialExpected(storage: Storage): Promise<Expected[]> {
  const [units, pairs, refusals, customers] = await Promise.all([
    rowsOf(storage, "select id, customer, first_record from unit"),
    rowsOf(storage, "select a, b, weight from pair"),
    rowsOf(storage, "select a, b, weight, reason from refusal where resolved_ms is null"),
    rowsOf(storage, "select id, as_of, activity from customer where activity is not null"),
  ]);
  const unitOf = new Map(units.map((row) => [textOf(row, "id"), row]));
  const weightOf = new Map(pairs.map((row) => [nameOf(row, "a", "b"), row["weight"]]));
  const salesOf = new Map(customers.map((row) => [textOf(row, "id"), salesIn(row)]));
  const apart = new Set(await decidedApart(storage));
  const asked = refusals.filter(({ reason }) => POTENTIAL_REASONS.some((each) => each === reason));
  const found = new Map<string, { records: string; weight: number | null; reasons: Set<string> }>();
  const probable = pairs.map((pair): Row => ({ ...pair, reason: "probability" }));
  for (const row of [...probable, ...asked]) {
    const [a, b] = [unitOf.get(textOf(row, "a")), unitOf.get(textOf(row, "b"))];
    if (!a || !b || a["customer"] === b["customer"]) continue;
    const ends = [a, b].toSorted((x, y) => (textOf(x, "customer") < textOf(y, "customer") ? -1 : 1)); // prettier-ignore
    const name = ends.map((end) => textOf(end, "customer")).join(" ");
    if (apart.has(name)) continue;
    const own = row["weight"] ?? weightOf.get(nameOf(row, "a", "b")) ?? null;
    const weight = own === null ? null : Number(own);
    const records = ends.map((end) => textOf(end, "first_record")).join(" ");
    const known = found.get(name);
    const reasons = (known?.reasons ?? new Set()).add(String(row["reason"]));
    const isBetter =
      !known ||
      (weight ?? -1e9) > (known.weight ?? -1e9) ||
      (weight === known.weight && records < known.records);
    found.set(name, isBetter ? { records, weight, reasons } : { ...known, reasons });
  }
  return [...found]
    .map(([name, { records, weight, reasons }]) => {
      const [one = "", two = ""] = name.split(" ");
      const told = REASON_BITS.filter((reason) => reasons.has(reason)).toSorted();
      const sales = [salesOf.get(one) ?? 0, salesOf.get(two) ?? 0] as const;
      const priority = priorityOf({ weight, reasons: told, sales });
      return { customers: name, records, reasons: told, weight, priority };
    })
    .toSorted((x, y) => y.priority - x.priority || (x.customers < y.customers ? -1 : 1));
}

const nameOf = (row: Row, one: string, two: string): string =>
  [textOf(row, one), textOf(row, two)].toSorted().join(" ");

function salesIn(row: Row): number {
  const { totals } = activitySchema.parse(JSON.parse(activityText(row)));
  return Object.values(totals).reduce((sum, { sales }) => sum + sales, 0);
}

/** Names of the customers whose records a standing decision keeps apart. */
async function decidedApart(storage: Storage): Promise<string[]> {
  const decisions = await rowsOf(
    storage,
    "select a, b from steward_decision where kind = 'different' and undone_ms is null",
  );
  const records = await rowsOf(storage, "select id, customer from source_record");
  const customerOf = new Map(records.map((row) => [textOf(row, "id"), textOf(row, "customer")]));
  const sideOf = (row: Row, side: string) =>
    recordsOfText(textOf(row, side)).map((id) => customerOf.get(id) ?? "");
  return decisions.flatMap((row) =>
    sideOf(row, "a").flatMap((a) => sideOf(row, "b").map((b) => [a, b].toSorted().join(" "))),
  );
}
