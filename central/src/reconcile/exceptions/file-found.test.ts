/** What a check run does to exceptions, whatever people have done with them meanwhile. */
import { rowsOf, textOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { emptyDatabase, openFile, type TestDatabase } from "../../testing/database.ts";
import type { Check, Found } from "../found.ts";
import { fileFound, standingOfRow, standingQuery } from "./file-found.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

const DAY = { store: "store-1", businessDay: "2026-11-21" };
const found = (amountMinor: number): Found => ({
  kind: "tenders_differ", about: "till-1/1/7", source: "till-1", epoch: 1, seq: 7, currency: "GBP",
  amountMinor, evidence: { totalMinor: 500, receipt: "r-7" },
}); // prettier-ignore

let nowMs = 0;
const standing = async () => {
  const [rows = []] = await database.storage.read([standingQuery(DAY)]);
  return rows.map((row) => standingOfRow(row));
};
async function file(of: readonly Found[], checks: readonly Check[] = ["tenders"]) {
  nowMs += 1;
  const filed = fileFound({ day: DAY, checks, found: of, standing: await standing(), nowMs });
  await database.storage.write(filed.statements);
  return filed.after;
}
const set = (state: string) =>
  database.storage.write([
    { sql: "update exception set state = ?, version = version + 1", args: [state] },
  ]);
const life = async () =>
  (await rowsOf(database.storage, "select action from exception_entry order by n")).map((row) =>
    textOf(row, "action"),
  );

test("REC2 found again it is the same exception, and nothing is written of it", async () => {
  expect(await file([found(-5)])).toEqual([{ state: "open", severity: "warning" }]);
  await file([found(-5)]);
  expect(await standing()).toMatchObject([{ state: "open", version: 1 }]);
  expect(await life()).toEqual(["opened"]);
});

test("REC2 what was judged stays judged by the same evidence, and other evidence opens it again", async () => {
  await file([found(-5)]);
  for (const state of ["explained", "approved"]) {
    await set(state);
    expect(await file([found(-5)])).toEqual([{ state, severity: "warning" }]);
  }
  expect(await life()).toEqual(["opened"]);
  expect(await file([found(-6)])).toEqual([{ state: "open", severity: "warning" }]);
  await file([found(-7)]);
  expect(await life()).toEqual(["opened", "reopened", "changed"]);
});

test("REC2 found no more it is settled, with its entry, and found after that it is open again", async () => {
  await file([found(-5)]);
  expect(await file([])).toEqual([{ state: "settled", severity: "warning" }]);
  await file([]);
  expect(await file([found(-5)])).toEqual([{ state: "open", severity: "warning" }]);
  expect(await life()).toEqual(["opened", "settled", "reopened"]);
});

test("exceptions of checks that have not looked are left as they are", async () => {
  await file([found(-5)]);
  expect(await file([], ["journal"])).toEqual([{ state: "open", severity: "warning" }]);
  expect(await life()).toEqual(["opened"]);
});

test("REC2 where a person was quicker nothing of the check's write stands", async () => {
  await file([found(-5)]);
  const stale = await standing();
  await set("explained");
  const other: Found = { ...found(1), about: "till-1/1/8", seq: 8 };
  const filed = fileFound({
    day: DAY,
    checks: ["tenders"],
    found: [other],
    standing: stale,
    nowMs: 9,
  });
  await expect(database.storage.write(filed.statements)).rejects.toThrow(/NOT NULL/);
  expect(await standing()).toMatchObject([{ state: "explained" }]);
  expect(await life()).toEqual(["opened"]);
});
