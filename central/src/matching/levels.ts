/** The levels that comparing two records gives: by name, as a number per comparison, and all of them as one number. */
import {
  COMPARISON_NAMES,
  COMPARISONS,
  type Comparison,
  type Level,
  perComparison,
} from "./comparisons.ts";

export type Levels = { readonly [Name in Comparison]: Level<Name> };

/** Place of each comparison in a list of levels: that of its name. */
export const AT = perComparison((name) => COMPARISON_NAMES.indexOf(name));

/** A number per comparison, in the order of their names. */
export type LevelNumbers = Uint8Array<ArrayBuffer>;

export const noLevels = (): LevelNumbers => new Uint8Array(COMPARISON_NAMES.length);

const levelAt = <Name extends Comparison>(name: Name, numbers: LevelNumbers): Level<Name> => {
  const levels: readonly Level<Name>[] = COMPARISONS[name];
  const level = levels[numbers[AT[name]] ?? -1];
  if (level === undefined) throw new Error("a level that no comparison has");
  return level;
};

export const levelsOf = (numbers: LevelNumbers): Levels => ({
  given: levelAt("given", numbers),
  middle: levelAt("middle", numbers),
  family: levelAt("family", numbers),
  suffix: levelAt("suffix", numbers),
  birth: levelAt("birth", numbers),
  gender: levelAt("gender", numbers),
  email: levelAt("email", numbers),
  phone: levelAt("phone", numbers),
  identifier: levelAt("identifier", numbers),
  street: levelAt("street", numbers),
  locality: levelAt("locality", numbers),
  city: levelAt("city", numbers),
  region: levelAt("region", numbers),
  postcode: levelAt("postcode", numbers),
  birthPlace: levelAt("birthPlace", numbers),
  occupation: levelAt("occupation", numbers),
});

const BASES = COMPARISON_NAMES.map((name) => COMPARISONS[name].length);

/** Equal ones can be counted by it: the number system has a base per comparison. */
export function patternOf(numbers: LevelNumbers): number {
  let pattern = 0;
  for (let at = 0; at < BASES.length; at++) {
    pattern = pattern * (BASES[at] ?? 1) + (numbers[at] ?? 0);
  }
  return pattern;
}

/** Takes a pattern apart again. */
export function numbersOfPattern(pattern: number): LevelNumbers {
  const numbers = new Uint8Array(BASES.length);
  let rest = pattern;
  for (let at = BASES.length - 1; at >= 0; at--) {
    const base = BASES[at] ?? 1;
    numbers[at] = rest % base;
    rest = Math.floor(rest / base);
  }
  return numbers;
}
