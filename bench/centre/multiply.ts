/**
 * Copies of the template in one database, each with ids of its own: store, tills, customers, keys, digests. What pages read is
 * whole in each copy; hashes are not those of their rows any more, so checks are measured on a journal of their own.
 */
import { setImmediate } from "node:timers/promises";
import { type Client, createClient, type InValue } from "@libsql/client";
import { z } from "zod";
import { TEMPLATE_STORE } from "./template.ts";

/** In the order in which they are copied. */
const TABLES = [
  "writer", "event", "source_record", "customer", "golden_history", "feed", "unit", "unit_block",
  "unit_key", "blocked_key", "pair", "link", "refusal",
] as const; // prettier-ignore

/** Tables of later work, copied where they are. */
const MORE = ["store_day", "exception", "exception_entry", "potential"] as const;

/** What SQLite takes as parameters of one statement. */
const PARAMETERS_MAX = 30_000;
const NUMBERED = 1_000_000;
const DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/** Keys, ids of customers (led by a `c`) and of units (by a `u`), digests in hex, and the store in the names of its tills. */
const IDS =
  /(?<![A-Za-z0-9_-])([cu]?)([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])|(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])|s000/g;

export async function multiply(
  url: string,
  copies: number,
  onCopy: (done: number) => void,
): Promise<void> {
  const client = createClient({ url, concurrency: 1 });
  try {
    await client.execute("pragma synchronous = off");
    await client.execute("pragma cache_size = -2000000");
    const template = await readTemplate(client);
    for (let copy = 1; copy < copies; copy += 1) {
      for (const { insert, columns, rows } of template) {
        const size = Math.max(1, Math.floor(PARAMETERS_MAX / columns.length));
        for (let at = 0; at < rows.length; at += size) {
          const some = rows.slice(at, at + size).map((row) => copyOf(row, columns, copy));
          const places = some.map((row) => `(${row.map(() => "?").join(",")})`).join(",");
          await client.execute({ sql: `${insert} values ${places}`, args: some.flat() });
          await setImmediate(); // the driver gives back what a statement took when the loop turns
        }
      }
      onCopy(copy + 1);
    }
    await client.execute("pragma wal_checkpoint(truncate)");
  } finally {
    client.close();
  }
}

const namesSchema = z.array(z.object({ name: z.string() }));

interface Table {
  readonly insert: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly InValue[])[];
}

async function readTemplate(client: Client): Promise<Table[]> {
  const known = await client.execute("select name from sqlite_schema where type = 'table'");
  const names = new Set(known.rows.map((row) => row["name"]));
  const tables = [...TABLES, ...MORE].filter((table) => names.has(table));
  const read: Table[] = [];
  for (const table of tables) {
    // Without those that the database makes itself of others.
    const info = await client.execute(`select name from pragma_table_info('${table}')`);
    const columns = namesSchema.parse(info.rows).map(({ name }) => name);
    const list = columns.map((column) => `"${column}"`).join(", ");
    const { rows } = await client.execute(`select ${list} from ${table}`);
    read.push({
      insert: `insert into ${table} (${list})`,
      columns,
      rows: rows.map((row) => columns.map((_, at) => row[at] ?? null)),
    });
  }
  return read;
}

function copyOf(row: readonly InValue[], columns: readonly string[], copy: number): InValue[] {
  return row.map((value, at) => {
    if (typeof value === "string") return renamed(value, copy);
    const column = columns[at];
    const isNumber = column === "n" || column === "block" || column === "exception";
    return isNumber && typeof value === "number" ? value + copy * NUMBERED : value;
  });
}

function renamed(text: string, copy: number): string {
  const mark = markOf(copy);
  return text.replaceAll(IDS, (found: string, kind?: string, id?: string) => {
    if (found === TEMPLATE_STORE) return storeOf(copy);
    // One that begins so by chance would stay what it is.
    if (id !== undefined) return `${kind}${id.startsWith(mark) ? markOf(copy + 2_048) : mark}${id.slice(2)}`; // prettier-ignore
    const lead = hexOf(copy);
    return `${found.startsWith(lead) ? hexOf(copy + 2_048) : lead}${found.slice(3)}`;
  });
}

const hexOf = (copy: number): string => copy.toString(16).padStart(3, "0");

const markOf = (copy: number): string =>
  `${DIGITS[Math.floor(copy / 64) % 64]}${DIGITS[copy % 64]}`;

export const storeOf = (copy: number): string => `s${String(copy).padStart(3, "0")}`;
