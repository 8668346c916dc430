import { LIMITS } from "@regulars/shared/limits";
import { expect, test } from "vitest";
import { restAfter } from "./comparing.ts";

const PACE = { gapMs: 250, restMs: 60_000 };
const took = (ms: number) => ({ startMs: 1_000, endMs: 1_000 + ms });

test.each([
  ["a quick step is followed by the gap", "again", 5, PACE.gapMs],
  ["a slow one by as long as so many take", "again", 100, 100 * LIMITS.compareRestRounds],
  ["but by no more than the rest between two rounds", "again", 1e6, PACE.restMs],
  ["nor is a clock that was set back waited for", "again", -1e6, PACE.gapMs],
  ["a round that is over is followed by its rest", "rest", 5, PACE.restMs],
  ["what is due later is waited for", { atMs: 3_005 }, 5, 2_000],
  ["also where that is sooner than a slow step lets it be", { atMs: 1_500 }, 100, 900],
] as const)("GLD2: %s", (_, result, ms, restMs) => {
  expect(restAfter(PACE, result, took(ms))).toBe(restMs);
});
