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
 * The centre says how far the writers' events are golden. That counts for rows that it has compared with its own, which are
 * those that are delivered: an inbox that lost its disk may have another machine's under the same numbers. True when a till
 * that pulls hears of it; of closed epochs it hears with the answers to its pushes.
 */
export async function setGolden(storage: Storage, marks: readonly GoldenMark[]): Promise<boolean> {
  await storage.write(
    marks.flatMap(({ source, epoch, golden }) => [
      {
        sql: `update mark set told = max(told, ?3) where ${OF_WRITER}`,
        args: [source, epoch, golden],
      },
      ...settleStatements(source, epoch),
    ]),
  );
  const [open] = await rowsOf(
    storage,
    `select 1 as found from json_each(?) k cross join mark m
       on m.source = k.value ->> 0 and m.epoch = k.value ->> 1 where m.closed = 0 limit 1`,
    [JSON.stringify(marks.map(({ source, epoch }) => [source, epoch]))],
  );
  return open !== undefined;
}

/** Moves the mark over rows that are merged. */
export const mergedStatements = (source: string, epoch: number, merged: number): Statement[] => [
  {
    sql: `update mark set merged = ?3 where ${OF_WRITER} and merged < ?3`,
    args: [source, epoch, merged],
  },
  ...settleStatements(source, epoch),
];

export interface Reached {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  /** The centre has less than it was sent: it is right. If not, another round may have come further meanwhile. */
  readonly isLess: boolean;
}

/** Moves the mark over rows that the centre has, or back, but never below what is golden: the bodies of that are gone. */
export const deliveredStatements = ({ source, epoch, seq, isLess }: Reached): Statement[] => [
  {
    sql: `update mark set delivered = max(case when ?4 then golden else delivered end, ?3)
          where ${OF_WRITER} and accepted >= ?3`,
    args: [source, epoch, seq, isLess ? 1 : 0],
  },
  ...settleStatements(source, epoch),
];

const OF_WRITER = "source = ?1 and epoch = ?2";
const GOLDEN = "max(golden, min(told, delivered))";

/**
 * Golden is what the centre has compared and says so; bodies that are golden and merged are no longer needed here. But for
 * what is quarantined: that is kept whole until it is replayed, and the centre has heard so (SYN6).
 */
const settleStatements = (source: string, epoch: number): Statement[] => [
  {
    sql: `update item set body = null, updates = null
          where ${OF_WRITER} and code is null and seq > (select let_go from mark where ${OF_WRITER})
            and seq <= (select min(${GOLDEN}, merged) from mark where ${OF_WRITER})
            and not exists (
              select 1 from redelivery r where r.source = ?1 and r.epoch = ?2 and r.seq = item.seq)`,
    args: [source, epoch],
  },
  {
    sql: `update mark set golden = ${GOLDEN}, let_go = max(let_go, min(${GOLDEN}, merged))
          where ${OF_WRITER}`,
    args: [source, epoch],
  },
];

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
