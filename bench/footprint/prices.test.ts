import { expect, test } from "vitest";
import { type MonthlyUse, monthlyCost, PRICES } from "./prices.ts";

const NOTHING: MonthlyUse = {
  requests: 0,
  cpuMs: 0,
  objectRequests: 0,
  objectGbSeconds: 0,
  rowsRead: 0,
  rowsWritten: 0,
  storedGb: 0,
  centreRowsWritten: 0,
  centreRowsRead: 0,
  centreGb: 0,
};
const total = (use: Partial<MonthlyUse>): number =>
  monthlyCost({ ...NOTHING, ...use }).reduce((sum, { dollars }) => sum + dollars, 0);
const plans = PRICES.workersPlan + PRICES.turso.plan;

test("what the plans include costs nothing besides", () => {
  const included = { requests: 10e6, rowsWritten: 50e6, rowsRead: 25e9, storedGb: 5, centreGb: 24 };
  expect(total(included)).toBeCloseTo(plans, 9);
});

test.each<[Partial<MonthlyUse>, number]>([
  [{ requests: 12e6 }, 0.6],
  [{ cpuMs: 130e6 }, 2],
  [{ objectRequests: 21e6 }, 3],
  [{ objectGbSeconds: 1.4e6 }, 12.5],
  [{ rowsRead: 26e9 }, 1],
  [{ rowsWritten: 60e6 }, 10],
  [{ storedGb: 25 }, 4],
  [{ centreRowsWritten: 110e6 }, 8],
  [{ centreGb: 34 }, 5],
])("%o costs %d beyond them", (use, dollars) => {
  expect(total(use)).toBeCloseTo(plans + dollars, 9);
});
