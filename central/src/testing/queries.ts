/** What a page asks of the database, for tests that none of it walks a table that grows with the retailer. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { walksIn } from "./plan.ts";

/** The walks of every query that `read` makes; see `walksIn` for `allowed`. */
export async function walksOfAll(
  storage: Storage,
  read: (spied: Storage) => Promise<unknown>,
  allowed: readonly string[] = [],
): Promise<string[]> {
  const asked: Statement[] = [];
  const spied: Storage = {
    read(queries) {
      asked.push(...queries);
      return storage.read(queries);
    },
    write: (statements) => storage.write(statements),
  };
  await read(spied);
  if (asked.length === 0) throw new Error("nothing was asked of the database");
  const walks = await Promise.all(asked.map((statement) => walksIn(storage, statement, allowed)));
  return walks.flat();
}
