/** How far each writer's events have come, as this inbox knows it. */
import { LIMITS } from "@regulars/shared/limits";
import type { Life } from "@regulars/shared/protocol/life";
import { type Marks, NO_MARKS } from "@regulars/shared/protocol/marks";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
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
 * those that are delivered: an inbox that lost its disk may have another machine's under the same numbers. Less than it said
 * before is said by a centre that has come back from a backup: what follows is merged again, so that its fragments are
 * delivered again. It is news where a till that pulls hears of it; of closed epochs it hears with the answers to its pushes.
 */
export async function setGolden(
  storage: Storage,
  marks: readonly GoldenMark[],
  nowMs: number,
): Promise<{ readonly isNews: boolean; readonly isBehind: boolean }> {
  await storage.write(
    marks.flatMap(({ source, epoch, golden }) => [
      {
        sql: `update mark set told = ?3,
                merged = case when ?3 < told then min(merged, max(let_go, ?3)) else merged end,
                golden = max(golden, min(?3, delivered))
              where ${OF_WRITER} and told <> ?3`,
        args: [source, epoch, golden],
      },
      ...settleStatements(source, epoch, nowMs),
    ]),
  );
  const [found] = await rowsOf(
    storage,
    `select coalesce(max(m.closed = 0), 0) as news, coalesce(max(m.merged < m.accepted), 0) as behind
     from json_each(?) k cross join mark m
       on m.source = k.value ->> 0 and m.epoch = k.value ->> 1`,
    [JSON.stringify(marks.map(({ source, epoch }) => [source, epoch]))],
  );
  return { isNews: found?.["news"] === 1, isBehind: found?.["behind"] === 1 };
}

/** Moves the mark over rows that are merged. */
export const mergedStatements = (
  source: string,
  epoch: number,
  merged: number,
  nowMs: number,
): Statement[] => [
  {
    sql: `update mark set merged = ?3 where ${OF_WRITER} and merged < ?3`,
    args: [source, epoch, merged],
  },
  ...settleStatements(source, epoch, nowMs),
];

export interface Reached {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  /** The centre has less than it was sent: it is right. If not, another round may have come further meanwhile. */
  readonly isLess: boolean;
}

/**
 * Moves the mark over rows that the centre has, or back, as far as bodies are here. Where it had more before, it has come back
 * from a backup: what it lacks is delivered again, and merged again, so that its fragments are delivered, too.
 */
export const deliveredStatements = (
  { source, epoch, seq, isLess }: Reached,
  nowMs: number,
): Statement[] => [
  {
    sql: `update mark set
            merged = case when ?4 and ?3 < delivered then min(merged, max(let_go, ?3)) else merged end,
            delivered = ${REACHED}, golden = max(golden, min(told, ${REACHED}))
          where ${OF_WRITER} and accepted >= ?3`,
    args: [source, epoch, seq, isLess ? 1 : 0],
  },
  ...settleStatements(source, epoch, nowMs),
];

const OF_WRITER = "source = ?1 and epoch = ?2";
const REACHED = "max(case when ?4 then let_go else delivered end, ?3)";
const GOLDEN = "max(golden, min(told, delivered))";
/** Up to where bodies may go: to what waits for nothing, and no further than what came a while ago. */
const LET_GO = `max(let_go, min(${GOLDEN}, merged, delivered, coalesce(
  (select i.seq - 1 from item i where i.source = ?1 and i.epoch = ?2 and i.seq > let_go
     and i.accepted_ms > ?3 order by i.seq limit 1), accepted)))`;

/**
 * Golden is what the centre has compared and says so; bodies that are golden and merged are no longer needed here some days
 * later. But for what is quarantined: that is kept whole until it is replayed, and the centre has heard so (SYN6).
 */
const settleStatements = (source: string, epoch: number, nowMs: number): Statement[] => {
  const args = [source, epoch, nowMs - LIMITS.goldenKeptMs];
  return [
    {
      sql: `update item set body = null, updates = null
            where ${OF_WRITER} and code is null and seq > (select let_go from mark where ${OF_WRITER})
              and seq <= (select ${LET_GO} from mark where ${OF_WRITER})
              and not exists (
                select 1 from redelivery r where r.source = ?1 and r.epoch = ?2 and r.seq = item.seq)`,
      args,
    },
    // Mostly there is nothing to settle, and a row that is written is paid for.
    {
      sql: `update mark set golden = ${GOLDEN}, let_go = ${LET_GO}
            where ${OF_WRITER} and (golden <> ${GOLDEN} or let_go <> ${LET_GO})`,
      args,
    },
  ];
};

/** Lets go of what is old enough by now, also where nothing moves any more. */
export async function letGo(storage: Storage, nowMs: number): Promise<void> {
  const due = await rowsOf(
    storage,
    `select m.source, m.epoch from mark m where m.let_go < min(m.golden, m.merged, m.delivered)
       and (select i.accepted_ms from item i where i.source = m.source and i.epoch = m.epoch
              and i.seq = m.let_go + 1) <= ?`,
    [nowMs - LIMITS.goldenKeptMs],
  );
  if (due.length === 0) return;
  await storage.write(
    due.flatMap((row) => settleStatements(textOf(row, "source"), numberOf(row, "epoch"), nowMs)),
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
