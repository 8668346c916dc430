/**
 * Rolling: the epoch that is being written is closed at its last row, and the next one begins (SYN3). Costs nothing:
 * closed epochs go on being sent, receipt numbers go on being counted.
 */
import type { WriterState } from "@regulars/shared/capture/seal";
import { CLOCK_START } from "@regulars/shared/clock";
import { chainStart } from "@regulars/shared/events/chain";
import { RESEALED_EPOCHS } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { loadWriter } from "./writer.ts";

/** Why an epoch is closed. */
export const CLOSED = [
  /** The database came back from a backup. */
  "restored",
  /** The edge knows another life of this journal: a copy of this disk, or this disk before a restore. */
  "fenced",
  /** Another machine's rows took the numbers of this one's. */
  "fork",
  /** Holds such rows, sealed anew. */
  "resealed",
  /** A row of it, or a fragment that it writes, is not what was written. */
  "damaged",
  /** The terminal went to another store. */
  "moved",
  /** Its clock had run ahead of the time. */
  "clock",
  /** A long time without network: the sales of now are not to wait behind those of then. */
  "backlog",
] as const;
export type Closed = (typeof CLOSED)[number];

export interface Roll {
  readonly source: string;
  /** The epoch that is to be closed. */
  readonly epoch: number;
  readonly reason: Closed;
  /** The store of the next epoch. */
  readonly store: string;
  /** The lowest number that the next epoch may have. */
  readonly nextEpoch?: number | undefined;
}

/** Nothing to do when the epoch is closed already: push and pull may hear of the same thing at the same moment. */
export async function rollStatements(storage: Storage, roll: Roll): Promise<Statement[]> {
  const writer = await loadWriter(storage);
  if (writer.epoch !== roll.epoch) return [];
  const epoch = await freeEpoch(storage, roll.nextEpoch);
  return [closeStatement(writer, roll.reason), openStatement(roll, epoch, writer)];
}

/** A number that no epoch here has had, and none of the source that anybody has told of. */
export async function freeEpoch(storage: Storage, least = 1): Promise<number> {
  const [row] = await rowsOf(
    storage,
    "select coalesce(max(epoch), 0) + 1 as next from writer where epoch < ?",
    [RESEALED_EPOCHS],
  );
  return Math.max(least, row ? numberOf(row, "next") : 1);
}

export const closeStatement = ({ epoch }: WriterState, reason: Closed): Statement => ({
  sql: "update writer set closed = ? where epoch = ? and closed is null",
  args: [reason, epoch],
});

/** The next epoch's clock goes on from the last one's, unless that one was wrong. */
export function openStatement(
  { source, store, reason }: Pick<Roll, "source" | "store" | "reason">,
  epoch: number,
  { receipts, clock }: Pick<WriterState, "receipts" | "clock">,
): Statement {
  const from = reason === "clock" ? CLOCK_START : clock;
  return {
    sql: `insert into writer (epoch, store, seq, hash, receipts, clock_ms, clock_counter)
          values (?, ?, 0, ?, ?, ?, ?)`,
    args: [epoch, store, chainStart(source, epoch), receipts, from.ms, from.counter],
  };
}
