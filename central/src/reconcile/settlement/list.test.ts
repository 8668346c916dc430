import type { Storage } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFile, type TestDatabase, temporaryFolder } from "../../testing/database.ts";
import { walksIn } from "../../testing/plan.ts";
import { importText, PLAIN_MAPPING, storeStatement } from "../../testing/settlement.ts";
import {
  type DayPlace,
  daysQueries,
  differenceOf,
  fileDaysQuery,
  fileQuery,
  filesQuery,
  linesQuery,
  readDays,
  readFile,
  readFileDays,
  readFiles,
  readLines,
} from "./list.ts";

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;

const HEAD = "date,reference,amount,store,batch\n";
const take = (lines: readonly string[]) =>
  importText(storage, folder.path, `${HEAD}${lines.join("\n")}\n`, () => PLAIN_MAPPING);

beforeAll(async () => {
  database = await openFile();
  storage = database.storage;
  folder = await temporaryFolder();
  await storage.write(
    ["store-1", "store-2", "store-3", "cash-only"].map((store) => storeStatement(store)),
  );
  await take([
    "2026-11-20,r1,10.00,store-1,b",
    "2026-11-20,r2,5.00,store-1,b",
    "2026-11-20,r3,7.00,store-2,b",
    "2026-11-19,r4,1.00,store-3,b",
  ]);
  await take(["2026-11-20,r5,2.00,store-1,b", "2026-11-18,r6,1.00,store-1,b"]);
  await storage.write([
    { sql: `insert into store_day (store, business_day, state, since_ms) values ('cash-only', '2026-11-20', 'complete', 1), ('store-3', '2026-11-20', 'waiting', 1)` },
    { sql: `update store_day set figures = '{"tenders":{"card":{"GBP":1800},"cash":{"GBP":99}}}' where store = 'store-1' and business_day = '2026-11-20'` },
    { sql: `update store_day set figures = '{"tenders":{"card":{"GBP":400,"EUR":300}}}' where store = 'store-3' and business_day = '2026-11-20'` },
  ]); // prettier-ignore
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

const short = (days: Awaited<ReturnType<typeof readDays>>["days"]) =>
  days.map((day) => [
    day.businessDay,
    day.store,
    day.currency,
    day.cardMinor,
    day.settledMinor,
    differenceOf(day),
  ]);

const ALL = [
  ["2026-11-20", "store-1", "GBP", 1_800, 1_700, -100],
  ["2026-11-20", "store-2", "GBP", null, 700, null],
  ["2026-11-20", "store-3", "EUR", 300, null, null],
  ["2026-11-20", "store-3", "GBP", 400, null, null],
  ["2026-11-19", "store-3", "GBP", null, 100, null],
  ["2026-11-18", "store-1", "GBP", null, 100, null],
];

test.each([1, 2, 3, 100])(
  "store-days stand with what was taken and what was settled, %i on a page",
  async (limit) => {
    const seen = [];
    let after: DayPlace | null = null;
    do {
      const page: Awaited<ReturnType<typeof readDays>> = await readDays(
        storage,
        {},
        { after, limit },
      );
      seen.push(...short(page.days));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(ALL);
  },
);

const shortOf = async (filter: object) =>
  short((await readDays(storage, filter, { after: null, limit: 50 })).days);

test("one store, one day, or both", async () => {
  expect(await shortOf({ store: "store-1" })).toEqual(
    ALL.filter(([, store]) => store === "store-1"),
  );
  expect(await shortOf({ day: "2026-11-20" })).toEqual(ALL.filter(([day]) => day === "2026-11-20"));
  expect(await shortOf({ store: "store-3", day: "2026-11-19" })).toEqual([ALL[4]]);
});

test("files, what is in them, and their days", async () => {
  const { files, next } = await readFiles(storage, { before: null, limit: 1 });
  expect(files.map(({ n, lines, amountMinor }) => [n, lines, amountMinor])).toEqual([[2, 2, 300]]);
  expect((await readFiles(storage, { before: next, limit: 1 })).files[0]).toMatchObject({
    n: 1,
    lines: 4,
  });
  expect(await readFile(storage, 1)).toMatchObject({
    n: 1,
    firstDay: "2026-11-19",
    lastDay: "2026-11-20",
  });
  expect(await readFile(storage, 9)).toBeNull();
  const first = await readLines(storage, 1, { after: 0, limit: 3 });
  expect(first.lines.map(({ reference }) => reference)).toEqual(["r1", "r2", "r3"]);
  expect(
    (await readLines(storage, 1, { after: first.next!, limit: 3 })).lines.map(({ line }) => line),
  ).toEqual([5]);
  expect(short(await readFileDays(storage, 1, 50))).toEqual([ALL[4], ALL[0], ALL[1]]);
});

describe("each list is found by an index", () => {
  test("files and their lines", async () => {
    for (const query of [filesQuery(5, 10), fileQuery(1), linesQuery(1, 0, 10)]) {
      expect(await walksIn(storage, query)).toEqual([]);
    }
    // What was found a moment before: the days of the file, and the sums of one day.
    expect(await walksIn(storage, fileDaysQuery(1, 10), ["f", "sums"])).toEqual([]);
  });

  test.each([
    {},
    { store: "store-1" },
    { day: "2026-11-20" },
    { store: "store-1", day: "2026-11-20" },
  ])("store-days of %j", async (filter) => {
    for (const after of [null, { businessDay: "2026-11-20", store: "store-2" }]) {
      for (const query of daysQueries(filter, after, 50)) {
        expect(await walksIn(storage, query, ["sums"])).toEqual([]);
      }
    }
  });
});
