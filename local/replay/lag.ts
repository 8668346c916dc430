/** How long events took from the till to a step of the ack ladder, in milliseconds. */
import { createHistogram } from "node:perf_hooks";

export interface Lag {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly n: number;
}

export function createLagMeter() {
  const histogram = createHistogram(); // a fixed size, however many are recorded
  return {
    record(lagMs: number): void {
      histogram.record(Math.max(Math.round(lagMs), 1));
    },
    /** Null when nothing was recorded. */
    read(): Lag | null {
      if (histogram.count === 0) return null;
      const percentile = (percent: number): number => histogram.percentile(percent);
      return {
        p50: percentile(50),
        p95: percentile(95),
        p99: percentile(99),
        max: histogram.max,
        n: histogram.count,
      };
    },
  };
}
