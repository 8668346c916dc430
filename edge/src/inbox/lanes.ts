/**
 * Two lanes (SYN7): what is sold now, and what is left of closed epochs. Each has rounds of its own, so that neither
 * waits for the other's to end.
 */
import { LIMITS } from "@regulars/shared/limits";
import { type Row, rowsOf, type Storage } from "@regulars/shared/storage/port";

export const LANES = ["live", "closed"] as const;
export type Lane = (typeof LANES)[number];

/** Which rows of it a round takes: those that are left of its writers, up to a mark of how far all before have come. */
export interface LanePart {
  /** The mark of a writer that the round moves. */
  readonly mark: "merged" | "delivered";
  readonly columns: string;
  readonly lane: Lane;
  readonly itemsMax: number;
}

/**
 * Each writer has a fair share, so that none starves another; fewer writers share what a round holds, for a round costs each
 * object that it meets a commit.
 */
export function readLane(
  storage: Storage,
  { mark, columns, lane, itemsMax }: LanePart,
): Promise<Row[]> {
  return rowsOf(
    storage,
    `with waiting as (
       select *, max(?1, ?3 / count(*) over ()) as share from mark
       where accepted > ${mark} and closed = ?2)
     select ${columns}
     from waiting m cross join item i on i.source = m.source and i.epoch = m.epoch
       and i.seq > m.${mark} and i.seq <= m.${mark} + m.share
     order by i.source, i.epoch, i.seq limit ?3`,
    [LIMITS.drainItemsPerWriter, lane === "closed" ? 1 : 0, itemsMax],
  );
}
