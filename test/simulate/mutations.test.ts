import { expect, test } from "vitest";
import { MUTATIONS } from "./mutations.ts";
import { search } from "./threads.ts";

/** The issue of a checker that finds nothing is that nobody knows why; so it has to find these, soon. */
const WITHIN_SEEDS = 2_000;
/** All of these seeds, on a machine that is busy. */
const TIMEOUT_MS = 240_000;

/** Side by side, each in a thread of its own: to start one takes longer than the seeds from which most bugs are found. */
test.concurrent.each(MUTATIONS)(
  "SYN1-10 CAP1 CAP7 CLK1 EDG4: the simulator finds that $name",
  async (mutation) => {
    const found = await search({
      from: mutation.fromSeed ?? 1,
      seeds: WITHIN_SEEDS,
      threads: 1,
      mutation,
      untilFailed: true,
    });
    process.stdout.write(`${mutation.name}: seed ${found.failedSeeds[0]}\n`);
    expect(found.failed).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
