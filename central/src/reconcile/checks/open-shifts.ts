/**
 * Shifts without a Z. A till has one at a time, and closes it; but a folder that came back from a backup, or went to another
 * store, leaves the one that it had open, and no Z of it will ever come. So it is waited for, and then it is a question.
 */
import { LIMITS } from "@regulars/shared/limits";
import { shiftOf } from "@regulars/shared/shift/shift-id";
import type { Found } from "../found.ts";
import { isTorn } from "./shift-figures.ts";
import { keyOf, placeOf, type RowOf, rowsOfKind, type StoreDay } from "./store-day.ts";

/** When the Z of a shift of the day is waited for no longer. */
const overdueMs = ({ endMs }: Pick<StoreDay, "endMs">, { acceptedMs }: RowOf<"open">): number =>
  Math.max(endMs, acceptedMs) + LIMITS.zWaitMs;

const isOverdue = (day: StoreDay, row: RowOf<"open">): boolean =>
  day.nowMs >= overdueMs(day, row) && !isTorn(day, row.source);

function unclosed(day: StoreDay): RowOf<"open">[] {
  const closed = new Set(
    rowsOfKind(day, "close").map(({ source, event }) => `${source} ${event.shift ?? ""}`),
  );
  return rowsOfKind(day, "open").filter(
    ({ source, event }) => !closed.has(`${source} ${shiftOf(event) ?? ""}`),
  );
}

/** Whose Z is waited for. */
export const openShifts = (day: StoreDay): RowOf<"open">[] =>
  unclosed(day).filter((row) => !isOverdue(day, row));

export const checkUnclosed = (day: StoreDay): Found[] =>
  unclosed(day)
    .filter((row) => isOverdue(day, row))
    .map((row) => ({
      kind: "z_number",
      about: keyOf(row),
      ...placeOf(row),
      currency: null,
      amountMinor: null,
      evidence: { number: row.event.body.number, expected: row.event.body.number, of: "open" },
    }));

/** When the first of what is waited for becomes a question, if anything is. */
export const firstOverdueMs = (day: StoreDay): number | null =>
  unclosed(day)
    .map((row) => overdueMs(day, row))
    .filter((dueMs) => dueMs > day.nowMs)
    .reduce<number | null>((first, dueMs) => Math.min(first ?? Infinity, dueMs), null);
