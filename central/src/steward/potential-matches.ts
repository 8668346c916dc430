/**
 * Potential matches as stewards see them: read page by page from the table that every write keeps (`resolve/potential.ts`).
 */
import type { CustomerId } from "@regulars/shared/ids";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";
import { type PotentialReason, reasonsOfBits } from "../resolve/potential-priority.ts";

export interface PotentialMatch {
  readonly customers: readonly [CustomerId, CustomerId];
  /** Of the evidence that weighs most. */
  readonly records: readonly [string, string];
  readonly reasons: readonly PotentialReason[];
  readonly weight: number | null;
  readonly sales: readonly [number, number];
  /** Newest stamps of both. */
  readonly asOf: readonly [string, string];
  readonly priority: number;
}

export interface PotentialPage {
  readonly matches: readonly PotentialMatch[];
  readonly count: number;
  /** Where the next page goes on; null on the last one. */
  readonly next: string | null;
}

export const potentialCursorSchema = z
  .string()
  .regex(
    /^\d{1,4}(\.\d{1,3})?~c[A-Za-z0-9_-]{22}~c[A-Za-z0-9_-]{22}$/,
    "is not a cursor of this list",
  );

/** Keyset: what comes after the place that the cursor names, also when what was there is gone. */
export function potentialPageQuery(after: string | null, limit: number): Statement {
  const [rank, one, two] = after === null ? [] : placeOf(after);
  return {
    sql: `${SELECT} ${rank === undefined ? "" : "where (p.rank, p.one, p.two) > (?1, ?2, ?3)"}
          order by p.rank, p.one, p.two limit ${rank === undefined ? "?1" : "?4"}`,
    args: rank === undefined ? [limit] : [rank, one ?? "", two ?? "", limit],
  };
}

/** Of an index that holds no more than what waits for a steward. */
export const POTENTIAL_COUNT: Statement = { sql: "select count(*) as n from potential" };

export const potentialQuery = (one: CustomerId, two: CustomerId): Statement => ({
  sql: `${SELECT} where p.one = ? and p.two = ?`,
  args: one < two ? [one, two] : [two, one],
});

/** Of one customer, first by priority. */
export const potentialOfQuery = (customer: CustomerId, limit: number): Statement => ({
  sql: `${SELECT} where p.one = ?1 or p.two = ?1 order by p.rank, p.one, p.two limit ?2`,
  args: [customer, limit],
});

export async function readPotentialMatches(
  storage: Storage,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<PotentialPage> {
  const [rows = [], counts = []] = await storage.read([
    potentialPageQuery(after, limit + 1),
    POTENTIAL_COUNT,
  ]);
  const matches = rows.slice(0, limit).map((row) => matchOf(row));
  const last = matches.at(-1);
  return {
    matches,
    count: numberOf(counts[0] ?? {}, "n"),
    next: rows.length > limit && last ? cursorOf(last) : null,
  };
}

/** Null where the two are no potential match, or not any more. */
export async function readPotentialMatch(
  storage: Storage,
  one: CustomerId,
  two: CustomerId,
): Promise<PotentialMatch | null> {
  const [[row] = []] = await storage.read([potentialQuery(one, two)]);
  return row ? matchOf(row) : null;
}

export async function readPotentialOf(
  storage: Storage,
  customer: CustomerId,
  limit: number,
): Promise<PotentialMatch[]> {
  const { sql, args = [] } = potentialOfQuery(customer, limit);
  return (await rowsOf(storage, sql, args)).map((row) => matchOf(row));
}

const SELECT = `select p.*, x.as_of as as_of_one, coalesce(x.sales, 0) as sales_one,
    y.as_of as as_of_two, coalesce(y.sales, 0) as sales_two
  from potential p left join customer x on x.id = p.one left join customer y on y.id = p.two`;

const matchOf = (row: Row): PotentialMatch => ({
  customers: [textOf(row, "one"), textOf(row, "two")],
  records: [textOf(row, "record_one"), textOf(row, "record_two")],
  reasons: reasonsOfBits(numberOf(row, "reasons")),
  weight: row["weight"] === null ? null : numberOf(row, "weight"),
  sales: [numberOf(row, "sales_one"), numberOf(row, "sales_two")],
  asOf: [String(row["as_of_one"] ?? ""), String(row["as_of_two"] ?? "")],
  priority: -numberOf(row, "rank") / 1_000,
});

export const cursorOf = ({
  priority,
  customers,
}: Pick<PotentialMatch, "priority" | "customers">): string => [priority, ...customers].join("~");

function placeOf(cursor: string): [number, string, string] {
  const [priority = "", one = "", two = ""] = cursor.split("~");
  return [-Math.round(Number(priority) * 1_000), one, two];
}
