/** Two lanes (SYN7): what is sold now goes first, and what is left of closed epochs always has its share. */
import { LIMITS } from "@regulars/shared/limits";
import { type Row, rowsOf, type Storage } from "@regulars/shared/storage/port";

const LIVE = 0;
const CLOSED = 1;

/** `sql` takes rows per writer, lane and rows in all. Each writer has a fair share, so that none starves another. */
export async function readLanes(storage: Storage, sql: string): Promise<Row[]> {
  const read = (lane: number, items: number) =>
    rowsOf(storage, sql, [LIMITS.drainItemsPerWriter, lane, items]);
  const live = await read(LIVE, LIMITS.drainItems - LIMITS.backlogItems);
  return [...live, ...(await read(CLOSED, LIMITS.drainItems - live.length))];
}
