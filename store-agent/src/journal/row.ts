/** One row of the journal: an event sealed with its number, its stamp and its place in the chain (SYN1). */
import { stampOf, tick } from "@regulars/shared/clock";
import { chainHash } from "@regulars/shared/events/chain";
import { moneyOf, receiptOf, type RegularsEvent } from "@regulars/shared/events/event";
import { writerOf } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import type { WriterState } from "./writer.ts";

/** Where all events of this agent happen. */
export interface Place {
  readonly source: string;
  readonly store: string;
  /** IANA zone of the store. */
  readonly zone: string;
}

/** An event before it has a number: what a capture decides. */
export type Draft = RegularsEvent extends infer Event
  ? Event extends RegularsEvent
    ? Pick<Event, "kind" | "at" | "businessDay" | "subject" | "flags" | "body">
    : never
  : never;

export interface JournalRow {
  readonly event: RegularsEvent;
  /** The event as text: the bytes that the hash covers and that every hop carries. */
  readonly body: string;
  readonly prev: string;
  readonly hash: string;
}

export function seal(
  writer: WriterState,
  draft: Draft,
  place: Place,
  stampMs: number,
): { readonly writer: WriterState; readonly row: JournalRow } {
  const clock = tick(writer.clock, stampMs);
  const seq = writer.seq + 1;
  const event: RegularsEvent = {
    source: place.source,
    epoch: writer.epoch,
    seq,
    stamp: stampOf(clock, writerOf(place.source, writer.epoch)),
    zone: place.zone,
    store: place.store,
    channel: "till",
    ...draft,
  };
  const body = JSON.stringify(event);
  const hash = chainHash(writer.hash, body);
  const receipts = writer.receipts + (receiptOf(event) === null ? 0 : 1);
  return {
    writer: { ...writer, seq, hash, clock, receipts },
    row: { event, body, prev: writer.hash, hash },
  };
}

export function journalStatement(
  row: JournalRow,
  captured: {
    readonly ms: number;
    readonly online: boolean;
    readonly idempotencyKey: string | undefined;
  },
): Statement {
  const { event } = row;
  const money = moneyOf(event);
  return {
    sql: `insert into journal (epoch, seq, kind, subject, receipt, external_id, voids, currency,
            total_minor, idempotency_key, captured_ms, online, prev, hash, body)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      event.epoch,
      event.seq,
      event.kind,
      event.subject[0] ?? null,
      receiptOf(event),
      "externalId" in event.body ? (event.body.externalId ?? null) : null,
      event.kind === "void" ? event.body.voids : null,
      money?.currency ?? null,
      money?.totalMinor ?? null,
      captured.idempotencyKey ?? null,
      captured.ms,
      captured.online ? 1 : 0,
      row.prev,
      row.hash,
      row.body,
    ],
  };
}
