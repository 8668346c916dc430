/** Compares many pairs and counts what was found, in a form that training and scoring can go over again and again. */
import { COMPARISON_NAMES } from "./comparisons.ts";
import { frequencyOf, isFrequencyField } from "./frequencies.ts";
import {
  type LevelNumbers,
  type Levels,
  levelsOf,
  noLevels,
  numbersOfPattern,
  patternOf,
} from "./levels.ts";
import type { Model } from "./model.ts";
import { Numbering } from "./numbering.ts";
import { Growing, type PairList } from "./pairs.ts";
import type { Prepared } from "./prepare.ts";
import type { Column, Rows } from "./rows.ts";

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

/** Whole bits that what a pair agrees on says more, for being rare; `first`: the place of either of its records. */
export type RarityOf = (numbers: LevelNumbers, first: number) => number;

export function createCounter({ compare }: Rows, rarityOf: RarityOf): Counter {
  const numbering = new Numbering();
  const codes: number[] = [];
  const counts: number[] = [];
  const numbers = noLevels();
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
  { count, first, second }: PairList,
  rows: Rows,
  rarityOf: RarityOf,
): Tally {
  const counter = createCounter(rows, rarityOf);
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
 * `model` knows how frequent values are, and how often strangers agree on any. What a word weighs is worked out once; what
 * has no word of its own, once for all pairs in a row that have the same first record.
 */
export function createRarity(
  { frequencies, comparisons }: Model,
  recordAt: (at: number) => Prepared,
  rows: Rows,
): RarityOf {
  const fields = COMPARISON_NAMES.flatMap((name, at) => {
    if (!isFrequencyField(name) || !frequencies[name]) return [];
    const usual = comparisons[name].u["exact"] ?? 1;
    const weigh = (first: number): number =>
      Math.log2(usual / (frequencyOf(frequencies, name, recordAt(first).features) ?? usual));
    return [{ at, weigh: name === "street" ? onceInARow(weigh) : onceOfAWord(name, weigh, rows) }];
  });
  return (numbers, first) => {
    let sum = 0;
    for (const { at, weigh } of fields) if (numbers[at] === 1) sum += weigh(first);
    return Math.max(-RARITY_MAX, Math.min(RARITY_MAX, Math.round(sum)));
  };
}

type Weigh = (first: number) => number;

function onceInARow(weigh: Weigh): Weigh {
  let [weighed, bits] = [-1, 0];
  return (first) => {
    if (first !== weighed) [weighed, bits] = [first, weigh(first)];
    return bits;
  };
}

function onceOfAWord(column: Column, weigh: Weigh, { words, wordOf }: Rows): Weigh {
  const bits = new Float64Array(words).fill(Number.NaN);
  return (first) => {
    const word = wordOf(column, first);
    const known = bits[word] ?? Number.NaN;
    return Number.isNaN(known) ? (bits[word] = weigh(first)) : known;
  };
}
