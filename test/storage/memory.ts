/** The storage port on SQLite in memory, by Node's own module: for tests and the simulator. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Row, SqlValue, Statement, Storage } from "@regulars/shared/storage/port";

/** The limit of a Durable Object, kept here too, so that a simulated run meets it. */
const ARGS_MAX = 100;

export interface MemoryStorage extends Storage {
  close(): void;
}

export function createMemoryStorage(): MemoryStorage {
  const database = new DatabaseSync(":memory:");
  const preparedBySql = new Map<string, StatementSync>();
  function prepare(sql: string): StatementSync {
    const known = preparedBySql.get(sql);
    if (known) return known;
    const prepared = database.prepare(sql);
    preparedBySql.set(sql, prepared);
    return prepared;
  }
  return {
    // Async functions without an await: nothing comes between BEGIN and COMMIT, and what throws becomes a rejection.
    async read(queries) {
      return queries.map((query) =>
        prepare(query.sql)
          .all(...argsOf(query))
          .map((row) => plainRowOf(row)),
      );
    },
    async write(statements) {
      database.exec("begin immediate");
      try {
        for (const statement of statements) prepare(statement.sql).run(...argsOf(statement));
        database.exec("commit");
      } catch (error) {
        database.exec("rollback");
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** Rows of node:sqlite have no prototype, which makes them unequal to those of every other driver. */
function plainRowOf(row: Record<string, unknown>): Row {
  return { ...row } as Row;
}

function argsOf({ args = [] }: Statement): SqlValue[] {
  if (args.length > ARGS_MAX)
    throw new RangeError(`a statement has more than ${ARGS_MAX} arguments`);
  return [...args];
}
