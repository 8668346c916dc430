/** Sealing: a draft becomes an event with its number, its stamp and its place in the chain (SYN1). */
import { type ClockState, stampOf, tick } from "../clock.ts";
import { sha256Hex } from "../digest.ts";
import { chainText } from "../events/chain.ts";
import { receiptOf, type RegularsEvent } from "../events/event.ts";
import { writerOf } from "../ids.ts";
import type { Draft } from "./draft.ts";

/** Where all events of a writer happen. */
export interface Place {
  readonly source: string;
  readonly store: string;
  /** IANA zone of the store. */
  readonly zone: string;
  /** A till where nothing is said. */
  readonly channel?: RegularsEvent["channel"];
}

/** Head of one writer's journal, its clock and its receipt counter. */
export interface WriterState {
  readonly epoch: number;
  /** Number and hash of the last row; 0 and the chain's start before the first. */
  readonly seq: number;
  readonly hash: string;
  readonly clock: ClockState;
  /** Receipt numbers given out by this source, as far as its writer knows: they go on from epoch to epoch. */
  readonly receipts: number;
}

export interface JournalRow {
  readonly event: RegularsEvent;
  /** The event as text: the bytes that the hash covers and that every hop carries. */
  readonly body: string;
  readonly prev: string;
  readonly hash: string;
}

/** `digest`: SHA-256 in hex digits. */
export function seal(
  writer: WriterState,
  draft: Draft,
  { source, store, zone, channel = "till" }: Place,
  stampMs: number,
  digest: (text: string) => string = sha256Hex,
): { readonly writer: WriterState; readonly row: JournalRow } {
  const clock = tick(writer.clock, stampMs);
  const seq = writer.seq + 1;
  const event: RegularsEvent = {
    source,
    epoch: writer.epoch,
    seq,
    stamp: stampOf(clock, writerOf(source, writer.epoch)),
    zone,
    store,
    channel,
    ...draft,
  };
  const body = JSON.stringify(event);
  const hash = digest(chainText(writer.hash, body));
  const receipts = writer.receipts + (receiptOf(event) === null ? 0 : 1);
  return {
    writer: { ...writer, seq, hash, clock, receipts },
    row: { event, body, prev: writer.hash, hash },
  };
}
