/**
 * Two lanes (SYN7): what is sold now, and what is left of closed epochs. Each has rounds of its own, so that neither
 * waits for the other's to end.
 */
import { LIMITS } from "@regulars/shared/limits";
import { writerOf } from "@regulars/shared/ids";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { itemIdOf } from "./item-id.ts";
import type { Mark, Marks } from "./marks.ts";

export const LANES = ["live", "closed"] as const;
export type Lane = (typeof LANES)[number];

/** Which rows of it a round takes: those that are left of its writers, up to a mark of how far all before have come. */
export interface LanePart {
  /** The mark of a writer that the round moves. */
  readonly mark: "merged" | "delivered";
  /** Besides its key. */
  readonly columns: string;
  readonly lane: Lane;
  readonly itemsMax: number;
  /** How far a page before this one has come; without one, the mark. */
  readonly after?: (mark: Mark) => number;
}

export interface LaneRow {
  readonly mark: Mark;
  readonly row: Row;
}

/**
 * Each writer has a fair share, so that none starves another; fewer writers share what a round holds, for a round costs each
 * object that it meets a commit.
 */
export async function readLane(
  storage: Storage,
  marks: Marks,
  { mark: of, columns, lane, itemsMax, after = (mark) => mark[of] }: LanePart,
): Promise<LaneRow[]> {
  const waiting = marks
    .all()
    .filter((mark) => mark.accepted > after(mark) && mark.closed === (lane === "closed"));
  if (waiting.length === 0) return [];
  const share = Math.max(LIMITS.drainItemsPerWriter, Math.floor(itemsMax / waiting.length));
  const rows = await rowsOf(
    storage,
    `select i.source, i.epoch, i.seq, ${columns}
     from json_each(?1) k cross join item i on i.id > k.value and i.id <= k.value + ?2
     order by i.id limit ?3`,
    [JSON.stringify(waiting.map((mark) => itemIdOf(mark.n, after(mark)))), share, itemsMax],
  );
  const byWriter = new Map(waiting.map((mark) => [writerOf(mark.source, mark.epoch), mark]));
  return rows.flatMap((row) => {
    const mark = byWriter.get(writerOf(textOf(row, "source"), numberOf(row, "epoch")));
    return mark ? [{ mark, row }] : [];
  });
}
