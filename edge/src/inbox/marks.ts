/**
 * How far each writer's events have come, as this inbox knows it. Marks move in memory, and storage follows within moments, many
 * moves in one row: each row that is written is paid for. Nothing is lost by a reset in between: what is accepted is read from the
 * items themselves, and what was merged, delivered or told since is done again, which every hop knows how to take (SYN2).
 */
import type { Life } from "@regulars/shared/protocol/life";
import { LIMITS } from "@regulars/shared/limits";
import { type Marks as PublicMarks, NO_MARKS } from "@regulars/shared/protocol/marks";
import { isOfWriterSql } from "./item-id.ts";
import { writerOf } from "@regulars/shared/ids";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

/** Of one writer. */
export interface Mark {
  readonly source: string;
  readonly epoch: number;
  /** Of the writer in this inbox, from 1: its items are numbered by it. */
  readonly n: number;
  readonly store: string;
  readonly accepted: number;
  /** Of the last row that is accepted. */
  readonly hash: string;
  readonly merged: number;
  readonly delivered: number;
  /** How far the centre says that it is; golden is of that what it has compared. */
  readonly told: number;
  readonly golden: number;
  /** Bodies are gone up to here. */
  readonly letGo: number;
  readonly seenMs: number;
  readonly offsetMs: number;
  /** The epoch is closed at its till: the slow lane. */
  readonly closed: boolean;
  readonly listens: boolean;
  /** Who wrote last. */
  readonly life: Life | null;
  /** How often another life of the writer was turned away, and how many rows were another machine's. */
  readonly fenced: number;
  readonly forks: number;
}

export type Move = Partial<Omit<Mark, "source" | "epoch" | "n" | "store">>;

/** Before anything of a writer is there. */
export const NEW_MARK = {
  accepted: 0,
  hash: "",
  merged: 0,
  delivered: 0,
  told: 0,
  golden: 0,
  letGo: 0,
  seenMs: 0,
  offsetMs: 0,
  closed: false,
  listens: true,
  life: null,
  fenced: 0,
  forks: 0,
} as const;

export type Writer = Pick<Mark, "source" | "epoch">;

export interface Marks {
  open(): Promise<void>;
  of(writer: Writer): Mark | null;
  /** Its `n`, of a new one also: the one that `write` gives it, if nobody else's comes between. */
  nOf(writer: Writer): number;
  /** In the order of their writers. */
  all(): Mark[];
  /** At once, and in storage within moments. */
  move(writer: Writer, to: Move): void;
  /** In storage before it is resolved, together with other effects: whatever nobody does again. Begins the mark of a new writer. */
  write(
    writer: Writer & Pick<Mark, "store">,
    to: Move,
    along?: readonly Statement[],
  ): Promise<void>;
  /** What has moved, into storage; of what moved a short while ago, only if asked for. */
  flush(isDue?: boolean): Promise<void>;
  /** Whether storage is behind. */
  isBehind(): boolean;
}

export function createMarks(storage: Storage, nowMs: () => number): Marks {
  let marks = new Map<string, Mark>();
  const moved = new Set<string>();
  let movedMs = 0;

  async function open(): Promise<void> {
    const rows = await rowsOf(storage, ALL);
    marks = new Map(rows.map((row) => [writerOfRow(row), markOf(row)]));
    moved.clear();
  }
  function set(mark: Mark): void {
    marks.set(nameOf(mark), mark);
    if (moved.size === 0) movedMs = nowMs();
    moved.add(nameOf(mark));
  }
  const nOf = (writer: Writer): number =>
    marks.get(nameOf(writer))?.n ?? 1 + Math.max(0, ...[...marks.values()].map(({ n }) => n));
  async function writeRows(names: readonly string[], along: readonly Statement[]): Promise<void> {
    const rows = names.flatMap((name) => marks.get(name) ?? []).map((mark) => rowStatement(mark));
    for (const name of names) moved.delete(name);
    try {
      await storage.write([...along, ...rows]);
    } catch (error) {
      // Memory is ahead of a storage that has refused.
      await open();
      throw error;
    }
  }
  return {
    open,
    of: (writer) => marks.get(nameOf(writer)) ?? null,
    nOf,
    all: () => [...marks.values()],
    move(writer, to) {
      const mark = marks.get(nameOf(writer));
      if (mark) set({ ...mark, ...to });
    },
    write(writer, to, along = []) {
      const { source, epoch, store } = writer;
      const name = nameOf(writer);
      const known = marks.get(name) ?? { ...NEW_MARK, source, epoch, n: nOf(writer), store };
      set({ ...known, ...to });
      return writeRows([name], along);
    },
    async flush(isDue = true) {
      if (moved.size === 0 || (!isDue && nowMs() - movedMs < LIMITS.marksKeptMs)) return;
      await writeRows([...moved], []);
    },
    isBehind: () => moved.size > 0,
  };
}

