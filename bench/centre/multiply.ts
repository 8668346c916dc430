/**
 * Copies of the template in one database, each with ids of its own: store, tills, customers, keys, digests. What pages read is
 * whole in each copy, and packed as the centre packs it; hashes are not those of their rows any more, so checks are measured on
 * a journal of their own.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqlValue } from "../../shared/src/storage/port.ts";
import { type Renamed, renamedIn } from "./names.ts";
import { PACKED } from "./packed-rows.ts";

const TABLES = [
  "writer", "event", "source_record", "customer", "golden_history", "feed", "unit", "unit_block", "unit_key", "blocked_key",
  "pair", "link", "refusal", "store_day", "exception", "exception_entry", "potential", "quality_mark",
] as const; // prettier-ignore

/** Rows of marks that are not of a store's journals are not copied. */
const OF_STORES: Readonly<Record<string, string>> = { quality_mark: " where source <> ''" };

/** Numbers that rows call each other by; the template has fewer of each. */
const NUMBERS: ReadonlySet<string> = new Set(["n", "exception", "unit"]);
const NUMBERED = 100_000;
/** Codes are numbers of 53 bits: any other will do. */
const CODE_STEP = 1_000_003;
const CACHE_KB = 1_500_000;

/** `onCopy` is called with the number of copies that are there, and all of them in the file. */
export function multiply(file: string, copies: number, onCopy: (done: number) => void): void {
  const database = new DatabaseSync(file);
  try {
    database.exec("pragma journal_mode = off");
    database.exec("pragma synchronous = off");
    database.exec(`pragma cache_size = -${CACHE_KB}`);
    const tables = TABLES.map((table) => openTable(database, table));
    for (let copy = 1; copy < copies; copy += 1) {
      database.exec("begin");
      for (const { insert, rows } of tables) for (const row of rows) insert.run(...row(copy));
      database.exec("commit");
      onCopy(copy + 1);
    }
    database.exec("pragma journal_mode = wal");
  } finally {
    database.close();
  }
}

interface Table {
  readonly insert: StatementSync;
  readonly rows: readonly ((copy: number) => SqlValue[])[];
}

function openTable(database: DatabaseSync, table: (typeof TABLES)[number]): Table {
  // Without those that the database makes itself of others.
  const columns = database
    .prepare(`select name from pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name));
  const list = columns.map((column) => `"${column}"`).join(", ");
  const places = columns.map(() => "?").join(", ");
  return {
    insert: database.prepare(`insert into ${table} (${list}) values (${places})`),
    rows: database
      .prepare(`select ${list} from ${table}${OF_STORES[table] ?? ""}`)
      .all()
      .map((row) => copiesOf(table, columns, plainRow(row, columns))),
  };
}

type Values = Record<string, SqlValue>;

function plainRow(row: Readonly<Record<string, unknown>>, columns: readonly string[]): Values {
  return Object.fromEntries(
    columns.map((column): [string, SqlValue] => {
      const value = row[column] ?? null;
      const isKnown = typeof value === "string" || typeof value === "number" || value === null;
      if (isKnown || value instanceof Uint8Array) return [column, value];
      throw new TypeError(`column ${column} holds what no row of the centre does`);
    }),
  );
}

function copiesOf(table: string, columns: readonly string[], row: Values) {
  const packing = PACKED[table];
  const packed = Object.entries(packing?.texts(row) ?? {}).map(
    ([column, text]): [string, Renamed] => [column, renamedIn(text, column === "state")],
  );
  const names = columns.flatMap((column): [string, Renamed][] => {
    const value = row[column];
    return typeof value === "string" ? [[column, renamedIn(value)]] : [];
  });
  return (copy: number): SqlValue[] => {
    const made = { ...row };
    for (const [column, renamed] of names) made[column] = renamed(copy);
    for (const column of columns) {
      const value = row[column];
      if (typeof value !== "number") continue;
      if (NUMBERS.has(column)) made[column] = value + copy * NUMBERED;
      if (column === "block") made[column] = value + copy * CODE_STEP;
    }
    packing?.pack(made, Object.fromEntries(packed.map(([column, text]) => [column, text(copy)])));
    return columns.map((column) => made[column] ?? null);
  };
}
