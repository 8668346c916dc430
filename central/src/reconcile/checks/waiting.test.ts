/** What a store-day waits for, by its rows and by what is known beside them. */
import { expect, test } from "vitest";
import { judgedDay } from "../../testing/judged-day.ts";
import { createShiftTill } from "../../testing/shift-till.ts";
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