const nameOf = ({ source, epoch }: Writer): string => writerOf(source, epoch);

/** With the last item of each, which may be one that the mark has not been moved over in storage. */
const ALL = `select m.*, i.seq as last_seq, i.hash as last_hash
  from mark m left join item i on i.id = (select max(id) from item where ${isOfWriterSql("m.n")})
  order by m.source, m.epoch`;

const writerOfRow = (row: Row): string => writerOf(textOf(row, "source"), numberOf(row, "epoch"));

/** What the centre has not been heard of is delivered again: it answers what it has with the mark of its writer. */
function markOf(row: Row): Mark {
  const isAhead = row["last_seq"] !== null && numberOf(row, "last_seq") > numberOf(row, "accepted");
  const [told, letGo] = [numberOf(row, "told"), numberOf(row, "let_go")];
  return {
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    n: numberOf(row, "n"),
    store: textOf(row, "store"),
    accepted: numberOf(row, isAhead ? "last_seq" : "accepted"),
    hash: textOf(row, isAhead ? "last_hash" : "hash"),
    merged: numberOf(row, "merged"),
    delivered: Math.max(letGo, Math.min(numberOf(row, "delivered"), told)),
    told,
    golden: numberOf(row, "golden"),
    letGo,
    seenMs: numberOf(row, "seen_ms"),
    offsetMs: numberOf(row, "offset_ms"),
    closed: numberOf(row, "closed") === 1,
    listens: numberOf(row, "listens") === 1,
    life: lifeOfRow(row),
    fenced: numberOf(row, "fenced"),
    forks: numberOf(row, "forks"),
  };
}

function lifeOfRow(row: Row): Life | null {
  const { life_start: start, life_nonce: nonce } = row;
  return typeof start === "number" && typeof nonce === "string" ? { start, nonce } : null;
}

const rowStatement = (mark: Mark): Statement => ({
  sql: `insert into mark (source, epoch, n, store, accepted, hash, merged, delivered, told, golden, let_go,
          seen_ms, offset_ms, closed, listens, life_start, life_nonce, fenced, forks)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (source, epoch) do update set accepted = excluded.accepted, hash = excluded.hash,
          merged = excluded.merged, delivered = excluded.delivered, told = excluded.told,
          golden = excluded.golden, let_go = excluded.let_go, seen_ms = excluded.seen_ms,
          offset_ms = excluded.offset_ms, closed = excluded.closed, life_start = excluded.life_start,
          life_nonce = excluded.life_nonce, fenced = excluded.fenced, forks = excluded.forks`,
  args: [
    mark.source,
    mark.epoch,
    mark.n,
    mark.store,
    mark.accepted,
    mark.hash,
    mark.merged,
    mark.delivered,
    mark.told,
    mark.golden,
    mark.letGo,
    mark.seenMs,
    mark.offsetMs,
    mark.closed ? 1 : 0,
    mark.listens ? 1 : 0,
    mark.life?.start ?? null,
    mark.life?.nonce ?? null,
    mark.fenced,
    mark.forks,
  ],
});

export function publicMarksOf(mark: Mark | null): PublicMarks {
  if (!mark) return NO_MARKS;
  const { accepted, merged, golden } = mark;
  return { accepted, merged, golden };
}
