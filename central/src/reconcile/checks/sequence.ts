/** 1. Numbers: what is missing between stored rows, what is there twice, and what cannot be read. */
import { moneyOf, receiptOf } from "@regulars/shared/events/event";
import type { Found } from "../found.ts";
import {
  type DayRow,
  keyOf,
  placeOf,
  rowsOfKind,
  type StoreDay,
  type Stretch,
} from "./store-day.ts";

interface Gap {
  readonly source: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/**
 * What is missing belongs to the day of the row before it: that row, the next one and the writer's mark tell of the same gap,
 * whichever of them is there. Only what is missing before the first row of a journal belongs to the day of that row.
 */
export function gapsOf({ stretches, writers }: StoreDay): Gap[] {
  return stretches.flatMap((stretch): Gap[] => {
    const { source, epoch, first, last, before } = stretch;
    const end = nextOf(stretch, writers.get(`${source}/${epoch}`)?.journaled ?? 0);
    return [
      ...(before === null && first > 1 ? [{ source, epoch, first: 1, last: first - 1 }] : []),
      ...(end > last + 1 ? [{ source, epoch, first: last + 1, last: end - 1 }] : []),
    ];
  });
}

/** The number of the next row: of the stored one, or of the one after the last that was ever taken. */
const nextOf = ({ last, after }: Stretch, journaled: number): number =>
  after ?? Math.max(last, journaled) + 1;

export const checkGaps = (day: StoreDay): Found[] =>
  gapsOf(day).map(({ source, epoch, first, last }) => ({
    kind: "gap",
    about: `${source}/${epoch}/${first}`,
    source,
    epoch,
    seq: first,
    currency: null,
    amountMinor: null,
    evidence: { missing: last - first + 1, lastSeq: last },
  }));

/** The second of two rows that are one receipt, once, however that can be told. */
export function checkDuplicates(day: StoreDay): Found[] {
  const found = new Map<string, Found>();
  const report = (row: DayRow, how: string, other: string): void => {
    const about = keyOf(row);
    if (!found.has(about)) found.set(about, duplicate(row, how, other));
  };
  const byPlace = new Map(day.rows.map((row) => [keyOf(row), row]));
  for (const repeat of day.repeats) {
    const row = byPlace.get(keyOf(repeat));
    if (row) report(row, "receipt", repeat.other);
  }
  for (const [row, other] of twice(day.rows, originOf)) report(row, "resealed", keyOf(other));
  const voided = new Set(
    rowsOfKind(day, "void").map(({ source, event }) => `${source} ${event.body.voids}`),
  );
  const standing = day.rows.filter(({ source, event }) => {
    const receipt = event && receiptOf(event);
    return receipt !== null && !voided.has(`${source} ${receipt}`);
  });
  for (const [row, other] of twice(standing, contentOf)) report(row, "external_id", keyOf(other));
  return [...found.values()];
}

/** Each row whose name an earlier one has, with that one. */
function twice(rows: readonly DayRow[], nameOf: (row: DayRow) => string | null) {
  const first = new Map<string, DayRow>();
  return rows.flatMap((row): [DayRow, DayRow][] => {
    const name = nameOf(row);
    if (name === null) return [];
    const other = first.get(name);
    if (other) return [[row, other]];
    first.set(name, row);
    return [];
  });
}

/** Where it was first numbered, if it was sealed anew: two rows cannot come from one. */
function originOf({ source, event }: DayRow): string | null {
  const origin = event?.resealed;
  return origin ? `${source}/${origin.epoch}/${origin.seq}` : null;
}

function contentOf({ source, content }: DayRow): string | null {
  return content === null ? null : `${source} ${content}`;
}

function duplicate(row: DayRow, how: string, other: string): Found {
  const receipt = row.event && receiptOf(row.event);
  return {
    kind: "duplicate",
    about: keyOf(row),
    ...placeOf(row),
    ...amountOf(row),
    evidence: { how, other, ...(receipt === null ? {} : { receipt }) },
  };
}

export const checkUnreadable = ({ rows }: StoreDay): Found[] =>
  rows
    .filter(({ quarantined }) => quarantined !== null)
    .map((row) => ({
      kind: "unreadable",
      about: keyOf(row),
      ...placeOf(row),
      ...amountOf(row),
      evidence: { code: row.quarantined },
    }));

function amountOf({ event }: DayRow): Pick<Found, "currency" | "amountMinor"> {
  const money = event && moneyOf(event);
  return { currency: money?.currency ?? null, amountMinor: money?.totalMinor ?? null };
}
