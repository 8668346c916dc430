import fc from "fast-check";
import { expect, test } from "vitest";
import { looseDecimal } from "./loose-money.ts";

test.each([
  ["25", "25"],
  ["25.5", "25.5"],
  ["$25.00", "25.00"],
  ["25,00", "25.00"],
  ["25,00 €", "25.00"],
  ["1.234,50 €", "1234.50"],
  ["USD 1,234.50", "1234.50"],
  ["1,234,567", "1234567"],
  ["1'234.50", "1234.50"],
  ["1 234,50", "1234.50"],
  ["-$3.10", "-3.10"],
  ["-3.10", "-3.10"],
])("%s has one reading", (text, decimal) => {
  expect(looseDecimal(text)).toBe(decimal);
});

test.each([
  "1,234",
  "$1.234,5,6",
  "",
  "free",
  "25.00.1",
  "1e3",
  "$",
  "12-13",
  "NaN",
  "--1",
  "1,23,4",
  `1${" ".repeat(60)}x`,
])("%s has two readings, or none", (text) => {
  expect(looseDecimal(text)).toBeNull();
});

test("an amount that was formatted is the amount", () => {
  const minor = fc.integer({ min: 0, max: 999_999_999 });
  const style = fc.constantFrom("en-US", "de-DE", "fr-FR", "de-CH");
  fc.assert(
    fc.property(minor, style, (cents, locale) => {
      const shown = (cents / 100).toLocaleString(locale, { minimumFractionDigits: 2 });
      expect(Number(looseDecimal(shown.replaceAll("’", "'")))).toBeCloseTo(cents / 100, 6);
    }),
  );
});
