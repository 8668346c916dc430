import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { describe, expect, test } from "vitest";
import { walksIn } from "../../testing/plan.ts";
import { importText, PLAIN_MAPPING, SQUARE_FILE } from "../../testing/settlement.ts";
import { PLAIN_HEAD, useSettlementDesk } from "../../testing/settlement-desk.ts";
import { importOf, storedQuery } from "./import-file.ts";
import type { SettlementMapping } from "./mapping.ts";
import { recallMapping } from "./remembered.ts";
import { storesQuery } from "./stores.ts";

const desk = useSettlementDesk();
const { take } = desk;

async function counted(): Promise<Record<string, number>> {
  const tables = ["settlement_file", "settlement_line", "audit", "reconciliation"];
  const counts = await desk.storage.read(
    tables.map((table) => ({ sql: `select count(*) as count from ${table}` })),
  );
  return Object.fromEntries(tables.map((table, at) => [table, numberOf(counts[at]![0]!, "count")]));
}

test("REC2 a file is taken whole: its lines, its sums, who brought it, and the days to be checked", async () => {
  const taken = await take([
    "2026-11-20,r1,34.95,store-1,b1",
    "2026-11-20,r2,-5.00,store-1,b1",
    "2026-11-21,r3,1.00,store-2,b1",
  ]);
  expect(taken).toEqual({ ok: true, value: { file: 1, lines: 3, known: 0, skipped: 0 } });
  expect(
    await rowsOf(
      desk.storage,
      "select line, store, business_day, reference, amount_minor from settlement_line",
    ),
  ).toEqual([
    { line: 2, store: "store-1", business_day: "2026-11-20", reference: "r1", amount_minor: 3_495 },
    { line: 3, store: "store-1", business_day: "2026-11-20", reference: "r2", amount_minor: -500 },
    { line: 4, store: "store-2", business_day: "2026-11-21", reference: "r3", amount_minor: 100 },
  ]);
  expect(
    await rowsOf(
      desk.storage,
      "select lines, currency, amount_minor, first_day, last_day, imported_by from settlement_file",
    ),
  ).toEqual([
    {
      lines: 3,
      currency: "GBP",
      amount_minor: 3_095,
      first_day: "2026-11-20",
      last_day: "2026-11-21",
      imported_by: "p-ada",
    },
  ]);
  const days = await rowsOf(
    desk.storage,
    "select store, business_day, dirty_ms from store_day order by store",
  );
  expect(days).toEqual([
    { store: "store-1", business_day: "2026-11-20", dirty_ms: 1_000 },
    { store: "store-2", business_day: "2026-11-21", dirty_ms: 1_000 },
  ]);
  const [audit] = await rowsOf(desk.storage, "select by, action, target from audit");
  expect(audit).toEqual({ by: "p-ada", action: "settlement.import", target: "settlement/1" });
  expect(
    (await recallMapping(desk.storage, ["date", "reference", "amount", "store", "batch"]))?.mapping,
  ).toEqual(PLAIN_MAPPING);
});

test("days close by that were waiting for a file are looked at anew", async () => {
  await desk.storage.write([
    {
      sql: "insert into store_day (store, business_day, state, since_ms) values ('store-1', '2026-11-19', 'waiting', 1)",
    },
  ]);
  await take(["2026-11-20,r1,34.95,store-1,b1"]);
  const [before] = await rowsOf(
    desk.storage,
    "select dirty_ms from store_day where business_day = '2026-11-19'",
  );
  expect(before).toEqual({ dirty_ms: 1_000 });
});

test("the same file twice is known by its bytes", async () => {
  await take(["2026-11-20,r1,34.95,store-1,b1"]);
  const again = await take(["2026-11-20,r1,34.95,store-1,b1"]);
  expect(again).toEqual({
    ok: false,
    reason: { is: "file", refusal: { reason: "same_file", file: 1 } },
  });
  expect(await counted()).toMatchObject({ settlement_file: 1, settlement_line: 1, audit: 1 });
  expect(await importOf(desk.storage, "another")).toBeNull();
});

