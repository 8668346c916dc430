import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBirth } from "./compare.ts";
import { COMPARISONS } from "./comparisons.ts";
import { birthLevel, dateOf, isOneEdit, lastNineOf, NOT_DIGITS } from "./digits.ts";
import { editDistance } from "./strings.ts";

const nine = fc.stringMatching(/^[0-3]{9}$/);
/** With one digit replaced, or two neighbours exchanged, or both, or neither. */
const changed = (text: string, at: number, digit: string, other: number): string => {
  const replaced = text.slice(0, at) + digit + text.slice(at + 1);
  const [one = "", two = ""] = [replaced[other], replaced[other + 1]];
  return replaced.slice(0, other) + two + one + replaced.slice(other + 2);
};
const near = nine.chain((text) =>
  fc.tuple(
    fc.constant(text),
    fc
      .tuple(fc.nat(8), fc.constantFrom("0", "1", "7"), fc.nat(7))
      .map(([at, digit, other]) => changed(text, at, digit, other)),
  ),
);

test("IDN2 nine digits are one edit apart where their texts are, from either side", () => {
  fc.assert(
    fc.property(fc.oneof(near, fc.tuple(nine, nine)), ([a, b]) => {
      const isNear = editDistance(a, b, 1) <= 1;
      expect(isOneEdit(lastNineOf(a), lastNineOf(b))).toBe(isNear);
      expect(isOneEdit(lastNineOf(b), lastNineOf(a))).toBe(isNear);
    }),
    { numRuns: 1_000 },
  );
});

const part = (most: string) => fc.stringMatching(new RegExp(`^[0-${most}]{2}$`));
const date = fc
  .tuple(fc.constantFrom("1980", "1981", "1908", "1890"), part("1"), part("2"))
  .map((parts) => parts.join("-"));

test("IDN2 dates of birth as numbers come to the level that their texts come to", () => {
  fc.assert(
    fc.property(date, date, (a, b) => {
      expect(COMPARISONS.birth[birthLevel(dateOf(a), dateOf(b))]).toBe(compareBirth(a, b));
    }),
    { numRuns: 2_000 },
  );
});

test.each(["", "1980", "1980-05", "1980-05-041", "05/04/1980"])("%s is no whole date", (text) => {
  expect(dateOf(text)).toBe(NOT_DIGITS);
});

test.each([
  ["+447700900123", 700_900_123],
  ["000000007", 7],
  ["00000007", NOT_DIGITS],
  ["123456-789", NOT_DIGITS],
  ["", NOT_DIGITS],
])("the last nine digits of %s are %d", (text, digits) => {
  expect(lastNineOf(text)).toBe(digits);
});
