/** Compares many pairs and counts what was found, in a form that training and scoring can go over again and again. */
import { COMPARISON_NAMES } from "./comparisons.ts";
import { frequencyOf, isFrequencyField } from "./frequencies.ts";
import { type Levels, levelsOf, noLevels, numbersOfPattern, patternOf } from "./levels.ts";
import type { Model } from "./model.ts";
import { Numbering } from "./numbering.ts";
import { Growing, type PairList } from "./pairs.ts";
import type { Prepared } from "./prepare.ts";
import type { CompareAt } from "./rows.ts";

/** Pairs that agree in the same way, on values about as frequent. */
export interface Outcome {
  readonly levels: Levels;
  /** Whole bits that their exact agreements say more, for being on rare values, than the average of their level. */
  readonly rarity: number;
  readonly count: number;
}

/** What a part of the pairs came to: outcomes as numbers, in the order of their first pair. */
export interface Tally {
  readonly codes: Float64Array;
  readonly counts: Float64Array;
  /** Place of each pair's outcome in the list. */
  readonly outcomeOf: Int32Array;
}

const RARITY_MAX = 31;
const RARITIES = 2 * RARITY_MAX + 1;

export const levelsOfCode = (code: number): Levels =>
  levelsOf(numbersOfPattern(Math.floor(code / RARITIES)));

const rarityOfCode = (code: number): number => (code % RARITIES) - RARITY_MAX;

export interface Counter {
  /** Compares two records, known by their place, and answers the place of the outcome. */
  count(first: number, second: number): number;
  codes(): Float64Array;
  counts(): Float64Array;
}

/** `model` knows how frequent values are, and how often strangers agree on any. */
export function createCounter(
  recordAt: (at: number) => Prepared,
  compare: CompareAt,
  model: Model,
): Counter {
  const numbering = new Numbering();
  const codes: number[] = [];
  const counts: number[] = [];
  const numbers = noLevels();
  const rarityOf = createRarity(model, recordAt);
  return {
    count(first, second) {
      compare(numbers, first, second);
      const code = patternOf(numbers) * RARITIES + rarityOf(numbers, first) + RARITY_MAX;
      const place = numbering.placeOf(code);
      if (place === codes.length) {
        codes.push(code);
        counts.push(0);
      }
      counts[place] = (counts[place] ?? 0) + 1;
      return place;
    },
    codes: () => Float64Array.from(codes),
    counts: () => Float64Array.from(counts),
  };
}

export function observePairs(
  recordAt: (at: number) => Prepared,
  { count, first, second }: PairList,
  compare: CompareAt,
  model: Model,
): Tally {
  const counter = createCounter(recordAt, compare, model);
  const outcomeOf = new Growing();
  for (let n = 0; n < count; n++) outcomeOf.push(counter.count(first[n] ?? -1, second[n] ?? -1));
  return { codes: counter.codes(), counts: counter.counts(), outcomeOf: outcomeOf.values() };
}

/** In the order of their first pair, whatever parts the pairs were counted in: sums over them are the same to the last bit. */
export function outcomesOf(parts: readonly Pick<Tally, "codes" | "counts">[]): Outcome[] {
  const numbering = new Numbering();
  const codes: number[] = [];
  const counted: number[] = [];
  for (const { codes: own, counts } of parts) {
    for (const [at, code] of own.entries()) {
      const place = numbering.placeOf(code);
      codes[place] = code;
      counted[place] = (counted[place] ?? 0) + (counts[at] ?? 0);
    }
  }
  return codes.map((code, at) => ({
    levels: levelsOfCode(code),
    rarity: rarityOfCode(code),
    count: counted[at] ?? 0,
  }));
}

/**
 * Pairs come by their first record: what a value of it weighs is worked out once for all of them, and only where one of them
 * agrees on it.
 */
function createRarity({ frequencies, comparisons }: Model, recordAt: (at: number) => Prepared) {
  const fields = COMPARISON_NAMES.flatMap((name, at) =>
    isFrequencyField(name) ? [{ name, at, usual: comparisons[name].u["exact"] ?? 1 }] : [],
  );
  const places = Uint8Array.from(fields, ({ at }) => at);
  const bits = new Float64Array(fields.length);
  let weighed = -1;
  const weigh = (n: number, at: number): number => {
    const field = fields[n];
    if (!field) return 0;
    const share = frequencyOf(frequencies, field.name, recordAt(at).features);
    return share === null ? 0 : Math.log2(field.usual / share);
  };
  return (numbers: Uint8Array, first: number): number => {
    if (weighed !== first) bits.fill(Number.NaN);
    weighed = first;
    let sum = 0;
    for (let n = 0; n < places.length; n++) {
      if (numbers[places[n] ?? 0] !== 1) continue;
      let weight = bits[n] ?? 0;
      if (Number.isNaN(weight)) bits[n] = weight = weigh(n, first);
      sum += weight;
    }
    return Math.max(-RARITY_MAX, Math.min(RARITY_MAX, Math.round(sum)));
  };
}
