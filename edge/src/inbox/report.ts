/** What an inbox says of itself to whoever watches: numbers and names of terminals, nothing of customers (SEC2). */
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { itemIdSql } from "./item-id.ts";

export interface TerminalReport {
  readonly source: string;
  readonly epoch: number;
  /** The till has begun another one. */
  readonly closed: boolean;
  readonly accepted: number;
  readonly merged: number;
  readonly golden: number;
  /** When the oldest row was accepted here that has not come so far; null when all have. */
  readonly notMergedSinceMs: number | null;
  readonly notGoldenSinceMs: number | null;
  readonly lastSeenMs: number;
  /** How far the till's clock was ahead at its last push. */
  readonly clockOffsetMs: number;
  /** Rows that came under the number of another one. */
  readonly forks: number;
  /** How often another life of the journal was turned away. */
  readonly fenced: number;
}

export interface InboxReport {
  readonly terminals: readonly TerminalReport[];
  /** Items that are kept whole and merged nowhere, by reason. */
  readonly quarantined: Readonly<Record<string, number>>;
  /** Fragments that are asked for whole. */
  readonly needed: number;
}

export async function reportOf(storage: Storage): Promise<InboxReport> {
  const rows = await rowsOf(
    storage,
    `select m.source, m.epoch, m.closed, m.accepted, m.merged, m.golden, m.seen_ms, m.offset_ms,
       m.forks, m.fenced,
       (select i.accepted_ms from item i where i.id = ${itemIdSql("m.n", "m.merged + 1")}) as not_merged,
       (select i.accepted_ms from item i where i.id = ${itemIdSql("m.n", "m.golden + 1")}) as not_golden
     from mark m order by m.source, m.epoch`,
  );
  const reasons = await rowsOf(
    storage,
    `select code, count(*) as items from (
       select code from item where code is not null union all select code from quarantine)
     group by code order by code`,
  );
  const [need] = await rowsOf(storage, "select count(*) as needed from need");
  return {
    terminals: rows.map((row) => ({
      source: textOf(row, "source"),
      epoch: numberOf(row, "epoch"),
      closed: numberOf(row, "closed") === 1,
      accepted: numberOf(row, "accepted"),
      merged: numberOf(row, "merged"),
      golden: numberOf(row, "golden"),
      notMergedSinceMs: moment(row["not_merged"]),
      notGoldenSinceMs: moment(row["not_golden"]),
      lastSeenMs: numberOf(row, "seen_ms"),
      clockOffsetMs: numberOf(row, "offset_ms"),
      forks: numberOf(row, "forks"),
      fenced: numberOf(row, "fenced"),
    })),
    quarantined: Object.fromEntries(
      reasons.map((row) => [textOf(row, "code"), numberOf(row, "items")]),
    ),
    needed: need ? numberOf(need, "needed") : 0,
  };
}

/** One item that is kept whole: who sent it, under which number, and why it is of no use. */
export interface QuarantinedItem {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly code: string;
  readonly sinceMs: number;
}

export async function quarantineOf(storage: Storage, max: number): Promise<QuarantinedItem[]> {
  const rows = await rowsOf(
    storage,
    `select source, epoch, seq, code, accepted_ms as since_ms from item where code is not null
     union all select source, epoch, seq, code, at_ms from quarantine
     order by since_ms, source, epoch, seq limit ?`,
    [max],
  );
  return rows.map((row) => ({
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    code: textOf(row, "code"),
    sinceMs: numberOf(row, "since_ms"),
  }));
}

const moment = (value: unknown): number | null => (typeof value === "number" ? value : null);
