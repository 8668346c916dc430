/** The newest policy that the centre has published, where every inbox that serves tills can ask for it. */
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { parseOwn } from "../own-json.ts";

export function createPolicyShelf(storage: Storage) {
  return {
    /** Null before the first. */
    async policy(): Promise<Policy | null> {
      const [row] = await rowsOf(storage, "select json from policy order by version desc limit 1");
      return row ? parseOwn<Policy>(textOf(row, "json")) : null;
    },

    /** A lower version is old news. */
    async setPolicy(policy: Policy): Promise<void> {
      await storage.write([
        {
          sql: "insert into policy (version, json) values (?, ?) on conflict do nothing",
          args: [policy.version, JSON.stringify(policy)],
        },
        { sql: "delete from policy where version < (select max(version) from policy)" },
      ]);
    },
  };
}
