import { describe, expect, test } from "vitest";
import { PLAIN_MAPPING } from "../../testing/settlement.ts";
import type { SettlementMapping } from "./mapping.ts";
import { createLineReader } from "./read-line.ts";

const HEADER = ["date", "time", "amount", "fee", "reference", "store", "batch", "currency", "kind"];
const ZONES = new Map([
  ["store-1", "Europe/London"],
  ["store-2", "Asia/Tokyo"],
  ["new-store", null],
]);
const ROW = { date: "2026-11-20", amount: "34.95", reference: "r1", store: "store-1" };

function read(cells: Readonly<Record<string, string>>, mapping: Partial<SettlementMapping> = {}) {
  const reader = createLineReader({
    mapping: { ...PLAIN_MAPPING, ...mapping },
    header: HEADER,
    zones: ZONES,
    today: "2026-11-26",
  });
  const row: Readonly<Record<string, string>> = { ...ROW, ...cells };
  return reader.read(
    7,
    HEADER.map((name) => row[name] ?? ""),
  );
}

const lineOf = (...args: Parameters<typeof read>) => {
  const result = read(...args);
  return result.is === "line" ? result.line : result;
};
const columns = PLAIN_MAPPING.columns;

describe("CAP5 amounts are exact, however they are written", () => {
  test.each<[string, Partial<SettlementMapping>, number]>([
    ["34.95", {}, 3_495],
    ["£1,204.50", {}, 120_450],
    ["1.204,50 €", { decimalMark: ",", currency: "EUR" }, 120_450],
    ["1 204,50", { decimalMark: ",", currency: "EUR" }, 120_450],
    ["(12.50)", {}, -1_250],
    ["-£12.50", {}, -1_250],
    ["12.50-", {}, -1_250],
    ["0.10", {}, 10],
    ["1204", { currency: "JPY" }, 1_204],
    ["1.234", { currency: "KWD" }, 1_234],
    ["12.5000", {}, 1_250],
  ])("%s", (amount, mapping, minor) => {
    expect(lineOf({ amount }, mapping)).toMatchObject({ amountMinor: minor });
  });

  test.each<[string, Partial<SettlementMapping>, string]>([
    ["12.345", {}, "amount_too_exact"],
    ["12.5", { currency: "JPY" }, "amount_too_exact"],
    ["1.5.2", {}, "amount_unreadable"],
    ["twelve", {}, "amount_unreadable"],
    ["1e5", {}, "amount_unreadable"],
    ["", {}, "amount_unreadable"],
    ["99999999999999999999", {}, "amount_unreadable"],
  ])("%s is none", (amount, mapping, reason) => {
    expect(read({ amount }, mapping)).toEqual({
      is: "bad",
      problems: [{ line: 7, column: "amount", reason }],
    });
  });
});

describe("the business day is the store's", () => {
  const withTime = { columns: { ...columns, time: "time" } };
  test.each<[Readonly<Record<string, string>>, Partial<SettlementMapping>, string, string | null]>([
    [{}, {}, "2026-11-20", null],
    [{ date: "20/11/2026" }, { dateOrder: "dmy" }, "2026-11-20", null],
    [
      { date: "11/20/2026", time: "2:30:00 PM" },
      { dateOrder: "mdy", ...withTime },
      "2026-11-20",
      "2026-11-20T14:30:00.000Z",
    ],
    [{ date: "2026-11-20 23:30:00" }, { zone: "UTC" }, "2026-11-20", "2026-11-20T23:30:00.000Z"],
    [
      { date: "2026-11-20 23:30:00", store: "store-2" },
      { zone: "UTC" },
      "2026-11-21",
      "2026-11-20T23:30:00.000Z",
    ],
    [
      { date: "2026-11-20T23:30:00+09:00", store: "store-2" },
      {},
      "2026-11-20",
      "2026-11-20T14:30:00.000Z",
    ],
    [{ date: "2026-11-21 00:30:00" }, { dayFromHour: 4 }, "2026-11-20", "2026-11-21T00:30:00.000Z"],
    [{ date: "2026-07-01 23:30:00" }, { zone: "UTC" }, "2026-07-02", "2026-07-01T23:30:00.000Z"],
  ])("%j by %j", (cells, mapping, businessDay, at) => {
    expect(lineOf(cells, mapping)).toMatchObject({
      businessDay,
      atMs: at === null ? null : Date.parse(at),
    });
  });

  test.each(["2026-13-20", "2026-02-30", "yesterday", ""])(
    "%j is no date of this order",
    (date) => {
      expect(read({ date })).toMatchObject({
        problems: [{ column: "date", reason: "date_unreadable" }],
      });
    },
  );
});

test("stores are known by their id, or by what the file calls them", () => {
  expect(lineOf({ store: "High Street" }, { stores: { "High Street": "store-1" } })).toMatchObject({
    store: "store-1",
  });
  expect(read({ store: "High Street" })).toMatchObject({ problems: [{ reason: "store_unknown" }] });
  expect(read({ store: "new-store" })).toMatchObject({ problems: [{ reason: "zone_unknown" }] });
  expect(read({ store: "constructor" })).toMatchObject({ problems: [{ reason: "store_unknown" }] });
});

test("what the processor keeps is positive, whichever sign it is written with", () => {
  const withFee = { columns: { ...columns, fee: "fee" } };
  expect(lineOf({ fee: "0.77" }, withFee)).toMatchObject({ feeMinor: 77 });
  expect(lineOf({ fee: "-0.77" }, { ...withFee, feeSign: "negative" })).toMatchObject({
    feeMinor: 77,
  });
  expect(lineOf({ fee: "" }, withFee)).toMatchObject({ feeMinor: null });
  expect(read({ fee: "?%" }, withFee)).toMatchObject({
    problems: [{ column: "fee", reason: "fee_unreadable" }],
  });
});

test("other lines are left out, and money that went back is negative", () => {
  const only = {
    only: { column: "kind", values: ["Payment", "Refund"] },
    minus: { column: "kind", values: ["refund"] },
  };
  expect(read({ kind: "Payout" }, only).is).toBe("other");
  expect(lineOf({ kind: "payment" }, only)).toMatchObject({ amountMinor: 3_495 });
  expect(lineOf({ kind: "Refund" }, only)).toMatchObject({ amountMinor: -3_495 });
  expect(lineOf({ kind: "Refund", amount: "-34.95" }, only)).toMatchObject({ amountMinor: -3_495 });
  expect(read({ amount: "0.00" }).is).toBe("other");
});

test("all that is wrong with a line is told at once, and none of its values", () => {
  const result = read({ amount: "secret 1", date: "secret 2", reference: "", store: "secret 3" });
  expect(result).toMatchObject({ is: "bad" });
  expect(JSON.stringify(result)).not.toContain("secret");
  expect(result.is === "bad" && result.problems.map(({ reason }) => reason)).toEqual([
    "amount_unreadable",
    "reference_missing",
    "store_unknown",
    "date_unreadable",
  ]);
});
