/** Events in quarantine, read by today's reader: their columns are filled in, and they count (SYN6). */
import { fragmentIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { bodyOf } from "../db/event-body.ts";
import { hexOf } from "../db/packed.ts";
import { type ArrivedEvent, type EventRow, eventRowOf } from "../intake/event-row.ts";
import { markAround, markRows } from "../reconcile/dirty.ts";

export interface ReadAnew {
  readonly statements: readonly Statement[];
  /** Those that are in quarantine no more. */
  readonly released: readonly ArrivedEvent[];
}

/** A row of `event` as it arrived, without the word that it was set aside. */
export const arrivedOf = (row: Row): ArrivedEvent => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
  prev: hexOf(row, "prev"),
  hash: hexOf(row, "hash"),
  body: bodyOf(row),
  acceptedAtMs: numberOf(row, "accepted_ms"),
});

/**
 * An event that names a customer waits for its fragment: the golden mark has passed it long ago, and must not say of
 * it what is not so. Until then it has its key and its reason, and `releaseStatement` lets it go.
 */
export async function readAnew(
  storage: Storage,
  items: readonly ArrivedEvent[],
  nowMs: number,
): Promise<ReadAnew> {
  const readable = items
    .map((item) => ({ item, row: eventRowOf(item) }))
    .filter(({ row }) => row.quarantined === null);
  const reached = await readReached(storage, readable);
  const released: ArrivedEvent[] = [];
  const filled = readable.map(({ item, row }) => {
    const isReleased = row.key === null || (reached.get(recordOf(item, row.key)) ?? 0) >= item.seq;
    if (isReleased) released.push(item);
    return fillStatement(item, row, isReleased);
  });
  // Where they stood without a day, and where they stand now.
  const places = readable.map(({ item }) => item);
  const dueMs = nowMs + LIMITS.checkGapMs;
  const marks = [markAround(places, dueMs), markRows(places, dueMs)];
  return { statements: filled.length === 0 ? [] : [...filled, ...marks], released };
}

const recordOf = ({ source, epoch }: ArrivedEvent, key: string): string =>
  fragmentIdOf(source, epoch, key);

/** By source record: the last event that it includes. */
async function readReached(
  storage: Storage,
  readable: readonly { readonly item: ArrivedEvent; readonly row: EventRow }[],
): Promise<ReadonlyMap<string, number>> {
  const ids = readable.flatMap(({ item, row }) =>
    row.key === null ? [] : recordOf(item, row.key),
  );
  if (ids.length === 0) return new Map();
  const rows = await rowsOf(
    storage,
    "select id, seq from source_record where id in (select value from json_each(?))",
    [JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [textOf(row, "id"), numberOf(row, "seq")]));
}

function fillStatement(item: ArrivedEvent, row: EventRow, isReleased: boolean): Statement {
  return {
    sql: `update event set kind = ?, key = ?, business_day = ?, at_ms = ?, currency = ?,
            total_minor = ?, receipt = ?, external_id = ?, flags = ?, tenders = ?, stamp_ahead_ms = ?,
            stamp_counter = ?,
            quarantined = ${isReleased ? "null" : "quarantined"}
          where source = ? and epoch = ? and seq = ? and quarantined is not null`,
    args: [
      row.kind, row.key, row.businessDay, row.atMs, row.currency,
      row.totalMinor, row.receipt, row.externalId, JSON.stringify(row.flags),
      row.tenders, row.stampAheadMs, row.stampCounter,
      item.source, item.epoch, item.seq,
    ], // prettier-ignore
  };
}

/** Those of these writers that were read anew and whose fragments have come; in the write that brings the fragments. */
export function releaseStatement(
  writers: readonly { readonly source: string; readonly epoch: number }[],
): Statement {
  return {
    sql: `update event set quarantined = null
          where quarantined is not null and key is not null
            and (source, epoch) in (select value ->> 0, value ->> 1 from json_each(?))
            and exists (select 1 from source_record r
              where r.id = event.source || '/' || event.epoch || '/' || event.key
                and r.seq >= event.seq)`,
    args: [JSON.stringify(writers.map(({ source, epoch }) => [source, epoch]))],
  };
}
