/** Lines of settlement files and payments of days close by, as far as a store-day has to do with them. */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { cardPayments } from "../checks/card-payments.ts";
import type {
  CardPayment,
  SettlementFacts,
  SettlementLine,
  StoreDay,
} from "../checks/store-day.ts";
import { dayColumns, dayRowOf } from "./read-rows.ts";

export const firstDayQuery = (store: string): Statement => ({
  sql: "select min(business_day) as day from settlement_line where store = ?1",
  args: [store],
});

const LINE = "l.file, l.line, l.business_day, l.batch, l.reference, l.currency, l.amount_minor";

export const linesOfDay = (store: string, businessDay: string): Statement => ({
  sql: `select ${LINE} from settlement_line l where l.store = ?1 and l.business_day = ?2`,
  args: [store, businessDay],
});

export const linesByReference = (
  store: string,
  businessDay: string,
  references: readonly string[],
): Statement => ({
  sql: `select ${LINE} from json_each(?3) k
    cross join settlement_line l indexed by settlement_line_reference on l.reference = k.value
    where l.store = ?1 and l.business_day <> ?2
      and l.business_day between date(?2, '-${LIMITS.settlementDays} days')
        and date(?2, '+${LIMITS.settlementDays} days')`,
  args: [store, businessDay, JSON.stringify(references)],
});

/** Rows of days close by that name one of these references: those days are read for it, so it is asked for few. */
export const rowsByReference = (
  store: string,
  businessDay: string,
  references: readonly string[],
): Statement => ({
  sql: `select distinct ${dayColumns("e")}
    from event e indexed by event_day
    cross join json_each(e.tenders) t
    where e.store = ?1 and e.business_day <> ?2
      and e.business_day between date(?2, '-${LIMITS.settlementDays} days')
        and date(?2, '+${LIMITS.settlementDays} days')
      and e.kind in ('sale', 'return', 'adjustment', 'void')
      and t.value ->> 'reference' in (select value from json_each(?3))`,
  args: [store, businessDay, JSON.stringify(references)],
});

export async function readSettlement(
  storage: Storage,
  day: Pick<StoreDay, "store" | "businessDay" | "rows" | "voided">,
): Promise<SettlementFacts> {
  const { store, businessDay } = day;
  const [[first] = []] = await storage.read([firstDayQuery(store)]);
  const firstDay = first && first["day"] !== null ? textOf(first, "day") : null;
  if (firstDay === null) return { firstDay, lines: [], others: [] };
  const payments = cardPayments(day);
  const references = [...new Set(payments.flatMap(({ reference }) => reference ?? []))];
  const [ofDay = [], near = []] = await storage.read([
    linesOfDay(store, businessDay),
    linesByReference(store, businessDay, references),
  ]);
  const own = [...ofDay, ...near].map((row) => lineOf(row));
  const uneven = unevenReferences(payments, own);
  if (uneven.length === 0) return { firstDay, lines: own, others: [] };
  const [rows = [], more = []] = await storage.read([
    rowsByReference(store, businessDay, uneven),
    linesByReference(store, businessDay, uneven),
  ]);
  const known = new Set(own.map((line) => `${line.file}/${line.line}`));
  const others = rows.flatMap((row) =>
    cardPayments({
      rows: [dayRowOf(row)],
      voided: day.voided,
      businessDay: textOf(row, "business_day"),
    }),
  );
  return {
    firstDay,
    lines: [
      ...own,
      ...more.map((row) => lineOf(row)).filter((line) => !known.has(`${line.file}/${line.line}`)),
    ],
    others: others.filter(({ reference }) => reference !== null && uneven.includes(reference)),
  };
}

/** References with lines that do not come out even with the day's own payments: some of them are of other days. */
function unevenReferences(
  payments: readonly CardPayment[],
  lines: readonly SettlementLine[],
): string[] {
  const sums = new Map<string, number>();
  const count = (reference: string, by: number): void => {
    sums.set(reference, (sums.get(reference) ?? 0) + by);
  };
  for (const { reference } of payments) if (reference !== null) count(reference, 1);
  for (const { reference } of lines) count(reference, -1);
  return [...new Set(lines.map(({ reference }) => reference))].filter(
    (reference) => sums.get(reference) !== 0,
  );
}

const lineOf = (row: Row): SettlementLine => ({
  file: numberOf(row, "file"),
  line: numberOf(row, "line"),
  businessDay: textOf(row, "business_day"),
  batch: row["batch"] === null ? null : textOf(row, "batch"),
  reference: textOf(row, "reference"),
  currency: textOf(row, "currency"),
  amountMinor: numberOf(row, "amount_minor"),
});
