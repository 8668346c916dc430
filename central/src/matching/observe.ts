/** Compares many pairs and counts what was found, in a form that training and scoring can go over again and again. */
import { comparePair, type Levels, patternOf } from "./compare.ts";
import { COMPARISON_NAMES } from "./comparisons.ts";
import { frequencyOf, isFrequencyField } from "./frequencies.ts";
import type { Model } from "./model.ts";
import type { PairList } from "./pairs.ts";
import type { Lexicon, Prepared } from "./prepare.ts";

/** Pairs that agree in the same way, on values about as frequent. */
export interface Outcome {
  readonly levels: Levels;
  /** Whole bits that their exact agreements say more, for being on rare values, than the average of their level. */
  readonly rarity: number;
  count: number;
}

export interface Observation {
  readonly outcomes: readonly Outcome[];
  /** Place of each pair's outcome. */
  readonly outcomeOf: Int32Array;
}

const RARITY_MAX = 31;

/** `model` knows how frequent values are, and how often strangers agree on any. */
export function observePairs(
  records: readonly Prepared[],
  pairs: PairList,
  lexicon: Lexicon,
  model: Model,
): Observation {
  const outcomes: Outcome[] = [];
  const places = new Map<number, number>();
  const outcomeOf = new Int32Array(pairs.count);
  const rarityOf = createRarity(model);
  for (let n = 0; n < pairs.count; n++) {
    const a = records[pairs.first[n] ?? -1];
    const b = records[pairs.second[n] ?? -1];
    if (!a || !b) throw new Error("a pair names a record that is not there");
    const levels = comparePair(a, b, lexicon);
    const rarity = rarityOf(levels, a);
    const code = patternOf(levels) * (2 * RARITY_MAX + 1) + rarity + RARITY_MAX;
    let place = places.get(code);
    if (place === undefined) {
      place = outcomes.length;
      places.set(code, place);
      outcomes.push({ levels, rarity, count: 0 });
    }
    const outcome = outcomes[place];
    if (outcome) outcome.count++;
    outcomeOf[n] = place;
  }
  return { outcomes, outcomeOf };
}

function createRarity({ frequencies, comparisons }: Model) {
  const fields = COMPARISON_NAMES.filter(isFrequencyField).map((name) => ({
    name,
    usual: comparisons[name].u["exact"] ?? 1,
  }));
  return (levels: Levels, { features }: Prepared): number => {
    let bits = 0;
    for (const { name, usual } of fields) {
      if (levels[name] !== "exact") continue;
      const share = frequencyOf(frequencies, name, features);
      if (share !== null) bits += Math.log2(usual / share);
    }
    return Math.max(-RARITY_MAX, Math.min(RARITY_MAX, Math.round(bits)));
  };
}
