/** How the database goes about a query, for tests that none walks a large table. */
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";

/** Grow with the retailer: none of them is ever walked for a page. */
export const LARGE_TABLES = [
  "event",
  "source_record",
  "record_key",
  "customer",
  "golden_history",
  "feed",
  "unit",
  "unit_block",
  "unit_key",
  "pair",
  "link",
  "exception",
  "exception_entry",
  "settlement_line",
  "store_day",
  "audit",
] as const;

/** The steps of the plan, such as `SEARCH event USING INDEX event_day (store=? AND business_day=?)`. */
export async function planOf(storage: Storage, { sql, args = [] }: Statement): Promise<string[]> {
  const rows = await rowsOf(storage, `explain query plan ${sql}`, [...args]);
  return rows.map((row) => textOf(row, "detail"));
}

/**
 * The steps that walk a large table. A scan by an index of its own rows alone (a partial one) is named, and allowed by
 * `partial`: those indexes hold only what is unfinished.
 */
export async function walksIn(
  storage: Storage,
  statement: Statement,
  partial: readonly string[] = [],
): Promise<string[]> {
  const plan = await planOf(storage, statement);
  return plan.filter((step) => {
    const [, table = "", index = ""] = /^SCAN (\w+)(?:.* INDEX (\w+))?/.exec(step) ?? [];
    const isLarge = LARGE_TABLES.some((large) => large === table);
    return isLarge && !partial.includes(index);
  });
}
