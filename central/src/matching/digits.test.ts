import fc from "fast-check";
import { expect, test } from "vitest";
import { isOneEdit, lastNineOf, NOT_DIGITS } from "./digits.ts";
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

test.each([
  ["+447700900123", 700_900_123],
  ["000000007", 7],
  ["00000007", NOT_DIGITS],
  ["123456-789", NOT_DIGITS],
  ["", NOT_DIGITS],
])("the last nine digits of %s are %d", (text, digits) => {
  expect(lastNineOf(text)).toBe(digits);
});
