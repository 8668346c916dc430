/** Which potential match is looked at first: a pure function of what is known, so that two stewards see one order. */
import type { RefusalReason } from "../matching/clusters.ts";

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

/** A contradiction in strong evidence is more likely a mistake in the data than a family with one phone. */
const OF_REASON: Readonly<Record<PotentialReason, number>> = {
  unique_identifier: 20,
  too_many_values: 15,
  one_per_source: 15,
  bridge: 10,
  ambiguous: 10,
  household: 5,
  weaker_key: 5,
  probability: 0,
};

export interface Weighable {
  /** Log2 odds that the two are one person; null where nobody has compared them. */
  readonly weight: number | null;
  readonly reasons: readonly PotentialReason[];
  /** Sales of both customers. */
  readonly sales: readonly [number, number];
}

/** Up to 100 for how likely, 20 for the kind of conflict, 20 for what depends on it: the smaller customer would be lost. */
export function priorityOf({ weight, reasons, sales }: Weighable): number {
  const likely = weight === null ? 50 : 100 / (1 + 2 ** -weight);
  const conflict = Math.max(0, ...reasons.map((reason) => OF_REASON[reason]));
  const value = Math.min(20, 4 * Math.log2(1 + Math.max(0, Math.min(...sales))));
  return Math.round((likely + conflict + value) * 1_000) / 1_000;
}
