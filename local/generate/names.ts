/** What people are called: heavy tails, fashions by year of birth, and some letters that a till cannot type. */
import { en, type Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import {
  ACCENTED_FAMILY_NAMES,
  COHORTS,
  FAMILY_NAMES,
  NAME_ENDINGS,
  NAME_STEMS,
  TWIN_NAMES,
} from "./name-lists.ts";
import { createRanking, type Draw } from "./ranking.ts";

export type Sex = "f" | "m";

/** With it Smith is 1.2 of 100 people, as in Britain. */
const flatness = 20;
const commonFamilyName = createRanking(FAMILY_NAMES, flatness);
const givenNames = COHORTS.map(({ until, f, m }) => ({
  until,
  f: createRanking(f, flatness),
  m: createRanking(m, flatness),
}));
const rareGivenNames = {
  f: en.person?.first_name?.female ?? [],
  m: en.person?.first_name?.male ?? [],
};
const rareFamilyNames = en.person?.last_name?.generic ?? [];

const familyNameKinds: readonly { weight: number; value: Draw }[] = [
  { weight: 55, value: commonFamilyName },
  { weight: 17, value: (dice) => dice.helpers.arrayElement(rareFamilyNames) },
  {
    weight: 22,
    value: (dice) =>
      `${dice.helpers.arrayElement(NAME_STEMS)}${dice.helpers.arrayElement(NAME_ENDINGS)}`,
  },
  { weight: 3, value: (dice) => `${commonFamilyName(dice)}-${commonFamilyName(dice)}` },
  { weight: 3, value: (dice) => dice.helpers.arrayElement(ACCENTED_FAMILY_NAMES) },
];

export const drawFamilyName: Draw = (dice) =>
  dice.helpers.weightedArrayElement([...familyNameKinds])(dice);

const rareShare = 0.15;

export function drawGivenName(dice: Faker, sex: Sex, birthYear: number): string {
  if (chance(dice, rareShare)) {
    return dice.helpers.arrayElement(rareGivenNames[sex]);
  }
  const cohort = givenNames.find(({ until }) => birthYear <= until);
  return cohort ? cohort[sex](dice) : "";
}

const similarShare = 0.1;

/** Two different names. */
export function drawTwinNames(dice: Faker, sex: Sex, year: number): readonly [string, string] {
  if (chance(dice, similarShare)) return dice.helpers.arrayElement(TWIN_NAMES);
  const first = drawGivenName(dice, sex, year);
  let second = first;
  while (second === first) second = drawGivenName(dice, sex, year);
  return [first, second];
}
