/**
 * Pairs that could as well be other pairs: a record without a birth date fits the father and the son of one name. It is
 * linked to neither, for a guess would be wrong half of the time.
 */
import type { ClusterInput, ScoredPair } from "./clusters.ts";

export interface Parted {
  readonly certain: readonly ScoredPair[];
  readonly ambiguous: readonly ScoredPair[];
}

/** In the order in which the pairs came. */
export function partAmbiguous(
  pairs: readonly ScoredPair[],
  { policy, judge }: Pick<ClusterInput, "policy" | "judge">,
): Parted {
  const partners = new Map<string, { id: string; weight: number }[]>();
  const add = (id: string, other: string, weight: number): void => {
    const known = partners.get(id);
    if (known) known.push({ id: other, weight });
    else partners.set(id, [{ id: other, weight }]);
  };
  for (const { a, b, weight } of pairs) {
    add(a, b, weight);
    add(b, a, weight);
  }
  /** Somebody else, whom `id` fits about as well, and who is not the same person as `other`. */
  const hasRival = (id: string, other: string, weight: number): boolean =>
    partners
      .get(id)
      ?.some(
        (rival) =>
          rival.id !== other &&
          rival.weight > weight - policy.ambiguity &&
          judge.cannotTell(id, other, rival.id),
      ) ?? false;
  const certain: ScoredPair[] = [];
  const ambiguous: ScoredPair[] = [];
  for (const pair of pairs) {
    const { a, b, weight } = pair;
    const isAmbiguous = hasRival(a, b, weight) || hasRival(b, a, weight);
    (isAmbiguous ? ambiguous : certain).push(pair);
  }
  return { certain, ambiguous };
}
