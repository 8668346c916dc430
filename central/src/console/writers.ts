/** How far each writer's events have come, by store. */
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

export interface WriterState {
  readonly store: string;
  readonly source: string;
  readonly epoch: number;
  /** IANA zone of the store; null before its first readable event. */
  readonly zone: string | null;
  readonly journaled: number;
  readonly golden: number;
  /** When the edge accepted its newest event. */
  readonly lastSeenMs: number;
  /** When the first event that is not golden yet arrived; null when none waits. */
  readonly waitingSinceMs: number | null;
  readonly forks: number;
  readonly quarantined: number;
  /** Deliveries that could not be used, forks apart. */
  readonly refused: number;
}

export interface WritersPage {
  readonly writers: readonly WriterState[];
  /** Last store of this page, to go on after; null when there are no more. */
  readonly next: string | null;
}

/** Which stores' writers: the next `limit` stores after `after`, or one alone. */
export type WhichStores =
  | { readonly after: string; readonly limit: number }
  | { readonly only: string };

const NEXT_STORES = "select distinct store from writer where store > ? order by store limit ?";

export const writersOf = (which: WhichStores): Statement => ({
  sql: `select w.*, e.received_ms as waiting_since,
          (select count(*) from event q where q.source = w.source and q.epoch = w.epoch
             and q.quarantined is not null) as quarantined,
          (select count(*) from intake_problem p where p.source = w.source
             and p.epoch = w.epoch and p.code = 'fork') as forks,
          (select count(*) from intake_problem p where p.source = w.source
             and p.epoch = w.epoch and p.code <> 'fork') as refused
        from writer w left join event e
          on e.source = w.source and e.epoch = w.epoch and e.seq = w.golden + 1
        where w.store in (${"only" in which ? "?" : NEXT_STORES}) order by w.store, w.source, w.epoch`,
  args: "only" in which ? [which.only] : [which.after, which.limit],
});

/** In the order of store, source, epoch. */
export async function readWriters(storage: Storage, which: WhichStores): Promise<WritersPage> {
  const after = "only" in which ? which.only : which.after;
  const limit = "only" in which ? 0 : which.limit;
  const [rows = [], more = []] = await storage.read([
    writersOf(which),
    {
      sql: `select max(store) as last, count(*) as stores from (${NEXT_STORES})`,
      args: [after, limit + 1],
    },
  ]);
  const writers = rows.map((row) => writerOf(row));
  const isMore = !("only" in which) && numberOf(more[0] ?? {}, "stores") > limit;
  return { writers, next: isMore ? (writers.at(-1)?.store ?? null) : null };
}

const writerOf = (row: Row): WriterState => ({
  store: textOf(row, "store"),
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  zone: row["zone"] === null ? null : textOf(row, "zone"),
  journaled: numberOf(row, "journaled"),
  golden: numberOf(row, "golden"),
  lastSeenMs: numberOf(row, "last_seen_ms"),
  waitingSinceMs: row["waiting_since"] === null ? null : numberOf(row, "waiting_since"),
  forks: numberOf(row, "forks"),
  quarantined: numberOf(row, "quarantined"),
  refused: numberOf(row, "refused"),
});
