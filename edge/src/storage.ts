/** The storage port on the SQLite of a Durable Object. */
import type { Row, SqlValue, Storage } from "@regulars/shared/storage/port";

/**
 * Both verbs are synchronous underneath, so no other request of the object runs in between. Durable by the output
 * gate: nothing that the object says leaves it before its writes are on disk, and a failed write breaks the object.
 */
export function createDurableStorage(storage: DurableObjectStorage): Storage {
  const run = (sql: string, args: readonly SqlValue[] = []) => storage.sql.exec(sql, ...args);
  return {
    read(queries) {
      return settle(() =>
        queries.map(({ sql, args }) =>
          run(sql, args)
            .toArray()
            .map((row) => rowOf(row)),
        ),
      );
    },
    write(statements) {
      return settle(() => {
        storage.transactionSync(() => {
          for (const { sql, args } of statements) run(sql, args).toArray();
        });
      });
    },
  };
}

function settle<Value>(task: () => Value): Promise<Value> {
  try {
    return Promise.resolve(task());
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

function rowOf(row: Record<string, SqlStorageValue>): Row {
  const plain: Record<string, SqlValue> = {};
  for (const [column, value] of Object.entries(row)) {
    plain[column] = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  }
  return plain;
}
