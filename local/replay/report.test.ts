import { describe, expect, test } from "vitest";
import { NOTHING_SENT } from "./capture-invoices.ts";
import { NOTHING_COMPARED } from "./compare.ts";
import { isGood, type Report, reportOf } from "./report.ts";

const findings = {
  sent: { ...NOTHING_SENT, invoices: 2, anonymous: 1, moneyMinor: { GBP: 300 } },
  compared: { ...NOTHING_COMPARED, events: 3, captured: 2, golden: 2, moneyMinor: { GBP: 300 } },
  totals: {
    events: { sale: 2, claim: 1 },
    money: { GBP: { sale: 400, return: -100 } },
    customers: 1,
    sourceRecords: 1,
    forks: 0,
    quarantined: 0,
  },
  lagMs: { capturedToMerged: null, capturedToGolden: null },
  wallSeconds: 2,
  resumed: false,
  restarts: { agent: 1 },
  peakMemoryMb: { replay: 100 },
};

describe("a replay's report", () => {
  const report = reportOf(findings);

  test("adds the centre's money up over its kinds, and counts per second", () => {
    expect(report.moneyMinor.centre).toEqual({ GBP: 300 });
    expect(report.eventsPerSecond).toBe(1.5);
    expect(isGood(report)).toBe(true);
  });

  test.each([
    ["something is lost", { lost: 1 }],
    ["something is there twice", { duplicated: 1 }],
    ["something is not golden", { golden: 1 }],
    ["a penny is missing", { moneyMinor: { ...report.moneyMinor, centre: { GBP: 299 } } }],
    ["a currency is missing", { moneyMinor: { ...report.moneyMinor, captured: {} } }],
    ["a currency too many", { moneyMinor: { ...report.moneyMinor, centre: { GBP: 300, EUR: 1 } } }],
  ] satisfies [string, Partial<Report>][])("is not good when %s", (_name, change) => {
    expect(isGood({ ...report, ...change })).toBe(false);
  });
});
