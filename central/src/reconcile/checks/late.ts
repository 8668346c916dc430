/** 6. Late arrivals: what was posted to a day after its Z, which stays as it is; the day comes to the Z and its amendments (REC1). */
import { moneyOf } from "@regulars/shared/events/event";
import type { Found } from "../found.ts";
import { type DayRow, firstOf, inOrder, placeOf, rowsOfKind, type StoreDay } from "./store-day.ts";

export interface Late {
  readonly row: DayRow;
  readonly currency: string;
  readonly totalMinor: number;
}

/** Receipts and voids in no shift that their till calls late, or that come after its Z of the day. */
export function lateRows(day: StoreDay): Late[] {
  const closes = rowsOfKind(day, "close");
  return day.rows.flatMap((row): Late[] => {
    const { event } = row;
    const money = event && moneyOf(event);
    if (!event || !money || event.shift !== undefined) return [];
    const isAfter = closes.some((close) => close.source === row.source && isBefore(close, row));
    return isAfter || event.flags.includes("late") ? [{ row, ...money }] : [];
  });
}

const isBefore = (a: DayRow, b: DayRow): boolean => inOrder(firstOf(a), firstOf(b)) < 0;

/** One per terminal and currency, at its first such row. */
export function checkLate(day: StoreDay): Found[] {
  const groups = Map.groupBy(
    lateRows(day),
    ({ row, currency }) => `${row.source}/${currency}` as const,
  );
  return [...groups].flatMap(([about, late]): Found[] => {
    const [first] = late;
    if (!first) return [];
    const { currency, row } = first;
    const amountMinor = late.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    const zMinor = netOfZs(day, row.source, currency);
    return [
      {
        kind: "late_sale",
        about,
        ...placeOf(row),
        currency,
        amountMinor,
        evidence: {
          count: late.length,
          ...(zMinor === null ? {} : { zMinor, amendedMinor: zMinor + amountMinor }),
        },
      },
    ];
  });
}

/** What the terminal's Zs of the day report in a currency; null where it has none. */
function netOfZs(day: StoreDay, source: string, currency: string): number | null {
  const closes = rowsOfKind(day, "close").filter((close) => close.source === source);
  if (closes.length === 0) return null;
  return closes.reduce((sum, { event }) => {
    const of = event.body.figures.currencies[currency];
    return of ? sum + of.salesMinor + of.returnsMinor + of.voidsMinor + of.adjustmentsMinor : sum;
  }, 0);
}
