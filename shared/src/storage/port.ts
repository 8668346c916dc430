/**
 * The storage port: all that the state machines of till, edge and centre know of a database.
 *
 * Two verbs, because two are enough for machines that decide first and write once: `read` any number of queries
 * in one round trip, then `write` all effects of a decision in one atomic, durable batch. The contract is tested
 * on a libSQL file, Durable Object SQLite and a libSQL server (test/storage).
 */
export type SqlValue = string | number | null | Uint8Array;

export interface Statement {
  readonly sql: string;
  /** At most 100, the limit of a Durable Object; longer lists go in as one JSON text through `json_each`. */
  readonly args?: readonly SqlValue[];
}

export type Row = Readonly<Record<string, SqlValue>>;

export interface Storage {
  /** Rows of each query, in the order of the queries. Sees every write that was resolved before the call. */
  read(queries: readonly Statement[]): Promise<Row[][]>;
  /** Applies all statements or none. Resolved means durable; rejected means that nothing was applied. */
  write(statements: readonly Statement[]): Promise<void>;
}

/** Rows of one query. */
export async function rowsOf(
  storage: Storage,
  sql: string,
  args: readonly SqlValue[] = [],
): Promise<Row[]> {
  const [rows] = await storage.read([{ sql, args }]);
  return rows ?? [];
}

/** Columns come back untyped from every driver; these throw on what the schema rules out. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} is not text`);
  return value;
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`column ${column} is not a number`);
  return value;
}

export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} is not bytes`);
  return value;
}
