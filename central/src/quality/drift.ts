/**
 * Whether a share has left its usual place. Robust: the usual is the median of the days before, its spread the median of the
 * deviations from it, so that one bad day among them neither hides the next nor is one. Pure (no clock, no storage).
 */
export interface Share {
  /** UTC, `2026-11-21`. */
  readonly day: string;
  readonly count: number;
  readonly of: number;
}

export interface Drift {
  readonly share: number;
  readonly usual: number;
  /** How many spreads it is away; negative for less than usual. */
  readonly distance: number;
}

/** Days that are compared with, and how many of these must be there: two of each day of the week. */
export const BASE_DAYS = 28;
export const BASE_DAYS_MIN = 14;
/** Fewer rows in a day say nothing about shares. */
export const DAY_ROWS_MIN = 30;
/** A change that nobody would do anything about, however rare it is. */
const LEAST_CHANGE = 0.02;
/** Of a normal distribution the median deviation is this part of the standard deviation. */
const NORMAL = 1.4826;

/** The last of `shares` against those before it; null where nothing can be said. */
export function driftOf(shares: readonly Share[]): Drift | null {
  const last = shares.at(-1);
  const base = shares.slice(0, -1).filter(({ of }) => of >= DAY_ROWS_MIN);
  if (!last || last.of < DAY_ROWS_MIN || base.length < BASE_DAYS_MIN) return null;
  const usualShares = base.slice(-BASE_DAYS).map(shareOf);
  const usual = median(usualShares);
  const spread = NORMAL * median(usualShares.map((share) => Math.abs(share - usual)));
  // Fewer rows scatter more by chance alone, and a share that never changes would make a drift of one row.
  const chance = Math.sqrt((between(usual, last.of) * (1 - between(usual, last.of))) / last.of);
  const share = shareOf(last);
  const change = share - usual;
  const distance =
    Math.abs(change) < LEAST_CHANGE ? 0 : change / Math.hypot(Math.max(spread, chance), chance / 2);
  return { share, usual, distance };
}

export const shareOf = ({ count, of }: Pick<Share, "count" | "of">): number =>
  of === 0 ? 0 : count / of;

/** Never quite none or all: who has seen so many rows cannot know better than that. */
const between = (share: number, of: number): number => (share * of + 1) / (of + 2);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
