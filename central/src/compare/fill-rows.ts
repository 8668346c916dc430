/**
 * Rows that the centre has lost, filled in from the edge. The chain is the proof: a row is taken only where it hashes to what
 * it says, follows the row before it here, and the row after it here follows it.
 */
import type { ComparedRow } from "@regulars/shared/compare/messages";
import { chainHash } from "@regulars/shared/events/chain";
import { numberOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { hexOf } from "../db/packed.ts";
import { type ArrivedRows, dayMarks } from "../intake/day-marks.ts";
import { eventRowOf } from "../intake/event-row.ts";
import { eventStatement } from "../intake/take-events.ts";
import { markDirty } from "../reconcile/dirty.ts";
import { hashBefore, type StoreDay } from "./stretches.ts";

export interface LostRows {
  readonly source: string;
  readonly epoch: number;
  /** Consecutive, as the edge has them. */
  readonly rows: readonly ComparedRow[];
}

export const edgesStatement = (
  { source, epoch }: LostRows,
  first: number,
  last: number,
): Statement => ({
  sql: `select seq, prev, hash from event where source = ? and epoch = ? and seq in (?, ?)`,
  args: [source, epoch, first - 1, last + 1],
});

/** True when all of them are here now. Not to be run beside an intake: what is read decides what is written. */
export async function fillRows(
  storage: Storage,
  { store, businessDay }: StoreDay,
  lost: LostRows,
  nowMs: number,
): Promise<boolean> {
  const [first, last] = [lost.rows[0], lost.rows.at(-1)];
  if (!first || !last || lost.rows.some(({ body }) => body === null)) return false;
  const [neighbours = []] = await storage.read([edgesStatement(lost, first.seq, last.seq)]);
  const hashes = new Map(neighbours.map((row) => [numberOf(row, "seq"), hexOf(row, "hash")]));
  const next = neighbours.find((row) => numberOf(row, "seq") === last.seq + 1);
  if (next && hexOf(next, "prev") !== last.hash) return false;
  let prev = hashBefore(lost, first.seq, hashes);
  const statements: Statement[] = [];
  const filled: ArrivedRows["rows"][number][] = [];
  for (const row of lost.rows) {
    const { body } = row;
    if (body === null || row.prev !== prev || chainHash(row.prev, body) !== row.hash) return false;
    prev = row.hash;
    const { quarantined, ...rest } = row;
    const item = {
      ...rest,
      body,
      source: lost.source,
      epoch: lost.epoch,
      ...(quarantined === null ? {} : { quarantined }),
    };
    const columns = eventRowOf(item);
    filled.push({ item, row: columns });
    statements.push(eventStatement(item, columns, store, nowMs));
  }
  // They may be of other days than the one that was compared: a gap is of the day of the row before it.
  const marks = dayMarks({ store, rows: filled, refused: null }, nowMs);
  await storage.write([...statements, ...marks, markDirty([{ store, businessDay }], nowMs)]);
  return true;
}
