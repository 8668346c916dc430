import { expect, test } from "vitest";
import { percentileLimitsOf, ratioLimitOf } from "./limits.ts";

test("a limit is drawn at the ratio that it names, or at the baseline that it is itself", () => {
  expect(ratioLimitOf("≥ 0.7 × the bare object")).toEqual({ must: "more", ratio: 0.7 });
  expect(ratioLimitOf("p99 ≤ 3 × a bare read and < 10 ms")).toEqual({ must: "less", ratio: 3 });
  expect(ratioLimitOf("p99 < 10 ms")).toEqual({ must: null, ratio: 1 });
});

test("limits of percentiles are milliseconds, however they are written", () => {
  expect(percentileLimitsOf("p95 < 100 ms, p99 ≤ 2 s")).toEqual([
    { name: "p95", ms: 100 },
    { name: "p99", ms: 2_000 },
  ]);
  expect(percentileLimitsOf("≥ 0.5 × the bare write")).toEqual([]);
});
