/** The queries of a store-day: all by index, all bounded. */
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import { bodyColumns } from "../../db/event-body.ts";

/** One row per terminal and epoch with rows of the day. */
export const terminalsOfDay = (store: string, day: string): Statement => ({
  sql: `select t.*, w.golden, w.journaled, w.zone from (
          select source, epoch, count(*) as rows_of_day, min(seq) as first, max(seq) as last,
            max(accepted_ms) as accepted_ms, min(offset_ms) as offset_least, max(offset_ms) as offset_most,
            sum(kind = 'sale') as sales, sum(kind = 'return') as returns,
            sum(quarantined is not null) as quarantined
          from event where store = ? and business_day = ? group by source, epoch) t
        left join writer w on w.source = t.source and w.epoch = t.epoch
        order by t.source, t.epoch`,
  args: [store, day],
});

/** What tells of shifts and of the day's close, and what came after it. */
export const notableOfDay = (store: string, day: string): Statement => ({
  sql: `select ${bodyColumns()}, kind, accepted_ms, flags
        from event where store = ? and business_day = ? and quarantined is null
          and (kind in ('open', 'count', 'close', 'seal') or flags like '%"late"%')
        order by source, epoch, seq limit ?`,
  args: [store, day, LIMITS.dayNotableRows],
});

/** What moves money through an open shift's drawer, be it in a later epoch; the shift itself stands in the bodies. */
export const rowsOfShift = (of: {
  readonly store: string;
  readonly day: string;
  readonly source: string;
  readonly epoch: number;
  readonly fromSeq: number;
}): Statement => ({
  sql: `select ${bodyColumns()} from event
        where store = ? and business_day = ? and source = ? and (epoch, seq) >= (?, ?) and quarantined is null
          and kind in ('open', 'sale', 'return', 'void', 'adjustment', 'drawer')
        order by epoch, seq limit ?`,
  args: [of.store, of.day, of.source, of.epoch, of.fromSeq, LIMITS.openShiftRows + 1],
});

/** Hashes of rows by their keys: `[source, epoch, seq]` each. */
export const hashesOf = (
  keys: readonly (readonly [source: string, epoch: number, seq: number])[],
): Statement => ({
  sql: `select e.source, e.epoch, e.seq, e.hash from json_each(?) k
        cross join event e on e.source = k.value ->> 0 and e.epoch = k.value ->> 1 and e.seq = k.value ->> 2`,
  args: [JSON.stringify(keys)],
});

export const exceptionsOfDay = (store: string, day: string): Statement => ({
  sql: `select n, kind, severity, source, epoch, seq, currency, amount_minor, state, assignee, opened_ms
        from exception where store = ? and business_day = ? order by n limit ?`,
  args: [store, day, LIMITS.dayNotableRows],
});

export interface RowsAsked {
  readonly store: string;
  readonly day: string;
  /** One terminal's journal, or null for all. */
  readonly source: string | null;
  readonly epoch: number | null;
  readonly kind: string | null;
  /** Of the store's clock, with how far that is ahead of UTC. */
  readonly hour: { readonly hour: number; readonly offsetMs: number } | null;
  /** Only what came after its day's Z. */
  readonly isLate: boolean;
  /** Of the last row of the page before. */
  readonly after: RowKey | null;
  readonly limit: number;
}

export interface RowKey {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
}

const HOUR_MS = 3_600_000;

/** In the order of the index: terminal, epoch, number. */
export function rowsOfDay(asked: RowsAsked): Statement {
  const { store, day, source, epoch, kind, hour, isLate, after, limit } = asked;
  const parts: readonly (readonly [sql: string, args: readonly (string | number)[]])[] = [
    ["store = ? and business_day = ?", [store, day]],
    ...(source === null ? [] : [["source = ?", [source]] as const]),
    ...(epoch === null ? [] : [["epoch = ?", [epoch]] as const]),
    ...(after === null ? [] : [afterPart(after, source !== null && epoch !== null)]),
    ...(kind === null ? [] : [["kind = ?", [kind]] as const]),
    ...(isLate ? [[`flags like '%"late"%'`, []] as const] : []),
    ...(hour === null
      ? []
      : [[`(at_ms + ?) / ${HOUR_MS} % 24 = ?`, [hour.offsetMs, hour.hour]] as const]),
  ];
  return {
    sql: `select ${ROW_COLUMNS} from event where ${parts.map(([sql]) => sql).join(" and ")}
          order by source, epoch, seq limit ?`,
    args: [...parts.flatMap(([, args]) => args), limit],
  };
}

const afterPart = ({ source, epoch, seq }: RowKey, isOne: boolean) =>
  isOne
    ? (["seq > ?", [seq]] as const)
    : (["(source, epoch, seq) > (?, ?, ?)", [source, epoch, seq]] as const);

const ROW_COLUMNS = `source, epoch, seq, kind, at_ms, accepted_ms, received_ms, offset_ms, currency, total_minor, receipt,
            external_id, flags, quarantined, hash`;

/** Rows that nobody could read have no day; between two rows of the day they are of its journal. */
export const unreadableBetween = (of: RowKey & { readonly last: number }): Statement => ({
  sql: `select ${ROW_COLUMNS} from event indexed by event_quarantined
        where source = ? and epoch = ? and quarantined is not null and business_day is null
          and seq between ? and ? order by seq limit ?`,
  args: [of.source, of.epoch, of.seq, of.last, LIMITS.pageRows],
});

/** How many rows are stored in each range `[source, epoch, first, last]`. */
export const storedIn = (
  ranges: readonly (readonly [source: string, epoch: number, first: number, last: number])[],
): Statement => ({
  sql: `select r.key as at, (select count(*) from event e where e.source = r.value ->> 0
            and e.epoch = r.value ->> 1 and e.seq between r.value ->> 2 and r.value ->> 3) as stored
        from json_each(?) r order by r.key`,
  args: [JSON.stringify(ranges)],
});

export const oneRow = ({ source, epoch, seq }: RowKey): Statement => ({
  sql: `select ${ROW_COLUMNS}, store, key, business_day, prev, body from event
        where source = ? and epoch = ? and seq = ?`,
  args: [source, epoch, seq],
});
