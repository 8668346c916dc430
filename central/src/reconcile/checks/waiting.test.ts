/** What a store-day waits for, by its rows and by what is known beside them. */
import { LIMITS } from "@regulars/shared/limits";
import { expect, test } from "vitest";
import type { ArrivedEvent } from "../../intake/event-row.ts";
import { judgedDay } from "../../testing/judged-day.ts";
import { createShiftTill, inEpochTwo } from "../../testing/shift-till.ts";
import { checkDay } from "./checks.ts";
import { checkUnclosed, firstOverdueMs } from "./open-shifts.ts";
import { checkZNumbers, firstAheadMs } from "./z-report.ts";
import { waitingOf } from "./waiting.ts";

const LINE = { file: 1, line: 2, batch: null, reference: "-", currency: "GBP" };

test("REC2 a day whose card payments were all booked on the next one waits for no file of its own", () => {
  const till = createShiftTill("till-1");
  const tenders = [{ type: "card", amountMinor: 500, reference: "ch_1" }];
  till.capture("sale", { receipt: "r1", currency: "GBP", lines: [], tenders, totalMinor: 500 });
  const line = { ...LINE, businessDay: "2026-11-21", amountMinor: 500 };
  const settlement = { firstDay: "2026-11-01", lines: [], others: [] };
  const waits = { for: "settlement", source: null };
  expect(waitingOf(judgedDay(till.items, { settlement }))).toMatchObject([waits]);
  const other = { ...settlement, lines: [{ ...line, reference: "ch_2" }] };
  expect(waitingOf(judgedDay(till.items, { settlement: other }))).toMatchObject([waits]);
  const booked = { ...settlement, lines: [{ ...line, reference: "ch_1" }] };
  expect(waitingOf(judgedDay(till.items, { settlement: booked }))).toEqual([]);
});

const kinds = (items: readonly ArrivedEvent[]) =>
  checkDay(judgedDay(items)).map(({ kind }) => kind);

test("REC2 a Z in a new epoch waits for the count that was the last row of the old one, and differs from nothing", () => {
  const till = createShiftTill("till-1");
  till.open(1, 10_000);
  till.sale(500);
  till.close(1, 10_400, "wrong_change");
  const [opened, sale, count, close] = till.items;
  if (!opened || !sale || !count || !close) throw new Error("a shift is four rows");
  const early = [opened, sale, inEpochTwo(close, 1)];
  expect(kinds(early)).not.toContain("z_differs");
  expect(waitingOf(judgedDay(early))).toMatchObject([{ for: "rows", source: "till-1", count: 1 }]);
  const whole = [opened, sale, count, inEpochTwo(close, 1)];
  expect(kinds(whole)).not.toContain("z_differs");
  expect(waitingOf(judgedDay(whole))).toEqual([]);
});

test("REC2 a shift that its till has left is waited for a week, and is a question then", () => {
  const till = createShiftTill("till-1");
  till.open(3, 10_000);
  till.sale(500);
  const day = judgedDay(till.items);
  const at = (nowMs: number) => judgedDay(till.items, { nowMs });
  expect(waitingOf(day)).toMatchObject([{ for: "z_report", source: "till-1" }]);
  const dueMs = firstOverdueMs(day) ?? 0;
  expect(dueMs).toBe(day.endMs + LIMITS.zWaitMs);
  expect(checkUnclosed(at(dueMs - 1))).toEqual([]);
  expect(waitingOf(at(dueMs))).toEqual([]);
  expect(checkUnclosed(at(dueMs))).toMatchObject([
    { kind: "z_number", source: "till-1", seq: 1, evidence: { number: 3, of: "open" } },
  ]);
});

test("REC2 a Z whose number is ahead of the epochs that are here is waited with for a week, and is a question then", () => {
  const till = createShiftTill("till-1");
  till.open(4, 10_000);
  till.close(4, 10_000);
  const items = till.items
    .map((item, at) => inEpochTwo(item, at + 1))
    .map((item) => ({ ...item, body: item.body.replace('"shift":"1/1"', '"shift":"2/1"') }));
  const close = { source: "till-1", epoch: 2, seq: 3 };
  const before = { source: "till-1", epoch: 1, seq: 90, number: 2 };
  const numberedBefore = new Map([["till-1/2/3", { before, missing: 0 }]]);
  const day = judgedDay(items, { numberedBefore });
  const dueMs = firstAheadMs(day) ?? 0;
  expect(dueMs).toBe((items[2]?.acceptedAtMs ?? 0) + LIMITS.zWaitMs);
  expect(waitingOf(day)).toMatchObject([{ for: "rows", source: "till-1" }]);
  const later = judgedDay(items, { numberedBefore, nowMs: dueMs });
  expect(waitingOf(later)).toEqual([]);
  expect(checkZNumbers(later)).toMatchObject([
    { kind: "z_number", ...close, evidence: { number: 4, expected: 3 } },
  ]);
});

test("REC2 numbers that more shifts were skipped by than fit the missing rows are a question, the others are not", () => {
  const till = createShiftTill("till-1");
  till.open(5, 10_000);
  till.close(5, 10_000);
  const before = { source: "till-1", epoch: 1, seq: 0, number: 1 };
  const of = (missing: number) =>
    checkZNumbers(
      judgedDay(till.items, { numberedBefore: new Map([["till-1/1/3", { before, missing }]]) }),
    );
  // 2, 3 and 4: two whole shifts, and one of which the `open` may be here.
  expect(of(5)).toEqual([]);
  const found = {
    kind: "z_number",
    source: "till-1",
    seq: 3,
    evidence: { number: 5, expected: 2 },
  };
  expect(of(4)).toMatchObject([found]);
  expect(of(0)).toMatchObject([found]);
});
