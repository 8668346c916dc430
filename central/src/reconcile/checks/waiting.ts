/** What a store-day waits for, and since when, by the times at which the edge has accepted what tells of it. */
import type { Waiting } from "../found.ts";
import { openShifts } from "./open-shifts.ts";
import { closedShifts } from "./shift-figures.ts";
import { unmatchedPayments } from "./settlement.ts";
import { rowsOfKind, type StoreDay } from "./store-day.ts";
import { isAhead } from "./z-report.ts";

export const waitingOf = (day: StoreDay): Waiting[] =>
  [
    ...untilEnd(day),
    ...untilRows(day),
    ...untilZ(day),
    ...untilSeal(day),
    ...untilGolden(day),
    ...untilSettlement(day),
  ].toSorted((a, b) => compare(nameOf(a), nameOf(b)));

const nameOf = (waiting: Waiting): string => `${waiting.for} ${waiting.source ?? ""}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function untilEnd(day: StoreDay): Waiting[] {
  const { rows, nowMs, endMs } = day;
  if (nowMs >= endMs || rowsOfKind(day, "seal").length > 0) return [];
  const sinceMs = rows.reduce((first, { acceptedMs }) => Math.min(first, acceptedMs), nowMs);
  return [{ for: "day_end", source: null, sinceMs, count: null }];
}

/** Rows that a seal, a Z or the number of one tells of. */
function untilRows(day: StoreDay): Waiting[] {
  const missing = [...beyondHeads(day), ...beyondZs(day), ...beyondNumbers(day)];
  return [...Map.groupBy(missing, ({ source }) => source)].map(([source, of]) => ({
    for: "rows",
    source,
    sinceMs: Math.min(...of.map(({ sinceMs }) => sinceMs)),
    // Two may tell of the same rows.
    count: Math.max(...of.map(({ count }) => count)),
  }));
}

interface Missing {
  readonly source: string;
  readonly sinceMs: number;
  readonly count: number;
}

/** Of a seal's heads those that no journal here has come to. */
const beyondHeads = (day: StoreDay): Missing[] =>
  rowsOfKind(day, "seal").flatMap(({ event, acceptedMs }) =>
    event.body.heads.flatMap(({ source, epoch, seq }): Missing[] => {
      const journaled = day.writers.get(`${source}/${epoch}`)?.journaled ?? 0;
      return seq > journaled ? [{ source, sinceMs: acceptedMs, count: seq - journaled }] : [];
    }),
  );

const beyondZs = (day: StoreDay): Missing[] =>
  closedShifts(day).flatMap(({ close, missing }) =>
    missing === 0 ? [] : [{ source: close.source, sinceMs: close.acceptedMs, count: missing }],
  );

const beyondNumbers = (day: StoreDay): Missing[] =>
  rowsOfKind(day, "close", "seal")
    .filter((row) => isAhead(day, row))
    .map(({ source, acceptedMs }) => ({ source, sinceMs: acceptedMs, count: 1 }));

/** Shifts that are open. */
function untilZ(day: StoreDay): Waiting[] {
  return [...Map.groupBy(openShifts(day), ({ source }) => source)].map(([source, rows]) => ({
    for: "z_report",
    source,
    sinceMs: Math.min(...rows.map(({ acceptedMs }) => acceptedMs)),
    count: null,
  }));
}

/** Of a store that seals its days, once this one is over or all of its shifts are closed. */
function untilSeal(day: StoreDay): Waiting[] {
  const isSealed = rowsOfKind(day, "seal").length > 0;
  const closes = rowsOfKind(day, "close");
  const isClosed = closes.length > 0 && untilZ(day).length === 0;
  if (!day.seals || isSealed || (day.nowMs < day.endMs && !isClosed)) return [];
  const sinceMs = isClosed ? Math.max(...closes.map(({ acceptedMs }) => acceptedMs)) : day.endMs;
  return [{ for: "seal", source: null, sinceMs, count: null }];
}

/** Nothing of a quarantined row is waited for: it is told of as one (SYN6). */
function untilGolden(day: StoreDay): Waiting[] {
  const rows = day.rows.filter(
    ({ source, epoch, seq, quarantined }) =>
      quarantined === null && seq > (day.writers.get(`${source}/${epoch}`)?.golden ?? 0),
  );
  if (rows.length === 0) return [];
  const sinceMs = rows.reduce((first, { acceptedMs }) => Math.min(first, acceptedMs), day.nowMs);
  return [{ for: "golden", source: null, sinceMs, count: rows.length }];
}

function untilSettlement(day: StoreDay): Waiting[] {
  const { firstDay, lines } = day.settlement;
  const isExpected = firstDay !== null && firstDay <= day.businessDay && day.nowMs >= day.endMs;
  // A processor may book all of a short day on the next one.
  const hasFile = lines.some(({ businessDay }) => businessDay === day.businessDay);
  if (!isExpected || hasFile || unmatchedPayments(day).length === 0) return [];
  return [{ for: "settlement", source: null, sinceMs: day.endMs, count: null }];
}
