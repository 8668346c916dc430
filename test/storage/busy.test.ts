import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { expect, onTestFinished, test } from "vitest";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { rowsOf } from "@regulars/shared/storage/port";

test("CAP3: what is acknowledged after SQLITE_BUSY is in the file, for everybody", async () => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-busy-"));
  const url = `file:${join(folder, "test.db")}`;
  let opened = 0;
  const storage = createLibsqlStorage(() => {
    opened++;
    return createClient({ url });
  });
  // Of the same library: file locks belong to the process, so two SQLite libraries in it do not see each other's.
  const other = createClient({ url });
  onTestFinished(async () => {
    storage.close();
    other.close();
    await rm(folder, { recursive: true });
  });
  const insert = (id: number) =>
    storage.write([{ sql: "insert into item values (?)", args: [id] }]);

  await storage.write([{ sql: "create table item (id integer)" }]);
  const acknowledged: number[] = [];
  for (let round = 0; round < 5; round++) {
    const lock = await other.transaction("write");
    await expect(insert(100 + round)).rejects.toMatchObject({ code: "SQLITE_BUSY" });
    await lock.commit();
    await insert(round);
    acknowledged.push(round);
    const { rows } = await other.execute("select id from item order by id");
    expect(rows.map((row) => row["id"])).toEqual(acknowledged);
  }
  expect(await rowsOf(storage, "select count(*) as n from item")).toEqual([{ n: 5 }]);
  // Two for each refused batch: the client that met BUSY, and the one that met it again.
  expect(opened).toBe(1 + 2 * 5);
});
