/** All records at once: prepare, block, compare, train, and the pairs that are worth a word. */
import { comparePair, type Levels, patternOf } from "./compare.ts";
import type { Features } from "./features.ts";
import type { Model } from "./model.ts";
import { candidatePairs, type PairList } from "./pairs.ts";
import { createLexicon, type Lexicon, prepare, type Prepared } from "./prepare.ts";
import { type Counted, train } from "./train.ts";
import { createScorer } from "./weigh.ts";

export interface BatchPair {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

const RANDOM_PAIRS = 400_000;

export function prepareAll(features: readonly Features[]): {
  lexicon: Lexicon;
  records: Prepared[];
} {
  const lexicon = createLexicon();
  return { lexicon, records: features.map((each) => prepare(each, lexicon)) };
}

export function trainOn(
  records: readonly Prepared[],
  lexicon: Lexicon,
  pairs: PairList,
  from: Model,
  version: string,
) {
  const counts = new Map<number, { levels: Levels; count: number }>();
  const count = (
    a: Prepared,
    b: Prepared,
    into: Map<number, { levels: Levels; count: number }>,
  ) => {
    const levels = comparePair(a, b, lexicon);
    const pattern = patternOf(levels);
    const known = into.get(pattern);
    if (known) known.count++;
    else into.set(pattern, { levels, count: 1 });
  };
  for (let n = 0; n < pairs.count; n++) {
    const a = records[pairs.first[n] ?? 0];
    const b = records[pairs.second[n] ?? 0];
    if (a && b) count(a, b, counts);
  }
  const random = new Map<number, { levels: Levels; count: number }>();
  for (const [a, b] of randomPairs(records.length)) {
    const one = records[a];
    const two = records[b];
    if (one && two) count(one, two, random);
  }
  return train(
    { records, candidates: [...counts.values()] as Counted[], random: [...random.values()] },
    from,
    version,
  );
}

/** Every pair of few records; of many, each record with others at growing distances in the order of ids. */
function* randomPairs(records: number): Iterable<[number, number]> {
  if ((records * (records - 1)) / 2 <= RANDOM_PAIRS) {
    for (let a = 0; a < records; a++) for (let b = a + 1; b < records; b++) yield [a, b];
    return;
  }
  const each = Math.max(1, Math.floor(RANDOM_PAIRS / records));
  for (let n = 1; n <= each; n++) {
    const distance = 1 + Math.floor(((records - 1) * n * 0.618_033_988_75) % (records - 1));
    for (let a = 0; a < records; a++) {
      const b = (a + distance) % records;
      if (a !== b) yield [a, b];
    }
  }
}

export function scorePairs(
  records: readonly Prepared[],
  lexicon: Lexicon,
  pairs: PairList,
  model: Model,
  from: number,
): BatchPair[] {
  const scorer = createScorer(model);
  const found: BatchPair[] = [];
  for (let n = 0; n < pairs.count; n++) {
    const a = records[pairs.first[n] ?? 0];
    const b = records[pairs.second[n] ?? 0];
    if (!a || !b) continue;
    const levels = comparePair(a, b, lexicon);
    const { weight } = scorer.weigh(levels, a, b);
    if (weight >= from) found.push({ a: pairs.first[n] ?? 0, b: pairs.second[n] ?? 0, weight });
  }
  return found;
}
