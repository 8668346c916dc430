/**
 * Training without labels: m, u and the prior by expectation maximisation over what was compared, from the shipped model on.
 * Records come in the order of their ids and sums are taken in that order, so the same records give the same model to the
 * last bit (IDN5).
 */
import type { Levels } from "./compare.ts";
import { COMPARISON_NAMES, COMPARISONS, type Comparison } from "./comparisons.ts";
import { FREQUENCY_FIELDS, type Frequencies, type Model } from "./model.ts";
import type { Prepared } from "./prepare.ts";
import { createScorer, frequencyValue } from "./weigh.ts";

export interface Counted {
  readonly levels: Levels;
  readonly count: number;
}

export interface Observed {
  readonly records: readonly Prepared[];
  /** Patterns of the pairs that share a block, and how many pairs have each. */
  readonly candidates: readonly Counted[];
  /** Patterns of pairs drawn without regard to anything. */
  readonly random: readonly Counted[];
}

const ROUNDS = 20;
/** As many pairs as the shipped model is worth: few records cannot unlearn what is true of most. */
const PRIOR_PAIRS = 60;
/** Of many pairs the shipped model keeps this share, for m as for u: what was never seen weighs what it did before. */
const PRIOR_SHARE = 0.02;

export function train(observed: Observed, from: Model, version: string): Model {
  const records = observed.records.length;
  const frequencies = frequenciesOf(observed.records);
  const pairs = (records * (records - 1)) / 2;
  // Once, while the shipped model still says who is nobody's double: freed to move, strangers who share a name would all
  // be taken for matches, and what is left would never share one.
  const comparisons = withStrangers(from, observed);
  let model: Model = { ...from, version, records, frequencies, comparisons };
  for (let round = 0; round < ROUNDS; round++) model = maximise(model, observed, from, pairs);
  return model;
}

function withStrangers(from: Model, observed: Observed): Model["comparisons"] {
  const scorer = createScorer(from);
  const u = tallies();
  for (const { levels, count } of observed.random) {
    tally(u, levels, (1 - posteriorOf(scorer.weighLevels(levels))) * count);
  }
  return mapComparisons((name) => {
    const { m, u: before, h } = from.comparisons[name];
    return { m, u: shares(name, u, before), h };
  });
}

const mapComparisons = (
  map: (name: Comparison) => Model["comparisons"][Comparison],
): Model["comparisons"] =>
  Object.fromEntries(COMPARISON_NAMES.map((name) => [name, map(name)])) as Model["comparisons"];

function maximise(model: Model, observed: Observed, from: Model, pairs: number): Model {
  const scorer = createScorer(model);
  const m = tallies();
  let matches = 0;
  for (const { levels, count } of observed.candidates) {
    const posterior = posteriorOf(scorer.weighLevels(levels));
    if (posterior < 1e-9) continue;
    matches += posterior * count;
    tally(m, levels, posterior * count);
  }
  const share = Math.min(Math.max(matches, 1) / Math.max(pairs, 1), 0.2);
  const comparisons = mapComparisons((name) => {
    const { u, h } = model.comparisons[name];
    return { m: shares(name, m, from.comparisons[name].m), u, h };
  });
  return { ...model, prior: Math.log2(share / (1 - share)), comparisons };
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

const COMMON_VALUES = 5_000;

/** Values that stand out are kept with their share; all others count as rare, at the share of one average value. */
function frequenciesOf(records: readonly Prepared[]): Model["frequencies"] {
  return Object.fromEntries(
    FREQUENCY_FIELDS.flatMap((field): [string, Frequencies][] => {
      const counts = new Map<string, number>();
      let known = 0;
      for (const { features } of records) {
        const value = frequencyValue(field, features);
        if (value === "") continue;
        known++;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      if (known < 100) return [];
      const ranked = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      const common = ranked.slice(0, COMMON_VALUES).filter(([, count]) => count > 2);
      const rest = ranked.length - common.length;
      const restCount = known - common.reduce((sum, [, count]) => sum + count, 0);
      const rare = (rest > 0 ? restCount / rest : 1) / known;
      const table = Object.fromEntries(
        common.map(([value, count]) => [value, Math.min(count / known, 0.999)]),
      );
      return [[field, { common: table, rare: Math.min(rare, 0.5) }]];
    }),
  );
}
