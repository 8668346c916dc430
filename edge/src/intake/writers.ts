/** The journals of a shop's accounts: heads, clocks, and rows that are on their way (SYN1). */
import { type JournalRow, seal, type WriterState } from "@regulars/shared/capture/seal";
import type { Draft } from "@regulars/shared/capture/draft";
import { CLOCK_START } from "@regulars/shared/clock";
import type { Account } from "@regulars/shared/connect/account";
import { chainStart } from "@regulars/shared/events/chain";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

export const startWriter = (source: string, epoch: number): WriterState => ({
  epoch,
  seq: 0,
  hash: chainStart(source, epoch),
  clock: CLOCK_START,
  receipts: 0,
});

/** The epoch that is written, of each account that has written any. */
export async function loadWriters(storage: Storage): Promise<Map<string, WriterState>> {
  const rows = await rowsOf(
    storage,
    `select source, epoch, seq, hash, receipts, clock_ms, clock_counter from writer w
     where epoch = (select max(epoch) from writer o where o.source = w.source)`,
  );
  return new Map(rows.map((row) => [textOf(row, "source"), writerOfRow(row)]));
}

const writerOfRow = (row: Row): WriterState => ({
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
  hash: textOf(row, "hash"),
  clock: { ms: numberOf(row, "clock_ms"), counter: numberOf(row, "clock_counter") },
  receipts: numberOf(row, "receipts"),
});

export const writerStatement = (source: string, writer: WriterState): Statement => ({
  sql: `insert into writer (source, epoch, seq, hash, receipts, clock_ms, clock_counter)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (source, epoch) do update
          set seq = excluded.seq, hash = excluded.hash, receipts = excluded.receipts,
            clock_ms = excluded.clock_ms, clock_counter = excluded.clock_counter`,
  args: [
    source,
    writer.epoch,
    writer.seq,
    writer.hash,
    writer.receipts,
    writer.clock.ms,
    writer.clock.counter,
  ],
});

/**
 * The store of an event is where it happened, where that is told; else the shop. The shop's inbox carries it in both cases,
 * and the centre counts it there.
 */
export function sealFor(
  writer: WriterState,
  account: Account,
  { draft, store }: { readonly draft: Draft; readonly store: string | undefined },
  nowMs: number,
): { readonly writer: WriterState; readonly row: JournalRow } {
  const { id, shop, zone, channel } = account;
  return seal(writer, draft, { source: id, store: store ?? shop, zone, channel }, nowMs);
}

export const journalStatement = (
  { event, body, prev, hash }: JournalRow,
  update: FragmentUpdate | null,
): Statement => ({
  sql: `insert into journal (source, epoch, seq, prev, hash, body, updates)
        values (?, ?, ?, ?, ?, ?, ?)`,
  args: [
    event.source,
    event.epoch,
    event.seq,
    prev,
    hash,
    body,
    JSON.stringify(update ? [update] : []),
  ],
});

/** Goes on in another epoch, whose fragments are empty; what is left of this one is still sent. */
export function rolledStatement(source: string, writer: WriterState): Statement {
  const next = { ...startWriter(source, writer.epoch + 1), clock: writer.clock };
  return writerStatement(source, { ...next, receipts: writer.receipts });
}
