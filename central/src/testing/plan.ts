/** How the database goes about a query, for tests that none walks a table that grows with the retailer. */
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";

/** The steps of the plan, such as `SEARCH e USING INDEX event_day (store=? AND business_day=?)`. */
export async function planOf(storage: Storage, { sql, args = [] }: Statement): Promise<string[]> {
  const rows = await rowsOf(storage, `explain query plan ${sql}`, [...args]);
  return rows.map((row) => textOf(row, "detail"));
}

/**
 * The steps that walk a table from end to end. `allowed` names what may be walked: small tables, by their name or alias in the
 * query, and partial indexes, which hold only what is unfinished. An index that a `limit` cuts short is a walk too: allow it by
 * its name where the limit is sure to come.
 */
export async function walksIn(
  storage: Storage,
  statement: Statement,
  allowed: readonly string[] = [],
): Promise<string[]> {
  const plan = await planOf(storage, statement);
  return plan.filter((step) => {
    const [, table = "", index = ""] = /^SCAN (\S+)(?:.* INDEX (\w+))?/.exec(step) ?? [];
    if (table === "" || table === "CONSTANT" || /VIRTUAL TABLE/.test(step)) return false;
    return !allowed.includes(table) && !allowed.includes(index);
  });
}
