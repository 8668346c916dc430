/** How well clusters agree with the truth. Counts pairs by group sizes, so that large clusters cost nothing. */
import type { Link } from "../../central/src/matching/clusters.ts";

export interface PairScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Scores extends PairScore {
  readonly bestF1: number;
  readonly bestThreshold: number;
  readonly bCubedPrecision: number;
  readonly bCubedRecall: number;
  readonly bCubedF1: number;
  /** Customers too few, and too many, per thousand people. */
  readonly falseMergesPer1000: number;
  readonly falseSplitsPer1000: number;
}

/** Groups that only grow, with the pairs in them and those of them that are right, kept as they grow. */
export function createTally(personOf: ReadonlyMap<string, string>) {
  const groupOf = new Map<string, { people: Map<string, number>; ids: string[] }>();
  for (const [id, person] of personOf)
    groupOf.set(id, { people: new Map([[person, 1]]), ids: [id] });
  const people = countsOf(personOf.values());
  const truePairs = [...people.values()].reduce((sum, count) => sum + pairsOf(count), 0);
  let foundPairs = 0;
  let rightPairs = 0;
  return {
    join(a: string, b: string): void {
      const [one, two] = [groupOf.get(a), groupOf.get(b)];
      if (!one || !two || one === two) return;
      const [large, small] = one.ids.length >= two.ids.length ? [one, two] : [two, one];
      foundPairs += large.ids.length * small.ids.length;
      for (const [person, count] of small.people) {
        const known = large.people.get(person) ?? 0;
        rightPairs += known * count;
        large.people.set(person, known + count);
      }
      for (const id of small.ids) {
        large.ids.push(id);
        groupOf.set(id, large);
      }
    },
    score: (): PairScore => scoreOf(rightPairs, foundPairs, truePairs),
    finish: () =>
      describe(
        [...new Set(groupOf.values())].map((group) => group.people),
        people,
      ),
  };
}

export type ClusterScores = Omit<Scores, "bestF1" | "bestThreshold">;

export function scoreClusters(
  clusters: readonly (readonly string[])[],
  personOf: ReadonlyMap<string, string>,
): ClusterScores {
  const tally = createTally(personOf);
  for (const [first = "", ...others] of clusters) for (const id of others) tally.join(first, id);
  return { ...tally.score(), ...tally.finish() };
}

/**
 * The threshold that would have been best, and what `at` was reached with when none is better. Links in the order in which
 * they were made: those of probability fall, so that each prefix is one threshold's result.
 */
export function bestOfLinks(
  links: readonly Link[],
  personOf: ReadonlyMap<string, string>,
  at: { readonly f1: number; readonly threshold: number },
): Pick<Scores, "bestF1" | "bestThreshold"> {
  const tally = createTally(personOf);
  let { f1: bestF1, threshold: bestThreshold } = at;
  let last: number | null = null;
  const consider = (): void => {
    const { f1 } = tally.score();
    if (last === null || f1 <= bestF1) return;
    bestF1 = f1;
    bestThreshold = last;
  };
  for (const { a, b, weight } of links) {
    if (weight !== null && weight !== last) {
      consider();
      last = weight;
    }
    tally.join(a, b);
  }
  consider();
  return { bestF1, bestThreshold };
}

/** Of the pairs that somebody labelled, and no others. */
export function scorePairs(
  clusters: readonly (readonly string[])[],
  pairs: readonly (readonly [string, string, boolean])[],
): PairScore {
  const clusterOf = new Map(clusters.flatMap((ids, at) => ids.map((id) => [id, at] as const)));
  const isFound = (a: string, b: string): boolean =>
    clusterOf.get(a) !== undefined && clusterOf.get(a) === clusterOf.get(b);
  const found = pairs.filter(([a, b]) => isFound(a, b));
  const right = found.filter(([, , isMatch]) => isMatch).length;
  return scoreOf(right, found.length, pairs.filter(([, , isMatch]) => isMatch).length);
}

function describe(
  groups: readonly ReadonlyMap<string, number>[],
  people: ReadonlyMap<string, number>,
) {
  let records = 0;
  let precision = 0;
  let recall = 0;
  let merges = 0;
  const pieces = new Map<string, number>();
  for (const group of groups) {
    const size = [...group.values()].reduce((sum, count) => sum + count, 0);
    records += size;
    merges += group.size - 1;
    for (const [person, count] of group) {
      precision += (count * count) / size;
      recall += (count * count) / (people.get(person) ?? 1);
      pieces.set(person, (pieces.get(person) ?? 0) + 1);
    }
  }
  const splits = [...pieces.values()].reduce((sum, count) => sum + count - 1, 0);
  const [bCubedPrecision, bCubedRecall] = [ratio(precision, records), ratio(recall, records)];
  return {
    bCubedPrecision,
    bCubedRecall,
    bCubedF1: harmonic(bCubedPrecision, bCubedRecall),
    falseMergesPer1000: people.size === 0 ? 0 : (1000 * merges) / people.size,
    falseSplitsPer1000: people.size === 0 ? 0 : (1000 * splits) / people.size,
  };
}

function scoreOf(right: number, found: number, real: number): PairScore {
  const [precision, recall] = [ratio(right, found), ratio(right, real)];
  return { precision, recall, f1: harmonic(precision, recall) };
}

/** Of nothing, everything is right. */
const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

const harmonic = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

function countsOf(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
