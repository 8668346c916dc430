/**
 * Which potential match is looked at first: a pure function of what is known, so that two stewards see one order. In whole
 * thousandths and by tables, so that the database, which has no logarithms, comes to the very same numbers.
 */
import type { RefusalReason } from "../matching/clusters.ts";

/** Reasons of refusals that leave a question; the order is that of their bits in the table, so it only ever grows. */
export const POTENTIAL_REASONS = [
  "unique_identifier",
  "too_many_values",
  "one_per_source",
  "bridge",
  "ambiguous",
  "household",
  "weaker_key",
] as const satisfies readonly RefusalReason[];
export type PotentialReason = (typeof POTENTIAL_REASONS)[number] | "probability";

export const REASON_BITS: readonly PotentialReason[] = [...POTENTIAL_REASONS, "probability"];

/** A contradiction in strong evidence is more likely a mistake in the data than a family with one phone. */
export const CONFLICT: Readonly<Record<PotentialReason, number>> = {
  unique_identifier: 20_000,
  too_many_values: 15_000,
  one_per_source: 15_000,
  bridge: 10_000,
  ambiguous: 10_000,
  household: 5_000,
  weaker_key: 5_000,
  probability: 0,
};

/** Weights beyond this say as much as certainty; between, sixteenths of a bit are told apart. */
export const WEIGHT_MOST = 12;
export const WEIGHT_STEPS = 16;
/** Up to 100 for how likely, by the weight in sixteenths from the lowest up. */
export const LIKELY: readonly number[] = Array.from(
  { length: 2 * WEIGHT_MOST * WEIGHT_STEPS + 1 },
  (_, step) => Math.round(100_000 / (1 + 2 ** (WEIGHT_MOST - step / WEIGHT_STEPS))),
);
export const UNKNOWN_LIKELY = 50_000;

/** Up to 20 for what depends on it, by the sales of the smaller customer, who would be lost. */
export const VALUE: readonly number[] = Array.from({ length: 32 }, (_, sales) =>
  Math.round(4_000 * Math.log2(1 + sales)),
);

export interface Weighable {
  /** Log2 odds that the two are one person; null where nobody has compared them. */
  readonly weight: number | null;
  readonly reasons: readonly PotentialReason[];
  /** Sales of both customers. */
  readonly sales: readonly [number, number];
}

export function priorityOf({ weight, reasons, sales }: Weighable): number {
  const likely = weight === null ? UNKNOWN_LIKELY : (LIKELY[stepOf(weight)] ?? 0);
  const conflict = Math.max(0, ...reasons.map((reason) => CONFLICT[reason]));
  const value = VALUE[Math.max(0, Math.min(VALUE.length - 1, ...sales))] ?? 0;
  return (likely + conflict + value) / 1_000;
}

const stepOf = (weight: number): number =>
  Math.max(0, Math.min(LIKELY.length - 1, Math.round((weight + WEIGHT_MOST) * WEIGHT_STEPS)));

export const reasonsOfBits = (bits: number): PotentialReason[] =>
  REASON_BITS.filter((_, at) => (bits & (1 << at)) !== 0).toSorted();
