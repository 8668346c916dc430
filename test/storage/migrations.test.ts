import { fileURLToPath } from "node:url";
import { type Migration, migrate } from "@regulars/shared/storage/migrate";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { expect, onTestFinished, test } from "vitest";
import { DIRECTORY_MIGRATIONS } from "../../edge/src/directory/directory.ts";
import { INBOX_MIGRATIONS } from "../../edge/src/inbox/tables.ts";
import { PROFILE_MIGRATIONS } from "../../edge/src/profile/tables.ts";
import { MIGRATIONS as TILL_MIGRATIONS } from "../../store-agent/src/db/migrations.ts";
import { createMemoryStorage } from "./memory.ts";

const CENTRE_MIGRATIONS = readMigrationFiles({
  migrationsFolder: fileURLToPath(import.meta.resolve("../../central/src/db/migrations")),
}).map(({ folderMillis, sql }) => ({ id: String(folderMillis), statements: sql }));

const TIERS = { CENTRE_MIGRATIONS, DIRECTORY_MIGRATIONS, INBOX_MIGRATIONS, PROFILE_MIGRATIONS, TILL_MIGRATIONS }; // prettier-ignore

class Killed extends Error {}

function openMemory(): Storage {
  const storage = createMemoryStorage();
  onTestFinished(() => storage.close());
  return storage;
}

/** Dies at the nth write: before it, or after it and before anybody has heard. */
function dying(storage: Storage, at: number, when: "before" | "after"): Storage {
  let writes = 0;
  return {
    read: (queries) => storage.read(queries),
    async write(statements) {
      const dies = ++writes === at;
      if (dies && when === "before") throw new Killed();
      await storage.write(statements);
      if (dies) throw new Killed();
    },
  };
}

const tablesOf = (storage: Storage) =>
  rowsOf(storage, "select type, name, sql from sqlite_master order by type, name");

for (const [tier, migrations] of Object.entries<readonly Migration[]>(TIERS)) {
  test(`SYN11: ${tier} that were interrupted at any write go on where they stood`, async () => {
    const whole = openMemory();
    await migrate(whole, migrations);
    const expected = await tablesOf(whole);
    // One write makes the list of what is done; each step is one more.
    for (let at = 1; at <= migrations.length + 1; at++) {
      for (const when of ["before", "after"] as const) {
        const storage = openMemory();
        await expect(migrate(dying(storage, at, when), migrations)).rejects.toThrow(Killed);
        await migrate(storage, migrations);
        await migrate(storage, migrations);
        expect(await tablesOf(storage), `${when} write ${at}`).toEqual(expected);
      }
    }
  });
}

test("SYN11: a step that fails leaves nothing of itself behind, and what was there stays", async () => {
  const storage = openMemory();
  const first = { id: "1", statements: ["create table kept (n integer)"] };
  await migrate(storage, [first]);
  await storage.write([{ sql: "insert into kept values (7)" }]);
  const broken = { id: "2", statements: ["create table half (n integer)", "alter table no add x"] };
  await expect(migrate(storage, [first, broken])).rejects.toThrow(/no such table/);
  const names = (await tablesOf(storage)).map(({ name }) => name);
  expect(names).toContain("kept");
  expect(names).not.toContain("half");
  expect(await rowsOf(storage, "select n from kept")).toEqual([{ n: 7 }]);
  const mended = { id: "2", statements: ["alter table kept add column m integer default 1"] };
  await migrate(storage, [first, mended]);
  expect(await rowsOf(storage, "select n, m from kept")).toEqual([{ n: 7, m: 1 }]);
});
