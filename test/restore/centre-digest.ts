/** All that a centre holds and could hold again, as one digest per table. */
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/**
 * Columns of which nobody can say again what they were: moments at which this database was written, and numbers that count how
 * often it was, where it may learn at once what it had learned bit by bit. docs/deploy.md names them, and what is not in the list
 * of tables. Store-days and exceptions are made of these rows by checks, in whatever order they came: test/reconcile/order.test.ts.
 */
const HERE_AND_THEN: Readonly<Record<string, readonly string[]>> = {
  event: ["received_ms"],
  writer: [],
  source_record: ["received_ms"],
  customer: ["version", "updated_ms"],
  unit: ["n"],
  link: ["created_ms"],
  refusal: ["n", "at_ms", "resolved_ms"],
  potential: [],
  override: [],
};

/** Where units are filed by a number that says nothing elsewhere: by their id instead. */
const BY_UNIT_ID: Readonly<Record<string, string>> = {
  unit_key: "select f.key, u.id from unit_key f left join unit u on u.n = f.unit",
  unit_block: "select f.block, u.id from unit_block f left join unit u on u.n = f.unit",
};

/** Rows of each table as text, in an order of their own. */
export function centreRows(file: string): Record<string, readonly string[]> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const queries = [
      ...Object.entries(HERE_AND_THEN).map(([table, without]): [string, string] => [
        table,
        queryOf(database, table, without),
      ]),
      ...Object.entries(BY_UNIT_ID),
    ];
    return Object.fromEntries(queries.map(([table, sql]) => [table, rowsOf(database, sql)]));
  } finally {
    database.close();
  }
}

export const digestsOf = (rows: Record<string, readonly string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rows).map(([table, each]) => [
      table,
      `${each.length} ${createHash("sha256").update(each.join("\n")).digest("hex")}`,
    ]),
  );

/** Some rows of each table that are on one side alone, for whoever has to find out why. */
export function differenceOf(
  before: Record<string, readonly string[]>,
  after: Record<string, readonly string[]>,
): string[] {
  return Object.entries(before).flatMap(([table, rows]) => {
    const [was, is] = [new Set(rows), new Set(after[table])];
    const lost = rows.filter((row) => !is.has(row)).slice(0, SHOWN);
    const more = [...is].filter((row) => !was.has(row)).slice(0, SHOWN);
    return [...lost.map((row) => `- ${table} ${row}`), ...more.map((row) => `+ ${table} ${row}`)];
  });
}

const SHOWN = 2;

function queryOf(database: DatabaseSync, table: string, without: readonly string[]): string {
  const columns = database
    .prepare("select name from pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name))
    .filter((name) => !without.includes(name));
  if (columns.length === 0) throw new Error(`there is no table ${table} to compare`);
  return `select ${columns.map((name) => `"${name}"`).join(", ")} from "${table}"`;
}

const rowsOf = (database: DatabaseSync, sql: string): string[] =>
  database
    .prepare(sql)
    .all()
    .map((row) => JSON.stringify(Object.values(row).map(plain)))
    .toSorted();

const plain = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
