/** Figures of a whole that no journal tells: taken once in a while, page by page, and written as those of the day at the end. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port"; // prettier-ignore
import { dayOf } from "./contribution.ts";

export interface PairTally {
  readonly a: string;
  readonly b: string;
  readonly count: number;
}

export const pairsQuery = (a: string, b: string): Statement => ({
  sql: `select p.a, p.b, one.customer <> two.customer as is_open from
          (select a, b from pair where (a, b) > (?, ?) order by a, b limit ?) p
        cross join unit one on one.id = p.a cross join unit two on two.id = p.b order by p.a, p.b`,
  args: [a, b, LIMITS.qualityPairs],
});

/** A page of pairs that probability holds for one person or for worth a question. Null at the end. */
export async function tallyPairs(
  storage: Storage,
  tally: PairTally,
): Promise<{ next: PairTally; isMore: boolean }> {
  const [rows = []] = await storage.read([pairsQuery(tally.a, tally.b)]);
  const last = rows.at(-1);
  const open = rows.filter((row) => row["is_open"] === 1).length;
  if (!last) return { next: tally, isMore: false };
  return {
    next: { a: textOf(last, "a"), b: textOf(last, "b"), count: tally.count + open },
    isMore: rows.length === LIMITS.qualityPairs,
  };
}

export const customersCount = (): Statement => ({
  sql: "select count(*) as customers from customer indexed by customer_active where redirect_to is null",
});

export async function pairsStatements(
  storage: Storage,
  count: number,
  nowMs: number,
): Promise<Statement[]> {
  const [rows = []] = await storage.read([customersCount()]);
  const customers = rows[0] ? numberOf(rows[0], "customers") : 0;
  return [putStatement([[dayOf(nowMs), "potential", "", count, customers]])];
}

/** Receipts that a check has found twice, by business day; those that were settled meanwhile are none any more. */
export async function twiceStatements(storage: Storage, from: string): Promise<Statement[]> {
  const rows = await rowsOf(
    storage,
    `select business_day as day, count(*) as found from exception
     where kind = 'duplicate' and state <> 'settled' and business_day >= ? group by business_day`,
    [from],
  );
  return replaceStatements(
    "twice",
    rows.map((row) => [textOf(row, "day"), "twice", "", numberOf(row, "found"), 0]),
  );
}

type DayRow = readonly [day: string, measure: string, part: string, count: number, of: number];

/** What there was of the measure is gone. */
export const replaceStatements = (measure: string, rows: readonly DayRow[]): Statement[] => [
  { sql: "delete from quality_day where measure = ?", args: [measure] },
  ...(rows.length === 0 ? [] : [putStatement(rows)]),
];

const putStatement = (rows: readonly DayRow[]): Statement => ({
  sql: `insert or replace into quality_day (day, measure, part, count, of)
        select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)`,
  args: [JSON.stringify(rows)],
});
