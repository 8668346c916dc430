/** How far the ack ladder of each epoch has come, as the till knows it. */
import type { Marks } from "@regulars/shared/protocol/marks";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

export interface Ladder {
  readonly epoch: number;
  /** Whose inbox has the epoch. */
  readonly store: string;
  /** Why it is closed; null for the one that is being written. */
  readonly closed: string | null;
  /** Last row of the epoch. */
  readonly seq: number;
  /** How far its clock has come (ms since 1970). */
  readonly clockMs: number;
  readonly marks: Marks;
}

/**
 * The epoch that is being written, and the closed ones that are not all golden or not all at the edge, oldest first. With them
 * those of `needed`, however far they have come: the edge can lose what it had merged (SYN4).
 */
export async function loadLadders(
  storage: Storage,
  needed: readonly { readonly epoch: number }[] = [],
): Promise<{ readonly open: Ladder; readonly closed: readonly Ladder[] }> {
  const rows = await rowsOf(
    storage,
    `select epoch, store, closed, seq, clock_ms, accepted, merged, golden from writer
     where closed is null or golden < seq or accepted < seq
       or epoch in (select value from json_each(?)) order by epoch`,
    [JSON.stringify(needed.map(({ epoch }) => epoch))],
  );
  const ladders = rows.map((row) => ladderOf(row));
  const open = ladders.findLast(({ closed }) => closed === null);
  if (!open) throw new Error("the database has no open epoch; it was not opened by openWriter");
  return { open, closed: ladders.filter((ladder) => ladder !== open) };
}

export async function loadLadder(storage: Storage, epoch: number): Promise<Ladder> {
  const [row] = await rowsOf(
    storage,
    `select epoch, store, closed, seq, clock_ms, accepted, merged, golden from writer
     where epoch = ?`,
    [epoch],
  );
  if (!row) throw new Error("the epoch is not there");
  return ladderOf(row);
}

const ladderOf = (row: Row): Ladder => ({
  epoch: numberOf(row, "epoch"),
  store: textOf(row, "store"),
  closed: row["closed"] === null ? null : textOf(row, "closed"),
  seq: numberOf(row, "seq"),
  clockMs: numberOf(row, "clock_ms"),
  marks: {
    accepted: numberOf(row, "accepted"),
    merged: numberOf(row, "merged"),
    golden: numberOf(row, "golden"),
  },
});

/**
 * Marks only rise, and never over `sentTo`, the last row that the edge has compared with its own: a number alone may be
 * that of another life's row (SYN3). Without a push, that is what it had accepted before.
 */
export function raise({ marks, seq }: Ladder, heard: Marks, sentTo = marks.accepted): Marks {
  const higher = (level: keyof Marks, most: number): number =>
    Math.max(marks[level], Math.min(heard[level], most));
  const accepted = higher("accepted", Math.min(sentTo, seq));
  return { accepted, merged: higher("merged", accepted), golden: higher("golden", accepted) };
}

/** Moves the marks, remembers when, and lets go of what is golden: one write with whatever told so (SYN2). */
export function markStatements(ladder: Ladder, marks: Marks, nowMs: number): Statement[] {
  const { epoch, marks: before } = ladder;
  const levels = (["accepted", "merged", "golden"] as const).filter(
    (level) => marks[level] !== before[level],
  );
  if (levels.length === 0) return [];
  const reached = levels.filter((level) => marks[level] > before[level]);
  return [
    {
      sql: "update writer set accepted = ?, merged = ?, golden = ? where epoch = ?",
      args: [marks.accepted, marks.merged, marks.golden, epoch],
    },
    ...reached.map((level) => ({
      sql: "insert into mark (epoch, level, seq, ms) values (?, ?, ?, ?) on conflict do nothing",
      args: [epoch, level, marks[level], nowMs],
    })),
    ...(marks.golden > before.golden
      ? [{ sql: "delete from outbox where epoch = ? and seq <= ?", args: [epoch, marks.golden] }]
      : []),
  ];
}
