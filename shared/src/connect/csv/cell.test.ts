import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellText, isScientific, readDecimal, readMoment, readYes } from "./cell.ts";

describe("CAP5: numbers of spreadsheets are decimal text, or nothing", () => {
  test.each<[string, "." | ",", string | null]>([
    ["2.55", ".", "2.55"],
    ["1,234.50", ".", "1234.50"],
    ["1.234,50", ",", "1234.50"],
    ["1 234,50", ",", "1234.50"],
    ["1\u202F234,50 €", ",", "1234.50"],
    ["1'234.50", ".", "1234.50"],
    ["£2.55", ".", "2.55"],
    ["-£2.55", ".", "-2.55"],
    ["GBP 2.55", ".", "2.55"],
    ["(12.50)", ".", "-12.50"],
    ["12,50-", ",", "-12.50"],
    ["−3", ".", "-3"],
    [".5", ".", "0.5"],
    ["-0", ".", "0"],
    ["1.5", ",", null],
    ["1,5", ".", null],
    ["1,23,456.00", ".", null],
    ["4.00639E+12", ".", null],
    ["12.50.3", ".", null],
    ["twelve", ".", null],
    ["1.", ".", null],
  ])("%s with the mark %s is %s", (raw, mark, decimal) => {
    expect(readDecimal(raw, mark)).toBe(decimal);
  });

  test("what was written with either mark, grouped or not, is read as it was", () => {
    const written = fc.record({
      minor: fc.integer({ min: -999_999_999, max: 999_999_999 }),
      mark: fc.constantFrom("." as const, "," as const),
      isGrouped: fc.boolean(),
    });
    fc.assert(
      fc.property(written, ({ minor, mark, isGrouped }) => {
        const digits = String(Math.abs(minor)).padStart(3, "0");
        const [whole, cents] = [digits.slice(0, -2), digits.slice(-2)];
        const group = mark === "." ? "," : ".";
        const shown = isGrouped ? whole.replaceAll(/\B(?=(\d{3})+$)/g, group) : whole;
        const sign = minor < 0 ? "-" : "";
        expect(readDecimal(`${sign}${shown}${mark}${cents}`, mark)).toBe(
          `${sign}${whole}.${cents}`,
        );
      }),
    );
  });

  test("no text throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readDecimal(text, ",");
        readMoment(text, { order: "dmy", zone: "Europe/Berlin", today: "2026-06-01" });
        expect(typeof cellText(text)).toBe("string");
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("times of files", () => {
  const today = "2026-06-01";
  test.each<[string, "dmy" | "mdy" | "ymd", string, string | null]>([
    ["2010-12-01 08:26:00", "dmy", "Europe/London", "2010-12-01T08:26:00.000Z"],
    ["2010-06-01T08:26", "dmy", "Europe/London", "2010-06-01T07:26:00.000Z"],
    ["2010-06-01T08:26:00Z", "dmy", "Europe/London", "2010-06-01T08:26:00.000Z"],
    ["03/04/2026 14:05", "dmy", "UTC", "2026-04-03T14:05:00.000Z"],
    ["03/04/2026 2:05 PM", "mdy", "UTC", "2026-03-04T14:05:00.000Z"],
    ["12/1/10 8:26", "mdy", "UTC", "2010-12-01T08:26:00.000Z"],
    ["31.12.2025", "dmy", "Europe/Berlin", "2025-12-30T23:00:00.000Z"],
    ["20251231", "ymd", "UTC", "2025-12-31T00:00:00.000Z"],
    // The order is the column's: no value decides for itself.
    ["12/31/2025", "dmy", "UTC", null],
    ["31/02/2025", "dmy", "UTC", null],
    ["03/04/2026 25:00", "dmy", "UTC", null],
    ["44197", "dmy", "UTC", null],
    ["yesterday", "dmy", "UTC", null],
  ])("%s, %s, in %s is %s", (raw, order, zone, at) => {
    expect(readMoment(raw, { order, zone, today })).toBe(at);
  });
});

test("a spreadsheet's roundings and its words for yes and nothing are known", () => {
  expect(["4.00639E+12", "4,00639e+12", "4E12"].every(isScientific)).toBe(true);
  expect(["4006390000000", "E12", "12E"].some(isScientific)).toBe(false);
  expect(["yes", "Ja", "1", "TRUE"].map(readYes)).toEqual([true, true, true, true]);
  expect(["no", "0", "unsubscribed"].map(readYes)).toEqual([false, false, false]);
  expect(readYes("perhaps")).toBeNull();
  expect([" N/A ", "null", "-", " x "].map(cellText)).toEqual(["", "", "", "x"]);
});
