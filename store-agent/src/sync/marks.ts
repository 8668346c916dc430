/** How far the ack ladder has come, as the till knows it. */
import type { Marks } from "@regulars/shared/protocol/marks";
import { numberOf, rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";

export interface LadderState {
  readonly epoch: number;
  /** Last row of the journal. */
  readonly seq: number;
  readonly marks: Marks;
  readonly blocked: Blocked | null;
}

/** Why the edge takes nothing more of this epoch. Sending on would not help; somebody has to look. */
export const BLOCKED = ["fork", "broken_chain", "edge_is_ahead"] as const;
export type Blocked = (typeof BLOCKED)[number];

export async function loadLadder(storage: Storage): Promise<LadderState> {
  const [row] = await rowsOf(
    storage,
    `select epoch, seq, accepted, merged, golden, blocked from writer
     order by epoch desc limit 1`,
  );
  if (!row) throw new Error("the database has no writer; it was not opened by openStoreAgent");
  return {
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    marks: {
      accepted: numberOf(row, "accepted"),
      merged: numberOf(row, "merged"),
      golden: numberOf(row, "golden"),
    },
    blocked: BLOCKED.find((reason) => reason === row["blocked"]) ?? null,
  };
}

/** Marks only rise, and never over the journal's last row: what the edge has of a later life is not this one's. */
export function raise({ marks, seq }: LadderState, heard: Marks): Marks {
  const higher = (level: keyof Marks): number =>
    Math.max(marks[level], Math.min(heard[level], seq));
  return { accepted: higher("accepted"), merged: higher("merged"), golden: higher("golden") };
}

/** Moves the marks, remembers when, and lets go of what is golden: one write with whatever told so (SYN2). */
export function markStatements(ladder: LadderState, marks: Marks, nowMs: number): Statement[] {
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
