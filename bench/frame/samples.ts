/** Results for tests: one of each kind that the report knows. */
import { type Growth, growthOf, type Measured } from "../measured.ts";
import { failedRow, type Result } from "./result.ts";

const numbers = { value: 12_345, unit: "items/s", baseline: 2_500, ratio: 4.94, n: 20_000 };

export const sampleRow = (of: Partial<Measured> = {}): Measured => ({
  bench: "sync: accepted",
  ...numbers,
  p50: 0,
  p95: 0,
  p99: 0,
  conditions: "20,000 sales | two cores",
  ...of,
});

export const sampleGrowth = (costs: readonly number[]): Growth =>
  growthOf({
    of: "sales",
    cost: "of all",
    unit: "s",
    points: costs.map((cost, at) => ({ size: 5_000 * 2 ** at, cost })),
  });

export const sampleResult = (of: Partial<Result> = {}): Result => ({
  bench: "sync",
  isQuick: false,
  at: "2026-11-26T06:38:29.716Z",
  seconds: 23.4,
  commit: "9e42e9dc0f",
  isClean: true,
  machine: {
    cores: 2,
    model: "A processor",
    memoryGb: 24,
    system: "Linux 6.18",
    node: "24.21.0",
    workerd: "1.2",
  },
  rows: [
    sampleRow({ limit: "≥ 3 × a peer", missed: [], growth: sampleGrowth([0.5, 1, 2]) }),
    sampleRow({ bench: "sync: merged", limit: "≥ 5 × a peer", missed: ["4.94, not 5"] }),
    sampleRow({
      bench: "sync: latency",
      p50: 1.5,
      p95: 2.5,
      p99: 12,
      limit: "p99 < 10 ms",
      missed: ["p99 is 12 ms"],
      growth: { ...sampleGrowth([0.5, 1.5, 4.5]), because: "all of it is compared with all" },
    }),
    sampleRow({ bench: "sync: a name that is longer than its column of the table has room for" }),
  ],
  ...of,
});

export const crashedResult = sampleResult({
  bench: "drain",
  rows: [failedRow("drain", "its process was ended by SIGKILL")],
});
