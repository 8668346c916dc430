import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { openDatabase } from "./open-database.ts";

const FULL = 2;
const NORMAL = 1;

test("CAP2: a capture commits with full sync, also among relaxed writes that came with it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-sync-"));
  const storage = openDatabase(join(folder, "till.db"));
  const syncNow = async () => (await rowsOf(storage, "pragma synchronous"))[0]?.["synchronous"];
  await storage.write([{ sql: "create table t (v integer)" }]);
  expect(await syncNow()).toBe(FULL);
  const insert = [{ sql: "insert into t values (1)" }];
  await Promise.all([storage.relaxed.write(insert), storage.write(insert)]);
  expect(await syncNow()).toBe(FULL);
  await Promise.all([storage.write(insert), storage.relaxed.write(insert)]);
  expect(await syncNow()).toBe(NORMAL);
  expect(await rowsOf(storage, "select count(*) as n from t")).toEqual([{ n: 4 }]);
  storage.close();
  await rm(folder, { recursive: true });
});
