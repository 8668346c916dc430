import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { openDatabase } from "../../store-agent/src/db/open-database.ts";
import { storageContract } from "./contract.ts";
import { createMemoryStorage } from "./memory.ts";
import { findSqld, type SqldServer, startSqld } from "./sqld.ts";

storageContract("SQLite in memory", async (use) => {
  const storage = createMemoryStorage();
  try {
    await use(storage);
  } finally {
    storage.close();
  }
});

test("SQLite in memory keeps the limit of a Durable Object: 100 arguments", async () => {
  const storage = createMemoryStorage();
  const args = Array.from({ length: 101 }, () => 1);
  const sql = `select ${args.map(() => "?").join(", ")}`;
  await expect(storage.read([{ sql, args }])).rejects.toThrow("more than 100");
  storage.close();
});

storageContract("a libSQL file", async (use) => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-storage-"));
  const storage = openDatabase(join(folder, "test.db"));
  try {
    await use(storage);
  } finally {
    storage.close();
    await rm(folder, { recursive: true });
  }
});

const binary = findSqld();
describe.skipIf(binary === null)(
  "libSQL server (skipped where npm has none for the platform)",
  () => {
    let server: SqldServer;
    beforeAll(async () => {
      server = await startSqld(binary ?? "");
    });
    afterAll(() => server.stop());

    storageContract("a libSQL server", async (use) => {
      const storage = createLibsqlStorage(() => createClient({ url: server.url }));
      try {
        await use(storage);
      } finally {
        await dropTables(storage);
        storage.close();
      }
    });
  },
);

/** The server starts once for the suite, and has one database. */
async function dropTables(storage: ReturnType<typeof createLibsqlStorage>): Promise<void> {
  const [rows = []] = await storage.read([
    { sql: "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'" },
  ]);
  await storage.write(rows.map((row) => ({ sql: `drop table "${String(row["name"])}"` })));
}
