/** What every bench hands over, and how fast what it measures grows. */

export interface BenchOptions {
  /** Small and short: to see that it runs, and about where it stands. */
  readonly isQuick: boolean;
}

/** Of one row. A bench hands over one or more: first what it is about, then its parts, one for each thing with a limit. */
export interface Measured {
  /** Name of the bench, or of the bench and its part: "sync: merged". */
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** The same of what it is compared with: the limit where there is nothing else. */
  readonly baseline: number;
  readonly ratio: number;
  readonly n: number;
  /** Milliseconds; 0 where single ones were not timed. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly conditions: string;
  /** What it has to reach, in words: "≥ 0.7 × the bare object", "p99 < 10 ms". What is said with × is drawn on the scale of ratios. */
  readonly limit?: string;
  /** Limits that it should have kept, in words. */
  readonly missed?: readonly string[];
  readonly growth?: Growth;
}

/** Cost against size, at three sizes or more. */
export interface Growth {
  /** What the sizes count: "customers". */
  readonly of: string;
  /** Of everything of a size, or of each piece of work while there is so much. */
  readonly cost: "of all" | "of each";
  readonly unit: string;
  readonly points: readonly GrowthPoint[];
  /** The slope of log cost over log size, by least squares. */
  readonly exponent: number;
  /** Why it may grow faster than GROWTH_LIMIT, if it does. Without a reason that is a limit missed. */
  readonly because?: string;
}

export interface GrowthPoint {
  readonly size: number;
  readonly cost: number;
}

/** What grows faster has to be explained or mended. */
export const GROWTH_LIMIT = { "of all": 1.2, "of each": 0.2 } as const;

export function growthOf(about: Omit<Growth, "exponent">): Growth {
  const logs = about.points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }));
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / logs.length;
  const spread = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const together = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return { ...about, exponent: Math.round((together / spread) * 100) / 100 };
}
