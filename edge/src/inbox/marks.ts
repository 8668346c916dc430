/** How far each writer's events have come, as this inbox knows it. */
import type { Life } from "@regulars/shared/protocol/life";
import { type Marks, NO_MARKS } from "@regulars/shared/protocol/marks";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
} from "@regulars/shared/storage/port";

export interface GoldenMark {
  readonly source: string;
  readonly epoch: number;
  readonly golden: number;
}

export async function marksOf(storage: Storage, source: string, epoch: number): Promise<Marks> {
  const [row] = await rowsOf(
    storage,
    "select accepted, merged, golden from mark where source = ? and epoch = ?",
    [source, epoch],
  );
  return row ? marksOfRow(row) : NO_MARKS;
}

/**
 * The centre has the writers' events up to `golden`: their bodies are no longer needed here. Golden implies merged
 * and delivered; the centre may say so before the answers to merge and delivery have been written down here.
 */
export function setGolden(storage: Storage, marks: readonly GoldenMark[]): Promise<void> {
  return storage.write(
    marks.flatMap(({ source, epoch, golden }) => [
      {
        // But for what is quarantined: that is kept whole until it is replayed, and the centre has heard so (SYN6).
        sql: `update item set body = null, updates = null
              where source = ?1 and epoch = ?2 and seq <= ?3 and code is null and seq > (
                select golden from mark where source = ?1 and epoch = ?2)
              and not exists (select 1 from redelivery r
                where r.source = ?1 and r.epoch = ?2 and r.seq = item.seq)`,
        args: [source, epoch, golden],
      },
      {
        sql: `update mark set golden = max(golden, ?1), merged = max(merged, ?1),
                delivered = max(delivered, ?1)
              where source = ?2 and epoch = ?3`,
        args: [golden, source, epoch],
      },
    ]),
  );
}

/** Counts that another life of the writer was turned away. */
export const fencedStatement = ({
  source,
  epoch,
}: Pick<GoldenMark, "source" | "epoch">): Statement => ({
  sql: "update mark set fenced = fenced + 1 where source = ? and epoch = ?",
  args: [source, epoch],
});

export function lifeOfRow(row: Row): Life | null {
  const { life_start: start, life_nonce: nonce } = row;
  return typeof start === "number" && typeof nonce === "string" ? { start, nonce } : null;
}

export const marksOfRow = (row: Row): Marks => ({
  accepted: numberOf(row, "accepted"),
  merged: numberOf(row, "merged"),
  golden: numberOf(row, "golden"),
});
