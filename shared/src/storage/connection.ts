/**
 * One connection to a database file that keeps its prepared statements: a till or a centre runs the same dozens again and again,
 * and to prepare them takes longer than to run them. Everything happens within the call, on this thread, as in @libsql/client,
 * which is the same library with a statement prepared and described anew each time. The database comes as an argument.
 */
import type { SqlValue } from "./port.ts";

/** The part of libSQL's own package that a connection needs. */
export interface SqlDatabase {
  readonly inTransaction: boolean;
  readonly open: boolean;
  prepare(sql: string): SqlStatement;
  exec(sql: string): void;
  close(): void;
}

interface SqlStatement {
  /** It answers with rows. */
  readonly reader: boolean;
  run(args: readonly SqlValue[]): unknown;
  all(args: readonly SqlValue[]): unknown[];
}

export interface Ran {
  readonly rows: readonly object[];
  readonly columns: string[];
}

export interface Connection {
  /** All or nothing, under one lock. */
  writeAll(statements: readonly Sql[]): Ran[];
  /** All of one moment. */
  readAll(statements: readonly Sql[]): Ran[];
  /** Several statements in one text, outside of any transaction. */
  run(sql: string): void;
  close(): void;
}

interface Sql {
  readonly sql: string;
  readonly args: readonly SqlValue[];
}

interface Prepared {
  readonly statement: SqlStatement;
  readonly isReader: boolean;
}

/** A till has some sixty, a centre three times as many; a text that is put together anew each time must not stay for ever. */
const PREPARED_MAX = 200;
const NO_ROWS: Ran = { rows: [], columns: [] };

export function connectionOf(database: SqlDatabase): Connection {
  const prepared = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= PREPARED_MAX) prepared.clear();
    const statement = database.prepare(sql);
    const fresh = { statement, isReader: statement.reader };
    prepared.set(sql, fresh);
    return fresh;
  }

  function runOne({ sql, args }: Sql): Ran {
    const { statement, isReader } = prepare(sql);
    if (!isReader) {
      statement.run(args);
      return NO_ROWS;
    }
    const rows = statement.all(args).filter((row) => typeof row === "object" && row !== null);
    return { rows, columns: Object.keys(rows[0] ?? {}) };
  }

  function within(begin: string, statements: readonly Sql[]): Ran[] {
    prepare(begin).statement.run([]);
    try {
      const ran = statements.map(runOne);
      prepare("commit").statement.run([]);
      return ran;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  /** SQLite has done so itself where the disk was full, or a page could not be read. */
  function rollBack(): void {
    if (database.inTransaction) database.exec("rollback");
  }

  return {
    writeAll: (statements) => within("begin immediate", statements),
    // A statement alone is of one moment anyway.
    readAll: (statements) =>
      statements.length === 1 ? statements.map(runOne) : within("begin", statements),
    run(sql) {
      database.exec(sql);
    },
    close() {
      prepared.clear();
      if (database.open) database.close();
    },
  };
}
