import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Link } from "../../central/src/matching/clusters.ts";
import { bestOfLinks, createTally, scoreClusters, scorePairs } from "./scores.ts";

const IDS = Array.from({ length: 14 }, (_, n) => `r${n}`);
const assigned = fc.tuple(...IDS.map(() => fc.nat(6)));
const people = assigned.map((all) => new Map(IDS.map((id, at) => [id, `p${all[at]}`] as const)));
const clusterings = assigned.map((all) => [...Map.groupBy(IDS, (_id, at) => all[at]).values()]);

const pairsOf = (ids: readonly string[]) =>
  ids.flatMap((a, at) => ids.slice(at + 1).map((b) => [a, b] as const));
const harmonic = (a: number, b: number) => (a + b === 0 ? 0 : (2 * a * b) / (a + b));

/** By the definitions, pair by pair and record by record. */
function bruteForce(
  clusters: readonly (readonly string[])[],
  personOf: ReadonlyMap<string, string>,
) {
  const clusterOf = new Map(clusters.flatMap((ids, at) => ids.map((id) => [id, at] as const)));
  const isOne = ([a, b]: readonly [string, string]) => personOf.get(a) === personOf.get(b);
  const isFound = ([a, b]: readonly [string, string]) => clusterOf.get(a) === clusterOf.get(b);
  const all = pairsOf(IDS);
  const found = all.filter(isFound);
  const real = all.filter(isOne);
  const right = found.filter(isOne).length;
  const precision = found.length === 0 ? 1 : right / found.length;
  const recall = real.length === 0 ? 1 : right / real.length;
  const mean = (of: (id: string) => number) =>
    IDS.reduce((sum, id) => sum + of(id), 0) / IDS.length;
  const both = (id: string) =>
    IDS.filter((other) => isFound([id, other]) && isOne([id, other])).length;
  const bCubedPrecision = mean(
    (id) => both(id) / IDS.filter((other) => isFound([id, other])).length,
  );
  const bCubedRecall = mean((id) => both(id) / IDS.filter((other) => isOne([id, other])).length);
  const names = [...new Set(personOf.values())];
  const merges = clusters.reduce(
    (sum, ids) => sum + new Set(ids.map((id) => personOf.get(id))).size - 1,
    0,
  );
  const splits = names.reduce(
    (sum, name) =>
      sum +
      new Set(IDS.filter((id) => personOf.get(id) === name).map((id) => clusterOf.get(id))).size -
      1,
    0,
  );
  return {
    precision,
    recall,
    f1: harmonic(precision, recall),
    bCubedPrecision,
    bCubedRecall,
    bCubedF1: harmonic(bCubedPrecision, bCubedRecall),
    falseMergesPer1000: (1000 * merges) / names.length,
    falseSplitsPer1000: (1000 * splits) / names.length,
  };
}

/** Rounded far below what is told, for sums were taken in another order. */
const told = (scores: object): Record<string, number> =>
  Object.fromEntries(
    Object.entries<number>({ ...scores }).map(([name, value]) => [
      name,
      Math.round(value * 1e9) / 1e9,
    ]),
  );

describe("scores of clusters", () => {
  test("are those that counting pair by pair and record by record gives", () => {
    fc.assert(
      fc.property(clusterings, people, (clusters, personOf) => {
        expect(told(scoreClusters(clusters, personOf))).toEqual(
          told(bruteForce(clusters, personOf)),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("do not depend on the order in which groups grew", () => {
    fc.assert(
      fc.property(
        people,
        fc.array(fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS)), { maxLength: 12 }),
        (personOf, joins) => {
          const [forth, back] = [createTally(personOf), createTally(personOf)];
          for (const [a, b] of joins) forth.join(a, b);
          for (const [a, b] of joins.toReversed()) back.join(b, a);
          expect(told({ ...forth.score(), ...forth.finish() })).toEqual(
            told({ ...back.score(), ...back.finish() }),
          );
        },
      ),
    );
  });

  test("of the truth itself are perfect, of nothing too", () => {
    const personOf = new Map(IDS.map((id, at) => [id, `p${at % 4}`] as const));
    const truth = [...Map.groupBy(IDS, (id) => personOf.get(id)).values()];
    expect(scoreClusters(truth, personOf)).toMatchObject({
      f1: 1,
      bCubedF1: 1,
      falseMergesPer1000: 0,
      falseSplitsPer1000: 0,
    });
    expect(scoreClusters([], new Map())).toMatchObject({
      precision: 1,
      recall: 1,
      bCubedF1: 1,
      falseMergesPer1000: 0,
    });
  });
});

const f1At = (
  all: readonly Link[],
  personOf: ReadonlyMap<string, string>,
  threshold: number,
): number => {
  const tally = createTally(personOf);
  for (const { a, b, weight } of all) if (weight === null || weight >= threshold) tally.join(a, b);
  return tally.score().f1;
};

describe("the threshold that would have been best", () => {
  const links = fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS)), { maxLength: 4 }),
      fc.array(
        fc.tuple(
          fc.constantFrom(...IDS),
          fc.constantFrom(...IDS),
          fc.integer({ min: -4, max: 12 }),
        ),
        { maxLength: 14 },
      ),
    )
    .map(([keys, pairs]): Link[] => [
      ...keys.map(([a, b]): Link => ({ a, b, kind: "deterministic", by: "k:1", weight: null })),
      ...pairs
        .toSorted(([, , x], [, , y]) => y - x)
        .map(([a, b, weight]): Link => ({ a, b, kind: "probabilistic", by: null, weight })),
    ]);
  test("is the best of all thresholds, and never worse than the one in use", () => {
    fc.assert(
      fc.property(links, people, (all, personOf) => {
        const at = { threshold: 3, f1: f1At(all, personOf, 3) };
        const { bestF1, bestThreshold } = bestOfLinks(all, personOf, at);
        const tried = all.flatMap(({ weight }) =>
          weight === null ? [] : [f1At(all, personOf, weight)],
        );
        expect(bestF1).toBeCloseTo(Math.max(at.f1, ...tried), 9);
        expect(f1At(all, personOf, bestThreshold)).toBeCloseTo(bestF1, 9);
      }),
      { numRuns: 500 },
    );
  });

  test("is the one in use where no link is of probability", () => {
    const personOf = new Map([
      ["a", "p"],
      ["b", "p"],
    ]);
    expect(bestOfLinks([], personOf, { threshold: 3, f1: 0.5 })).toEqual({
      bestF1: 0.5,
      bestThreshold: 3,
    });
  });
});

test("of labelled pairs only those count that somebody labelled", () => {
  const clusters = [["a", "b", "c"], ["d"]];
  const score = scorePairs(clusters, [
    ["a", "b", true],
    ["a", "c", false],
    ["a", "d", true],
    ["b", "d", false],
  ]);
  expect(score).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
  expect(scorePairs(clusters, [])).toEqual({ precision: 1, recall: 1, f1: 1 });
});
