import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { MUTATIONS } from "./mutations.ts";
import { replay, search } from "./threads.ts";

const FRESH_SEEDS = 2_000;
const TIMEOUT_MS = 240_000;

test(
  "SYN1 SYN2 SYN3 CAP1 CAP6 CAP7 FRG2 CLK1 EDG4: fresh seeds find nothing",
  async () => {
    const summary = await search({ from: randomInt(1_000_000_000), seeds: FRESH_SEEDS });
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    expect(summary).toMatchObject({ seeds: FRESH_SEEDS, failed: 0, broken: [] });
    // None that was left out by mistake.
    expect(Object.values(summary.faultsByKind).every((count) => count > 0)).toBe(true);
    expect(Object.keys(summary.faultsByKind)).toHaveLength(19);
  },
  TIMEOUT_MS,
);

test("SYN1: a seed is the same run each time, to the last line", async () => {
  for (const seed of ["1", "77", "4242"]) {
    const [first, second] = [
      await replay(seed, { shorten: false }),
      await replay(seed, { shorten: false }),
    ];
    expect(first.trace.length).toBeGreaterThan(10);
    expect(second.trace).toEqual(first.trace);
  }
});

test(
  "SYN2: a failing plan is shortened to the steps that it needs",
  async () => {
    const mutation = MUTATIONS.find(({ name }) => name.startsWith("the high-water mark"))!;
    const from = mutation.fromSeed ?? 1;
    const { failedSeeds } = await search({ from, seeds: 500, mutation, untilFailed: true });
    const whole = await replay(failedSeeds[0]!, { shorten: false, mutation });
    const short = await replay(failedSeeds[0]!, { shorten: true, mutation });
    expect(short.violations[0]?.invariant).toBe(whole.violations[0]?.invariant);
    expect(short.steps).toBeLessThanOrEqual(whole.steps);
    expect(short.violations.length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
