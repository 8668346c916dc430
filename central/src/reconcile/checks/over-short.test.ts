/** What is a trend of an operator, and what is chance. */
import { expect, test } from "vitest";
import { isTrend, medianOf } from "./over-short.ts";

const closes = (...differences: readonly number[]) =>
  differences.map((differenceMinor) => ({ currency: "GBP", differenceMinor }));

/** A small generator (mulberry32), so that each seed is one history. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed around `bias`, in minor units. */
function history(seed: number, bias: number, spread: number): ReturnType<typeof closes> {
  const random = randomOf(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return closes(...Array.from({ length: 12 }, () => Math.round(bias + normal() * spread)));
}

const SEEDS = 5_000;
const shareOf = (bias: number, spread: number): number =>
  Array.from({ length: SEEDS }, (_, seed) => isTrend(history(seed, bias, spread))).filter(Boolean)
    .length / SEEDS;

test("REC2 drawers that are off by chance make a trend less than once in two hundred, and those that lose much do", () => {
  expect(shareOf(0, 300)).toBeLessThan(0.005);
  expect(shareOf(-700, 300)).toBeGreaterThan(0.9);
});

test("one large mistake is no trend, nor are five closes, nor coins", () => {
  expect(isTrend(closes(0, 0, 0, 0, 0, -50_000))).toBe(false);
  expect(isTrend(closes(-250, -250, -250, -250, -250))).toBe(false);
  expect(isTrend(closes(-250, -250, -250, -250, -250, -250))).toBe(true);
  expect(isTrend(closes(-99, -99, -99, -99, -99, -99))).toBe(false);
});

test("of an even number the median is the one nearer to nothing", () => {
  expect(medianOf([-300, 0, -300, 0])).toBe(0);
  expect(medianOf([5, 1, 9])).toBe(5);
});
