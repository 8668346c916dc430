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

/** Links in the order in which they were made: those of probability fall, so that each prefix is one threshold's result. */
export function scoreLinks(
  links: readonly Link[],
  personOf: ReadonlyMap<string, string>,
  threshold: number,
): Scores {
  const tally = createTally(personOf);
  const best = { f1: -1, threshold };
  let atThreshold: (PairScore & ReturnType<typeof tally.finish>) | null = null;
  const consider = (next: number): void => {
    if (atThreshold === null && next < threshold)
      atThreshold = { ...tally.score(), ...tally.finish() };
  };
  let last = Number.POSITIVE_INFINITY;
  for (const { a, b, weight } of links) {
    const now = weight ?? last;
    if (now < last) {
      const { f1 } = tally.score();
      if (f1 > best.f1 && Number.isFinite(last)) Object.assign(best, { f1, threshold: last });
      consider(now);
    }
    tally.join(a, b);
    last = now;
  }
  const { f1 } = tally.score();
  if (f1 > best.f1)
    Object.assign(best, { f1, threshold: Number.isFinite(last) ? last : threshold });
  consider(Number.NEGATIVE_INFINITY);
  return {
    ...(atThreshold ?? { ...tally.score(), ...tally.finish() }),
    bestF1: best.f1,
    bestThreshold: best.threshold,
  };
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
