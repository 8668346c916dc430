import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@regulars/shared/limits";
import type { LibsqlStorage } from "@regulars/shared/storage/libsql";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "./open-database.ts";

const ROW = "x".repeat(4_096);
/** In so many commits of one row, and less log than SQLite takes over by itself: three pages and a bit for each. */
const COMMITS = 480;
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-log-"));
  file = join(folder, "till.db");
});
afterEach(() => rm(folder, { recursive: true }));

async function fill(storage: LibsqlStorage, rows: number): Promise<void> {
  for (let n = 0; n < rows; n++) {
    await storage.relaxed.write([{ sql: "insert into t values (?)", args: [ROW] }]);
  }
}

const countIn = async (storage: LibsqlStorage) =>
  (await rowsOf(storage, "select count(*) as n from t"))[0]?.["n"];

/** A log that begins anew has another salt. */
const saltOfLog = () => readFileSync(`${file}-wal`).subarray(16, 24).toString("hex");

for (const key of [undefined, "0".repeat(64)]) {
  test(`CAP2: the log is taken over beside the captures, and begins anew, ${key ? "encrypted" : "plain"}`, async () => {
    const storage = openDatabase(file, key);
    await storage.write([{ sql: "create table t (v text)" }]);
    const before = saltOfLog();
    await fill(storage, COMMITS);
    await vi.waitFor(
      async () => {
        await fill(storage, 1);
        expect(saltOfLog()).not.toBe(before);
      },
      { interval: 5 },
    );
    expect(statSync(file).size).toBeGreaterThan(COMMITS * ROW.length);
    expect(statSync(`${file}-wal`).size).toBeLessThan(LIMITS.databaseLogBytes / 2);
    storage.close();
  });
}

test("CAP2: a database that is closed while its log is taken over is whole", async () => {
  const storage = openDatabase(file);
  await storage.write([{ sql: "create table t (v text)" }]);
  await fill(storage, COMMITS);
  storage.close();
  const again = openDatabase(file);
  expect(await countIn(again)).toBe(COMMITS);
  expect(await rowsOf(again, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
  again.close();
});
