/** All records at once: prepare, block, compare, train, weigh. */
import type { IdentityKey } from "@regulars/shared/ids";
import type { ScoredPair } from "./clusters.ts";
import type { Features } from "./features.ts";
import type { Model } from "./model.ts";
import type { Outcome } from "./observe.ts";
import { candidatePairs, type PairList } from "./pairs.ts";
import { createLexicon, type Lexicon, prepare, type Prepared } from "./prepare.ts";
import { train } from "./train.ts";
import { createScorer } from "./weigh.ts";

export interface BatchRecord {
  readonly id: string;
  /** Without what is nobody's: `blanks` of the model that training begins from. */
  readonly features: Features;
  readonly keys?: readonly IdentityKey[];
}

export interface Batch {
  readonly lexicon: Lexicon;
  readonly records: ReadonlyMap<string, Prepared>;
  readonly model: Model;
  /** How many pairs were compared. */
  readonly compared: number;
  /** Those worth a word: at or above the threshold for a question. */
  readonly pairs: readonly ScoredPair[];
}

/** The order of records changes nothing: they are taken in that of their ids. */
export function runBatch(
  unordered: readonly BatchRecord[],
  training: { readonly from: Model; readonly version: string },
): Batch {
  const ordered = unordered.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const ids = ordered.map(({ id }) => id);
  const lexicon = createLexicon();
  const byId = ordered.map(({ id, features }) => [id, prepare(features, lexicon)] as const);
  const records = byId.map(([, record]) => record);
  const candidates = candidatePairs(records, (at) => ordered[at]?.keys ?? []);
  const { model, outcomes, outcomeOf } = train(records, candidates, lexicon, training);
  const pairs = weighPairs({ ids, records, candidates, outcomes, outcomeOf }, model);
  return {
    lexicon,
    records: new Map(byId),
    model,
    compared: candidates.count,
    pairs,
  };
}

interface Compared {
  readonly ids: readonly string[];
  readonly records: readonly Prepared[];
  readonly candidates: PairList;
  readonly outcomes: readonly Outcome[];
  readonly outcomeOf: Int32Array;
}

/** Outcomes are weighed in whole bits of rarity: within this many bits of the threshold, a pair is weighed by itself. */
const ROUGH_BITS = 4;

function weighPairs(
  { ids, records, candidates, outcomes, outcomeOf }: Compared,
  model: Model,
): ScoredPair[] {
  const scorer = createScorer(model);
  const { potential } = model.thresholds;
  const isWorth = outcomes.map(
    ({ levels, rarity }) => scorer.weighLevels(levels, rarity) >= potential - ROUGH_BITS,
  );
  const pairs: ScoredPair[] = [];
  for (let n = 0; n < candidates.count; n++) {
    const outcome = outcomeOf[n] ?? -1;
    if (!isWorth[outcome]) continue;
    const [first, second] = [candidates.first[n] ?? -1, candidates.second[n] ?? -1];
    const [a, levels] = [records[first], outcomes[outcome]?.levels];
    if (!a || !levels) continue;
    const { weight } = scorer.weigh(levels, a);
    if (weight >= potential) pairs.push({ a: ids[first] ?? "", b: ids[second] ?? "", weight });
  }
  return pairs;
}
