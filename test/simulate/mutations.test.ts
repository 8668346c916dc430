import { expect, test } from "vitest";
import { MUTATIONS } from "./mutations.ts";
import { search } from "./threads.ts";

/** The issue of a checker that finds nothing is that nobody knows why; so it has to find these, soon. */
const WITHIN_SEEDS = 2_000;
const TIMEOUT_MS = 120_000;

test.each(MUTATIONS)(
  "SYN1-10 CAP1 CAP7 CLK1 EDG4: the simulator finds that $name",
  async (mutation) => {
    const found = await search({
      from: mutation.fromSeed ?? 1,
      seeds: WITHIN_SEEDS,
      mutation,
      untilFailed: true,
    });
    process.stdout.write(`${mutation.name}: seed ${found.failedSeeds[0]}\n`);
    expect(found.failed).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
