/** Rows of a store-day's journals in their order, with what is missing between them. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { hexOf } from "../../db/packed.ts";
import {
  rowsOfDay,
  type RowKey,
  type RowsAsked,
  storedIn,
  unreadableBetween,
} from "./statements.ts";

export interface JournalRow extends RowKey {
  readonly kind: string | null;
  readonly atMs: number | null;
  readonly acceptedMs: number;
  readonly receivedMs: number;
  readonly offsetMs: number;
  readonly currency: string | null;
  readonly totalMinor: number | null;
  readonly receipt: string | null;
  readonly externalId: string | null;
  readonly flags: readonly string[];
  /** Why it is kept and not used; null of all others. */
  readonly quarantined: string | null;
  readonly hash: string;
}

/** Numbers between two rows of the day. */
export interface Between extends RowKey {
  /** The last of them; `seq` is the first. */
  readonly last: number;
  /** Of these, so many are rows of other days, and so many are not here. */
  readonly others: number;
  readonly missing: number;
}

export type Entry =
  | { readonly is: "row"; readonly row: JournalRow }
  | { readonly is: "between"; readonly between: Between };

export interface RowsPage {
  readonly entries: readonly Entry[];
  /** Of the last row, where there are more. */
  readonly next: RowKey | null;
}

/** Gaps are seen where nothing is filtered away but the terminal. */
export async function readRows(storage: Storage, asked: RowsAsked): Promise<RowsPage> {
  const [found = []] = await storage.read([rowsOfDay({ ...asked, limit: asked.limit + 1 })]);
  const rows = found.slice(0, asked.limit).map(journalRowOf);
  const last = rows.at(-1);
  const next = found.length > asked.limit && last !== undefined ? last : null;
  const isWhole = asked.kind === null && asked.hour === null && !asked.isLate;
  const entries = isWhole
    ? await withBetween(storage, rows, asked.after)
    : rows.map((row): Entry => ({ is: "row", row }));
  return { entries, next: next && { source: next.source, epoch: next.epoch, seq: next.seq } };
}

async function withBetween(
  storage: Storage,
  rows: readonly JournalRow[],
  after: RowKey | null,
): Promise<Entry[]> {
  const jumps = jumpsOf(rows, after);
  if (jumps.length === 0) return rows.map((row) => ({ is: "row", row }));
  const [stored = [], ...unreadable] = await storage.read([
    storedIn(jumps.map(({ source, epoch, seq, last }) => [source, epoch, seq, last])),
    ...spansOf(jumps).map(unreadableBetween),
  ]);
  const counts = new Map(stored.map((row) => [numberOf(row, "at"), numberOf(row, "stored")]));
  const aside = unreadable.flat().map(journalRowOf);
  const between = jumps.flatMap((jump, at): Entry[] => {
    const inside = aside.filter((row) => isInside(row, jump)).length;
    const size = jump.last - jump.seq + 1;
    const missing = size - (counts.get(at) ?? 0);
    const others = size - missing - inside;
    return missing + others === 0 ? [] : [{ is: "between", between: { ...jump, others, missing } }];
  });
  const seen = aside.filter((row) => jumps.some((jump) => isInside(row, jump)));
  return [...[...rows, ...seen].map((row): Entry => ({ is: "row", row })), ...between].toSorted(
    (a, b) => compareKeys(keyOf(a), keyOf(b)),
  );
}

type Jump = RowKey & { readonly last: number };

/** Where a terminal's numbers do not follow each other. */
function jumpsOf(rows: readonly JournalRow[], after: RowKey | null): Jump[] {
  return rows.flatMap((row, at) => {
    const before = rows[at - 1] ?? after;
    if (before?.source !== row.source || before.epoch !== row.epoch) return [];
    if (row.seq === before.seq + 1) return [];
    return [{ source: row.source, epoch: row.epoch, seq: before.seq + 1, last: row.seq - 1 }];
  });
}

/** One per terminal, from its first jump to its last. */
function spansOf(jumps: readonly Jump[]): Jump[] {
  return [...Map.groupBy(jumps, ({ source, epoch }) => `${source}/${epoch}`).values()].flatMap(
    (of) => {
      const [first] = of;
      const last = of.at(-1);
      return first && last ? [{ ...first, last: last.last }] : [];
    },
  );
}

const isInside = (row: RowKey, jump: Jump): boolean =>
  row.source === jump.source &&
  row.epoch === jump.epoch &&
  row.seq >= jump.seq &&
  row.seq <= jump.last;

const keyOf = (entry: Entry): RowKey => (entry.is === "row" ? entry.row : entry.between);

function compareKeys(a: RowKey, b: RowKey): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.epoch - b.epoch || a.seq - b.seq;
}

const PER_READ = 2_000;

/** All of them, up to `LIMITS.fileRows`, for a file. */
export async function readAllRows(
  storage: Storage,
  asked: Omit<RowsAsked, "after" | "limit">,
): Promise<JournalRow[]> {
  const all: JournalRow[] = [];
  let after: RowKey | null = null;
  do {
    const [rows = []]: Row[][] = await storage.read([
      rowsOfDay({ ...asked, after, limit: PER_READ }),
    ]);
    all.push(...rows.map(journalRowOf));
    after = rows.length === PER_READ ? (all.at(-1) ?? null) : null;
  } while (after !== null && all.length < LIMITS.fileRows);
  return all.slice(0, LIMITS.fileRows);
}

const flagsSchema = z.array(z.string());

export function journalRowOf(row: Row): JournalRow {
  const text = (column: string): string | null =>
    row[column] === null ? null : textOf(row, column);
  const number = (column: string): number | null =>
    row[column] === null ? null : numberOf(row, column);
  return {
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    kind: text("kind"),
    atMs: number("at_ms"),
    acceptedMs: numberOf(row, "accepted_ms"),
    receivedMs: numberOf(row, "received_ms"),
    offsetMs: numberOf(row, "offset_ms"),
    currency: text("currency"),
    totalMinor: number("total_minor"),
    receipt: text("receipt"),
    externalId: text("external_id"),
    flags: flagsSchema.parse(JSON.parse(textOf(row, "flags"))),
    quarantined: text("quarantined"),
    hash: hexOf(row, "hash"),
  };
}
