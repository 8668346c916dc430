import { stat } from "node:fs/promises";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { createClient } from "@libsql/client";
import { migrate } from "@regulars/shared/storage/migrate";
import { clientIdOf } from "@regulars/shared/ids";
import { bytesOf, numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { pushAll } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { sale, SOURCE, STORE } from "../../testing/settings.ts";
import { openTill, temporaryFolder } from "../../testing/till.ts";
import { contributionOf, STATE_COLUMNS } from "../fragments/stored-fragment.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openDatabase } from "./open-database.ts";
import { openFolder } from "./open-folder.ts";

const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;

async function pagesOf(storage: Storage): Promise<{ mode: number; free: number }> {
  const [row] = await rowsOf(
    storage,
    `select auto_vacuum as mode, freelist_count as free
     from pragma_auto_vacuum, pragma_freelist_count`,
  );
  return { mode: numberOf(row!, "mode"), free: numberOf(row!, "free") };
}

test("CAP7: a database shrinks by the rows that leave it, and so does its log", async () => {
  const edge = createFakeEdge();
  edge.goldenBut = 0;
  const till = await openTill({
    edge,
    sizes: { keptRows: 10, segmentRows: 1_000, blockRows: 100 },
  });
  for (let n = 0; n < 3_060; n += 60) {
    await Promise.all(Array.from({ length: 60 }, () => till.captured(sale())));
  }
  await pushAll(till);
  await till.sync.pull();
  const [before] = await rowsOf(till.storage, "select page_count as n from pragma_page_count");
  await till.moveRows();
  const [after] = await rowsOf(till.storage, "select page_count as n from pragma_page_count");
  expect(numberOf(after!, "n")).toBeLessThan(numberOf(before!, "n") / 5);
  expect(await pagesOf(till.storage)).toEqual({ mode: 2, free: 0 });
  await till.close();
  expect(await sizeOf(join(till.dataDir, "store-agent.db"))).toBeLessThan(300_000);
}, 60_000);

/** As it was made before there was an archive: it gives no page back. */
async function openOld(dataDir: string, rowBytes: number, rows: number): Promise<void> {
  const file = join(dataDir, "store-agent.db");
  const client = createClient({ url: `file:${file}` });
  await client.executeMultiple("pragma auto_vacuum = none; create table bulk (bytes blob)");
  client.close();
  const storage = openDatabase(file);
  await migrate(storage, MIGRATIONS);
  for (let n = 0; n < rows; n++) {
    await storage.write([{ sql: "insert into bulk values (zeroblob(?))", args: [rowBytes] }]);
  }
  await storage.write([{ sql: "drop table bulk" }]);
  storage.close();
}

test("CAP7: a database from before is rebuilt once, when most of it is free", async () => {
  for (const [rows, mode] of [
    [2, 0],
    [20, 2],
  ] as const) {
    const dataDir = await temporaryFolder();
    await openOld(dataDir, 1_000_000, rows);
    const folder = await openFolder({ dataDir, source: SOURCE, store: STORE });
    expect((await pagesOf(folder.storage)).mode).toBe(mode);
    await folder.close();
  }
});

test("CAP7: a fragment from before it was compressed is read as what it said", async () => {
  const dataDir = await temporaryFolder();
  const storage = openDatabase(join(dataDir, "store-agent.db"));
  const till = await openTill();
  const customer = { email: "ada@example.org", givenName: "Ada" };
  await till.captured(sale({ customer }));
  const [row] = await rowsOf(
    till.storage,
    `select key, epoch, keys, ${STATE_COLUMNS} from fragment`,
  );
  const contribution = contributionOf(row!, clientIdOf(SOURCE, 1));
  await migrate(storage, MIGRATIONS.slice(0, 3));
  await storage.write([
    {
      sql: "insert into fragment (key, epoch, contribution, state) values (?, ?, ?, ?)",
      args: [row!["key"]!, 1, JSON.stringify(contribution), inflateRawSync(bytesOf(row!, "state"))],
    },
  ]);
  await migrate(storage, MIGRATIONS);
  const [moved] = await rowsOf(storage, `select key, epoch, keys, ${STATE_COLUMNS} from fragment`);
  expect(moved).toMatchObject({ packed: 0, keys: row!["keys"] });
  expect(contributionOf(moved!, clientIdOf(SOURCE, 1))).toEqual(contribution);
  storage.close();
});
