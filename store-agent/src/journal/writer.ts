/** The writer of this folder, (source, epoch): head of its journal, its clock and its receipt counter. */
import type { WriterState } from "@regulars/shared/capture/seal";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

/** The epoch that is being written; the others are closed. */
export async function loadWriter(storage: Storage): Promise<WriterState> {
  const [row] = await rowsOf(
    storage,
    `select epoch, seq, hash, receipts, clock_ms, clock_counter
     from writer where closed is null order by epoch desc limit 1`,
  );
  if (!row) throw new Error("the database has no open epoch; it was not opened by openWriter");
  return writerOfRow(row);
}

export async function loadEpoch(storage: Storage, epoch: number): Promise<WriterState> {
  const [row] = await rowsOf(
    storage,
    `select epoch, seq, hash, receipts, clock_ms, clock_counter from writer where epoch = ?`,
    [epoch],
  );
  if (!row) throw new Error("the epoch is not there");
  return writerOfRow(row);
}

function writerOfRow(row: Row): WriterState {
  return {
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    hash: textOf(row, "hash"),
    clock: { ms: numberOf(row, "clock_ms"), counter: numberOf(row, "clock_counter") },
    receipts: numberOf(row, "receipts"),
  };
}

export function writerStatement(writer: WriterState): Statement {
  return {
    sql: `update writer set seq = ?, hash = ?, receipts = ?, clock_ms = ?, clock_counter = ?
          where epoch = ?`,
    args: [
      writer.seq,
      writer.hash,
      writer.receipts,
      writer.clock.ms,
      writer.clock.counter,
      writer.epoch,
    ],
  };
}

/** The number that the next receipt gets. */
export function nextReceipt(source: string, writer: WriterState): string {
  return `${source}-${writer.epoch}-${String(writer.receipts + 1).padStart(6, "0")}`;
}
