import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { BREAKS, type Broken } from "./breaks.ts";
import { hasCustomers, isOrdinary, runBroken, runOrdinary } from "./comparing.ts";
import { createDatabasePool } from "./database.ts";
import { installForTests } from "./platform-of-tests.ts";
import type { Violation } from "./run.ts";

installForTests();
const pool = await createDatabasePool();

const SEEDS = 16;

/** With the seed, so that whatever fails can be run again. */
const firstWords = (seed: string, violations: readonly Violation[]) => ({
  seed,
  violations: violations.map(({ invariant, detail }) => `${invariant}: ${detail.slice(0, 400)}`),
});

test("GLD2: while sales, faults and delays go on, nothing that is on its way is called a difference", async () => {
  const from = randomInt(1_000_000_000);
  let compared = 0;
  for (let at = 0; at < SEEDS; at++) {
    const seed = String(from + at);
    if (!isOrdinary(seed)) continue;
    const { violations, rounds } = await runOrdinary(seed, pool);
    expect(firstWords(seed, violations)).toEqual({ seed, violations: [] });
    compared += rounds;
  }
  expect({ from, isCompared: compared > SEEDS }).toEqual({ from, isCompared: true });
});

/** The first seed from there on that has somebody to break. */
async function firstBroken(broken: Broken, from: number) {
  for (let at = from; ; at++) {
    const seed = String(at);
    if (!isOrdinary(seed) || !hasCustomers(seed)) continue;
    const { violations, whom } = await runBroken(seed, broken, pool);
    if (whom > 0 || violations.length > 0) return { seed, violations };
  }
}

describe("GLD2: broken, found, mended, told:", () => {
  test.each(BREAKS)("$name", async (broken) => {
    const { seed, violations } = await firstBroken(broken, randomInt(1_000_000_000));
    expect(firstWords(seed, violations)).toEqual({ seed, violations: [] });
  });

  /** Each has failed once. */
  test.each([
    ["units without records stopped the intake", "a source record is dropped", 5700],
    ["units without records stopped the intake", "a source record is dropped", 5781],
    ["it was with nobody, and not where it was last", "a shard has lost its disk", 5869],
    ["a decision was told before there was a profile", "a shard has lost its disk", 5077],
    ["the edge's word on a future stamp is taken anew", "a shard has lost its disk", 5599],
    ["a store that had only looked up is forgotten", "a shard has lost its disk", 5459],
    ["mended along with another", "a source record is dropped", 20896],
  ])("%s (%s, seed %i)", async (_why, name, seed) => {
    const broken = BREAKS.find((each) => each.name === name)!;
    const { violations, whom } = await runBroken(String(seed), broken, pool);
    expect(firstWords(String(seed), violations)).toEqual({ seed: String(seed), violations: [] });
    expect({ seed, isBroken: whom > 0 }).toEqual({ seed, isBroken: true });
  });
});