describe("a file with something wrong leaves nothing behind", () => {
  const good = "2026-11-20,r1,34.95,store-1,b1";
  test.each<[string, readonly string[], Partial<SettlementMapping>, object]>([
    [
      "an amount that is none",
      [good, "2026-11-20,r2,x,store-1,b1"],
      {},
      { problems: [{ line: 3, column: "amount", reason: "amount_unreadable" }] },
    ],
    [
      "a store that is none",
      [good, "2026-11-20,r2,1.00,nowhere,b1"],
      {},
      { problems: [{ line: 3, column: "store", reason: "store_unknown" }] },
    ],
    [
      "a line that is cut off",
      [good, "2026-11-20,r2"],
      {},
      { problems: [{ line: 3, column: null, reason: "columns_differ" }] },
    ],
    [
      "a column that is not there",
      [good],
      { columns: { ...PLAIN_MAPPING.columns, fee: "Fee" } },
      { refusal: { reason: "column_missing", column: "Fee" } },
    ],
    ["no line at all", [], {}, { refusal: { reason: "no_lines" } }],
    [
      "two currencies",
      [`2026-11-20,r1,1.00,store-1,GBP`, `2026-11-20,r2,1.00,store-1,EUR`],
      { columns: { ...PLAIN_MAPPING.columns, batch: undefined, currency: "batch" } },
      { problems: [{ line: 3, column: "batch", reason: "currency_mixed" }] },
    ],
  ])("%s", async (_, lines, mapping, expected) => {
    const before = await counted();
    const refused = await take(lines, mapping);
    expect(refused).toMatchObject({ ok: false, reason: { is: "survey", survey: expected } });
    expect(await counted()).toEqual(before);
    expect(await rowsOf(desk.storage, "select 1 from store_day")).toEqual([]);
  });

  test("quotation marks that do not fit", async () => {
    const before = await counted();
    await expect(take([good, '2026-11-20,"r2,1.00,store-1,b1'])).rejects.toThrow("not_csv");
    expect(await counted()).toEqual(before);
  });

  test("a write that breaks off", async () => {
    const before = await counted();
    const broken: Storage = {
      read: (queries) => desk.storage.read(queries),
      write: () => Promise.reject(new Error("full")),
    };
    await expect(
      importText(broken, desk.folder, `${PLAIN_HEAD}${good}\n`, () => PLAIN_MAPPING),
    ).rejects.toThrow("full");
    expect(await counted()).toEqual(before);
  });
});

test("Square's file is taken in by its own shape", async () => {
  const mapping: SettlementMapping = {
    ...PLAIN_MAPPING,
    shape: "square",
    columns: {
      amount: "Card",
      reference: "Payment ID",
      date: "Date",
      time: "Time",
      fee: "Fees",
      store: "Location",
      batch: "Deposit ID",
    },
    dateOrder: "mdy",
    stores: { "High Street": "store-1" },
    only: { column: "Event Type", values: ["Payment", "Refund"] },
    feeSign: "negative",
  };
  const taken = await importText(desk.storage, desk.folder, SQUARE_FILE, () => mapping);
  expect(taken).toMatchObject({ ok: true, value: { lines: 2, skipped: 1 } });
  const [file] = await rowsOf(
    desk.storage,
    "select shape, amount_minor, fee_minor, skipped from settlement_file",
  );
  expect(file).toEqual({ shape: "square", amount_minor: 6_000, fee_minor: 185, skipped: 1 });
});

test("what is known is found by an index", async () => {
  const keys = JSON.stringify([["k", "r1", "GBP", 100, null]]);
  expect(await walksIn(desk.storage, storedQuery(keys))).toEqual([]);
  expect(await walksIn(desk.storage, storesQuery(), ["writer_store"])).toEqual([]);
});
