/** The shifts of a store-day, recomputed from their rows by the function that the tills fold them with. */
import type { Compared } from "@regulars/shared/events/close";
import type { Tender } from "@regulars/shared/events/tender";
import { addToFigures, NO_FIGURES, type ShiftFigures } from "@regulars/shared/shift/figures";
import { shiftOf } from "@regulars/shared/shift/shift-id";
import { gapsOf } from "./sequence.ts";
import {
  type DayRow,
  firstOf,
  inOrder,
  type RowOf,
  rowsOfKind,
  type StoreDay,
} from "./store-day.ts";

export interface ClosedShift {
  readonly close: RowOf<"close">;
  readonly rows: readonly DayRow[];
  /** What its rows come to. */
  readonly figures: ShiftFigures;
  /** Rows that its Z counts and that are not here, though nothing here tells of a gap: they are on their way. */
  readonly missing: number;
  /** All that the Z is about is here, so that the two can be held against each other. */
  readonly isWhole: boolean;
}

export function closedShifts(day: StoreDay): ClosedShift[] {
  const byShift = Map.groupBy(day.rows, ({ source, event }) => {
    const shift = event ? shiftOf(event) : null;
    return shift === null ? null : `${source} ${shift}`;
  });
  const paid = paymentsOf(day);
  return rowsOfKind(day, "close").map((close): ClosedShift => {
    const shift = close.event.shift ?? "";
    const rows = byShift.get(`${close.source} ${shift}`) ?? [];
    const figures = figuresOf(rows, paid);
    return { close, rows, figures, ...wholeness(day, close, rows, figures) };
  });
}

/** How a receipt of a terminal was paid, for voids that do not say. */
export type Payments = (source: string, receipt: string) => readonly Tender[];

export function paymentsOf(day: Pick<StoreDay, "rows" | "voided">): Payments {
  const receipts = new Map(
    rowsOfKind(day, "sale", "return", "adjustment").map(({ source, event }) => [
      `${source} ${event.body.receipt}`,
      event.body.tenders,
    ]),
  );
  return (source, receipt) => {
    const here = receipts.get(`${source} ${receipt}`);
    if (here) return here;
    const body = day.voided.get(`${source} ${receipt}`)?.body;
    return body && "tenders" in body ? (body.tenders ?? []) : [];
  };
}

export function figuresOf(rows: readonly DayRow[], paid: Payments): ShiftFigures {
  return rows.reduce((figures, { source, event }) => {
    if (!event) return figures;
    const voided = event.kind === "void" ? paid(source, event.body.voids) : [];
    return addToFigures(figures, event, voided);
  }, NO_FIGURES);
}

/** Rows of the terminal are missing or cannot be read: that is told, and not what follows from it. */
export const isTorn = (day: StoreDay, source: string): boolean =>
  gapsOf(day).some((gap) => gap.source === source) ||
  day.rows.some((row) => row.source === source && row.event === null);

/**
 * In one epoch nothing can be missing but by a gap. A shift that goes on in another epoch may be overtaken by its own end: the
 * rest of the old epoch is sent when there is time (SYN7), and until then the Z counts more than is here.
 */
function wholeness(
  day: StoreDay,
  { source, epoch, event }: RowOf<"close">,
  rows: readonly DayRow[],
  figures: ShiftFigures,
): Pick<ClosedShift, "missing" | "isWhole"> {
  if (isTorn(day, source)) return { missing: 0, isWhole: false };
  const isOpened = rows.some((row) => row.event?.kind === "open");
  const isOneEpoch = isOpened && rows.every((row) => row.epoch === epoch);
  if (isOneEpoch) return { missing: 0, isWhole: true };
  const isCounted = isCountOf(rows, event.body.compared);
  const missing = Math.max(
    event.body.figures.events - figures.events,
    isOpened && isCounted ? 0 : 1,
  );
  return { missing, isWhole: missing === 0 };
}

/** Whether the count that a Z compares is here: it counts as no row of the figures. */
function isCountOf(rows: readonly DayRow[], compared: readonly Compared[]): boolean {
  const counts = rows.flatMap((row) =>
    row.event?.kind === "count" ? [{ first: firstOf(row), counted: row.event.body.counted }] : [],
  );
  const newest = counts.toSorted((a, b) => inOrder(a.first, b.first)).at(-1)?.counted ?? [];
  return compared.every(({ type, currency, countedMinor }) => {
    const same = newest.filter((each) => each.type === type && each.currency === currency);
    return same.reduce((sum, { amountMinor }) => sum + amountMinor, 0) === countedMinor;
  });
}
