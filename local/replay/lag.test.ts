import { expect, test } from "vitest";
import { createLagMeter } from "./lag.ts";

test("lags are told as percentiles; none recorded is null, not zero", () => {
  const meter = createLagMeter();
  expect(meter.read()).toBeNull();
  for (let lagMs = 0; lagMs < 100; lagMs++) meter.record(lagMs);
  meter.record(5_000);
  expect(meter.read()).toMatchObject({ p50: 50, n: 101 });
  expect(meter.read()!.p95).toBeGreaterThanOrEqual(94);
  expect(meter.read()!.max).toBeGreaterThanOrEqual(5_000);
});
