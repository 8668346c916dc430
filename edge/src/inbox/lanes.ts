/**
 * Two lanes (SYN7): what is sold now, and what is left of closed epochs. Each has rounds of its own, so that neither
 * waits for the other's to end.
 */
import { LIMITS } from "@regulars/shared/limits";
import { type Row, rowsOf, type Storage } from "@regulars/shared/storage/port";

export const LANES = ["live", "closed"] as const;
export type Lane = (typeof LANES)[number];

/** `sql` takes rows per writer, lane and rows in all. Each writer has a fair share, so that none starves another. */
export function readLane(
  storage: Storage,
  sql: string,
  lane: Lane,
  itemsMax: number,
): Promise<Row[]> {
  return rowsOf(storage, sql, [LIMITS.drainItemsPerWriter, lane === "closed" ? 1 : 0, itemsMax]);
}
