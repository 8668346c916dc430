/**
 * Training without labels: m, u and the prior by expectation maximisation over what was compared, from the shipped model on.
 * Records come in the order of their ids and sums are taken in that order, so the same records give the same model to the
 * last bit (IDN5).
 */
import type { Levels } from "./levels.ts";
import { COMPARISON_NAMES, COMPARISONS, type Comparison, perComparison } from "./comparisons.ts";
import { frequenciesOf } from "./frequencies.ts";
import type { Model } from "./model.ts";
import type { Features } from "./features.ts";
import type { Outcome } from "./observe.ts";
import { createScorer } from "./weigh.ts";

const ROUNDS = 20;
/** As many pairs as the shipped model is worth: few records cannot unlearn what is true of most. */
const PRIOR_PAIRS = 60;
/** Of many pairs the shipped model keeps this share, for m as for u: what was never seen weighs what it did before. */
const PRIOR_SHARE = 0.02;
/** Where no households are seen, one in so many pairs may still be one. */
const HOUSEHOLD_LEAST = 0.1;
/** Household members that look like one person are not seen: in doubt there are this many times those that are. */
const CAUTION = 6;
/** Bits between which the odds against a household are learned. */
const HOUSEHOLD_PRIOR = [-2, 3] as const;
/** No more than every fifth pair of records is one person, whatever the blocks say. */
const SHARE_MAX = 0.2;

export interface TrainingPairs {
  /** Drawn without regard to what they say. */
  random(model: Model): Promise<readonly Outcome[]>;
  candidates(model: Model): Promise<readonly Outcome[]>;
}

export async function train(
  records: readonly Features[],
  pairs: TrainingPairs,
  { from, version }: { readonly from: Model; readonly version: string },
): Promise<Model> {
  const frequencies = frequenciesOf(records);
  const base: Model = { ...from, version, records: records.length, frequencies };
  // Once, while the shipped model still says who is nobody's double: freed to move, strangers who share a name would all
  // be taken for matches, and what is left would never share one.
  let model: Model = { ...base, comparisons: withStrangers(from, await pairs.random(from)) };
  const candidates = await pairs.candidates(model);
  const all = (records.length * (records.length - 1)) / 2;
  for (let round = 0; round < ROUNDS; round++) model = maximise(model, candidates, from, all);
  return model;
}

function withStrangers(from: Model, random: readonly Outcome[]): Model["comparisons"] {
  const scorer = createScorer(from);
  const u = tallies();
  for (const { levels, count } of random) {
    tally(u, levels, (1 - posteriorOf(scorer.weighLevels(levels))) * count);
  }
  return perComparison((name) => {
    const { m, u: before, h } = from.comparisons[name];
    return { m, u: shares(name, u, before), h };
  });
}

function maximise(model: Model, candidates: readonly Outcome[], from: Model, pairs: number): Model {
  const scorer = createScorer(model);
  const m = tallies();
  let matches = 0;
  let households = 0;
  for (const { levels, rarity, count } of candidates) {
    const { match, household } = scorer.classify(levels, rarity);
    matches += match * count;
    households += household * count;
    tally(m, levels, match * count);
  }
  const share = Math.min(Math.max(matches, 1) / Math.max(pairs, 1), SHARE_MAX);
  const comparisons = perComparison((name) => {
    const { u, h } = model.comparisons[name];
    const learned = shares(name, m, from.comparisons[name].m);
    return { m: withMost(learned, "different", DIFFERENT_MOST[name] ?? 1), u, h };
  });
  const against =
    Math.max(matches, 1) / (households * CAUTION + Math.max(matches, 1) * HOUSEHOLD_LEAST);
  const householdPrior = Math.min(
    Math.max(Math.log2(against), HOUSEHOLD_PRIOR[0]),
    HOUSEHOLD_PRIOR[1],
  );
  return { ...model, prior: Math.log2(share / (1 - share)), householdPrior, comparisons };
}

/**
 * Of one person's records, no more than this share differs outright in a field. A household's mailbox would otherwise teach
 * that one person has several given names.
 */
const DIFFERENT_MOST: Readonly<Partial<Record<Comparison, number>>> = {
  given: 0.08,
  family: 0.15,
  birth: 0.3,
};

function withMost(
  levels: Readonly<Record<string, number>>,
  level: string,
  most: number,
): Record<string, number> {
  const share = levels[level] ?? 0;
  if (share <= most) return levels;
  const rest = (1 - most) / (1 - share);
  return Object.fromEntries(
    Object.entries(levels).map(([name, value]) => [name, name === level ? most : value * rest]),
  );
}

const posteriorOf = (weight: number): number => 1 / (1 + 2 ** -weight);

type Tallies = ReadonlyMap<Comparison, Map<string, number>>;

const tallies = (): Tallies => new Map(COMPARISON_NAMES.map((name) => [name, new Map()]));

function tally(into: Tallies, levels: Levels, count: number): void {
  for (const name of COMPARISON_NAMES) {
    const level = levels[name];
    if (level === "missing") continue;
    const counts = into.get(name);
    counts?.set(level, (counts.get(level) ?? 0) + count);
  }
}

function shares(
  name: Comparison,
  counted: Tallies,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const counts = counted.get(name);
  const [, ...levels] = COMPARISONS[name];
  const sum = levels.reduce((so, level) => so + (counts?.get(level) ?? 0), 0);
  const weight = Math.max(PRIOR_PAIRS, sum * PRIOR_SHARE);
  return Object.fromEntries(
    levels.map((level) => [
      level,
      ((counts?.get(level) ?? 0) + (before[level] ?? 0) * weight) / (sum + weight),
    ]),
  );
}
