import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, jaroWinkler } from "./strings.ts";

/** Few letters, so that many of them are in common. */
const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 9 });

describe("Jaro-Winkler", () => {
  test.each([
    ["martha", "marhta", 0.9611],
    ["dwayne", "duane", 0.84],
    ["dixon", "dicksonx", 0.8133],
    ["jones", "johnson", 0.8324],
    ["same", "same", 1],
    ["abc", "xyz", 0],
    ["", "a", 0],
  ])("%s and %s are %d alike, as published", (a, b, likeness) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(likeness, 4);
  });

  test("IDN2 whichever text comes first, the answer is the same to the last bit", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(jaroWinkler(a, b)).toBe(jaroWinkler(b, a));
      }),
    );
  });

  test("lies between 0 and 1, and is 1 of equal texts only", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const likeness = jaroWinkler(a, b);
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(likeness === 1).toBe(a === b);
      }),
    );
  });
});

/** By its definition: the last sign of either is left out, replaced, kept, or the last two are exchanged. */
function plainDistance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [restA, restB] = [a.slice(0, -1), b.slice(0, -1)];
  const ways = [
    plainDistance(restA, b) + 1,
    plainDistance(a, restB) + 1,
    plainDistance(restA, restB) + Number(a.at(-1) !== b.at(-1)),
  ];
  const isExchanged =
    a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  if (isExchanged) ways.push(plainDistance(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...ways);
}

describe("edit distance", () => {
  const short = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });

  test("is the plain definition's, up to its bound, from either side", () => {
    fc.assert(
      fc.property(short, short, fc.integer({ min: 0, max: 4 }), (a, b, max) => {
        const distance = Math.min(plainDistance(a, b), max + 1);
        expect(editDistance(a, b, max)).toBe(distance);
        expect(editDistance(b, a, max)).toBe(distance);
      }),
    );
  });

  test.each([
    ["", "", 0],
    ["abcd", "abdc", 1],
    ["1980-05-04", "1980-05-14", 1],
    ["abc", "abcdef", 3],
  ])("%s becomes %s in %d edits", (a, b, distance) => {
    expect(editDistance(a, b, 2)).toBe(distance);
  });
});
