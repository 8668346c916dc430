/**
 * The storage port on libSQL: a file at a till, a file or a server at the centre. The client comes as an argument,
 * so this module has no dependency and no I/O of its own.
 */
import type { Row, SqlValue, Statement, Storage } from "./port.ts";

type Batch = { sql: string; args: SqlValue[] }[];
type Results = { rows: Iterable<object>; columns: string[] }[];

/** The part of `@libsql/client` that the port needs. */
export interface LibsqlClient {
  batch(statements: Batch, mode: "read" | "write"): Promise<Results>;
  /** One statement that reads: without the transaction of a batch, which costs twice as much as the statement. */
  execute?(statement: Batch[number]): Promise<Results[number]>;
  /** A write that a power cut may take back, whole: only for what is learned again. */
  relaxedBatch?(statements: Batch): Promise<Results>;
  /** Something that is no batch, such as `vacuum`. */
  run?(sql: string): Promise<void>;
  close(): void;
}

export interface LibsqlStorage extends Storage {
  /** The same database, its writes relaxed where its client can. */
  readonly relaxed: Storage;
  /** Maintenance, where its client can: what cannot stand in a batch. */
  maintain(sql: string): Promise<void>;
  close(): void;
}

type Mode = "read" | "write" | "relaxed";

/**
 * A client that has met SQLITE_BUSY is never used again: @libsql/client 0.18.0 may acknowledge its next writes
 * without ever making them visible to anybody (CAP3). A fresh one runs the same batch once more; nothing of a batch
 * that met BUSY has been applied.
 */
export function createLibsqlStorage(open: () => LibsqlClient): LibsqlStorage {
  let client = open();
  async function run(statements: readonly Statement[], mode: Mode) {
    const batch = statements.map(({ sql, args }) => ({ sql, args: (args ?? []).map(wellFormed) }));
    const used = client;
    try {
      return await attempt(batch, mode);
    } catch (error) {
      // Closed under this call, because another one met BUSY at the same moment, is the same case.
      if (!isBusy(error) && (client === used || codeOf(error) !== "CLIENT_CLOSED")) throw error;
      return await attempt(batch, mode);
    }
  }
  async function attempt(batch: Batch, mode: Mode): Promise<Results> {
    const used = client;
    try {
      if (mode === "relaxed" && used.relaxedBatch) return await used.relaxedBatch(batch);
      const [only, ...others] = batch;
      if (mode === "read" && only && others.length === 0 && used.execute) {
        return [await used.execute(only)];
      }
      return await used.batch(batch, mode === "read" ? "read" : "write");
    } catch (error) {
      retire(used, error);
      throw error;
    }
  }
  function retire(used: LibsqlClient, error: unknown): void {
    if (!isBusy(error) || client !== used) return;
    client = open();
    used.close();
  }
  async function read(queries: readonly Statement[]): Promise<Row[][]> {
    if (queries.length === 0) return [];
    const results = await run(queries, "read");
    return results.map(({ rows, columns }) => [...rows].map((row) => rowOf(row, columns)));
  }
  const writeAs = (mode: Mode) => async (statements: readonly Statement[]) => {
    if (statements.length > 0) await run(statements, mode);
  };
  return {
    read,
    write: writeAs("write"),
    relaxed: { read, write: writeAs("relaxed") },
    async maintain(sql) {
      const used = client;
      try {
        await used.run?.(sql);
      } catch (error) {
        retire(used, error);
        throw error;
      }
    },
    close: () => client.close(),
  };
}

/** Half a surrogate pair is not Unicode: a libSQL server refuses the whole request that has one in it. */
const wellFormed = (value: SqlValue): SqlValue =>
  typeof value === "string" ? value.toWellFormed() : value;

const isBusy = (error: unknown): boolean => codeOf(error).startsWith("SQLITE_BUSY");

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

function rowOf(row: object, columns: readonly string[]): Row {
  const plain: Record<string, SqlValue> = {};
  for (const column of columns) {
    const value: unknown = Reflect.get(row, column);
    plain[column] = sqlValueOf(value);
  }
  return plain;
}

function sqlValueOf(value: unknown): SqlValue {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  // Not as the subclass that Node's drivers make of it.
  if (value instanceof Uint8Array)
    return new Uint8Array(value.buffer, value.byteOffset, value.length);
  throw new TypeError(`libSQL answered with a ${typeof value}, which the port does not know`);
}
