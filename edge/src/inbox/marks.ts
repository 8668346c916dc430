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
 * The centre has the writers' events up to `golden`. That counts for rows that are here: an inbox that lost its disk gets
 * them again, and has to merge them again. What is golden is delivered; whether it is merged here says the drain. True when a
 * till that pulls hears of it: of closed epochs it hears with the answers to its pushes.
 */
export async function setGolden(storage: Storage, marks: readonly GoldenMark[]): Promise<boolean> {
  await storage.write(
    marks.flatMap(({ source, epoch, golden }) => [
      {
        sql: `${LET_GO} and seq > (select min(golden, merged) from mark where ${OF_WRITER})
                and seq <= (select min(?3, merged) from mark where ${OF_WRITER})`,
        args: [source, epoch, golden],
      },
      {
        sql: `update mark set golden = max(golden, min(?3, accepted)),
                delivered = max(delivered, min(?3, accepted)) where ${OF_WRITER}`,
        args: [source, epoch, golden],
      },
    ]),
  );
  const [open] = await rowsOf(
    storage,
    `select 1 as found from mark m join json_each(?) k
       on m.source = k.value ->> 0 and m.epoch = k.value ->> 1 where m.closed = 0 limit 1`,
    [JSON.stringify(marks.map(({ source, epoch }) => [source, epoch]))],
  );
  return open !== undefined;
}

/** Moves the mark over rows that are merged, and lets go of those that had been golden before. */
export const mergedStatements = (source: string, epoch: number, merged: number): Statement[] => [
  {
    sql: `${LET_GO} and seq > (select merged from mark where ${OF_WRITER})
            and seq <= (select min(golden, ?3) from mark where ${OF_WRITER})`,
    args: [source, epoch, merged],
  },
  {
    sql: `update mark set merged = ?3 where ${OF_WRITER} and merged < ?3`,
    args: [source, epoch, merged],
  },
];

const OF_WRITER = "source = ?1 and epoch = ?2";
/**
 * Bodies of rows that are golden and merged are no longer needed here. But for what is quarantined: that is kept whole
 * until it is replayed, and the centre has heard so (SYN6).
 */
const LET_GO = `update item set body = null, updates = null
  where ${OF_WRITER} and code is null and not exists (
    select 1 from redelivery r where r.source = ?1 and r.epoch = ?2 and r.seq = item.seq)`;

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
