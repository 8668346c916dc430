/** Two records, held against each other: one level per comparison. The same code for a batch and for one arrival. */
import { areNicknames } from "@regulars/shared/identity/nicknames";
import { COMPARISONS, numbersOf } from "./comparisons.ts";
import { AT, type LevelNumbers, type Levels, levelsOf, noLevels } from "./levels.ts";
import { edits, isSame, similarity } from "./likeness.ts";
import type { Lexicon, Prepared, Word } from "./prepare.ts";
import { editDistance } from "./strings.ts";

const NICKNAMES = 2;

/** Numbers of the levels: a batch compares millions of pairs, and makes no object for any of them. */
const GIVEN = numbersOf("given");
const MIDDLE = numbersOf("middle");
const FAMILY = numbersOf("family");
const BIRTH = numbersOf("birth");
const EMAIL = numbersOf("email");
const STREET = numbersOf("street");
const IDENTIFIER = numbersOf("identifier");
/** The same in every comparison that has them; what differs is the last level of each. */
const MISSING = 0;
const EXACT = 1;
/** Of comparisons by text alone. */
const CLOSE = 2;
const TEXT_DIFFERENT = 3;
const SAME_DIFFERENT = 2;

export function comparePair(a: Prepared, b: Prepared, lexicon: Lexicon): Levels {
  const numbers = noLevels();
  compareInto(numbers, a, b, lexicon);
  return levelsOf(numbers);
}

/** Writes the levels of a pair over those that were there. */
export function compareInto(out: LevelNumbers, a: Prepared, b: Prepared, lexicon: Lexicon): void {
  compareNames(out, a, b, lexicon);
  out[AT.suffix] = same(a.features.suffix, b.features.suffix);
  out[AT.birth] = birthNumber(a.features.birth, b.features.birth);
  out[AT.gender] = same(a.features.gender, b.features.gender);
  out[AT.email] = compareEmail(a, b, lexicon);
  out[AT.phone] = comparePhone(a.features.phone, b.features.phone);
  out[AT.identifier] = compareIdentifier(a.features.identifier, b.features.identifier);
  compareStreet(out, a, b, lexicon);
  out[AT.city] = compareText(a.city, b.city, lexicon);
  out[AT.region] = same(a.features.region, b.features.region);
  out[AT.postcode] = comparePostcode(a.features.postcode, b.features.postcode);
  out[AT.birthPlace] = compareText(a.birthPlace, b.birthPlace, lexicon);
  out[AT.occupation] = same(a.features.occupation, b.features.occupation);
}

const same = (a: string, b: string): number =>
  a === "" || b === "" ? MISSING : a === b ? EXACT : SAME_DIFFERENT;

/** Given and family name may stand in each other's place: whichever way agrees more counts. */
function compareNames(out: LevelNumbers, a: Prepared, b: Prepared, lexicon: Lexicon): void {
  const given = compareGiven(a.given, b.given, lexicon);
  const family = compareFamily(a, b, lexicon);
  out[AT.given] = given;
  out[AT.middle] = compareMiddle(a, b);
  out[AT.family] = family;
  if (a.given === null || b.given === null || a.family === null || b.family === null) return;
  if (given === GIVEN.exact || family === FAMILY.exact) return;
  const isCrossed =
    similarity(a.given, b.family, lexicon) >= 0.92 &&
    similarity(a.family, b.given, lexicon) >= 0.92;
  if (!isCrossed) return;
  out[AT.given] = GIVEN.close;
  out[AT.middle] = MIDDLE.missing;
  out[AT.family] = FAMILY.close;
}

function compareGiven(a: Word | null, b: Word | null, lexicon: Lexicon): number {
  if (a === null || b === null) return GIVEN.missing;
  if (isSame(a, b)) return GIVEN.exact;
  const [short, long] = a.text.length < b.text.length ? [a.text, b.text] : [b.text, a.text];
  if (short.length === 1) return long.startsWith(short) ? GIVEN.initial : GIVEN.different;
  if (lexicon.remember(NICKNAMES, a, b, nicknames) === 1) return GIVEN.nickname;
  const likeness = similarity(a, b, lexicon);
  if (likeness >= 0.92 || a.shape === b.shape || edits(a, b, 1, lexicon) <= 1) return GIVEN.close;
  return likeness >= 0.82 || a.sound === b.sound ? GIVEN.similar : GIVEN.different;
}

const nicknames = (one: string, two: string): number => (areNicknames(one, two) ? 1 : 0);

function compareMiddle(a: Prepared, b: Prepared): number {
  if (a.middle === null || b.middle === null) return MIDDLE.missing;
  if (isSame(a.middle, b.middle)) return MIDDLE.exact;
  return a.middle.text[0] === b.middle.text[0] ? MIDDLE.initial : MIDDLE.different;
}

function compareFamily(a: Prepared, b: Prepared, lexicon: Lexicon): number {
  if (a.family === null || b.family === null) return FAMILY.missing;
  if (isSame(a.family, b.family)) return FAMILY.exact;
  if (a.familyParts.length > 1 || b.familyParts.length > 1) {
    const isPart = a.familyParts.some(
      (part) => part.text.length > 2 && b.familyParts.some((other) => isSame(part, other)),
    );
    if (isPart) return FAMILY.part;
  }
  const likeness = similarity(a.family, b.family, lexicon);
  if (likeness >= 0.92 || a.family.shape === b.family.shape) return FAMILY.close;
  if (edits(a.family, b.family, 1, lexicon) <= 1) return FAMILY.close;
  return likeness >= 0.82 || a.family.sound === b.family.sound ? FAMILY.similar : FAMILY.different;
}

/** Digits exchanged, mistyped or in another order are errors; another year, month and day are another person. */
export const compareBirth = (a: string, b: string): Levels["birth"] =>
  COMPARISONS.birth[birthNumber(a, b)] ?? "missing";

function birthNumber(a: string, b: string): number {
  if (a === "" || b === "") return BIRTH.missing;
  if (a.length < 10 || b.length < 10) {
    const shorter = Math.min(a.length, b.length);
    return a.slice(0, shorter) === b.slice(0, shorter) ? BIRTH.year : BIRTH.different;
  }
  if (a === b) return BIRTH.exact;
  const isYear = isSameIn(a, b, 0, 4);
  const isMonth = isSameIn(a, b, 5, 7);
  const isDay = isSameIn(a, b, 8, a.length) && a.length === b.length;
  const isDayForMonth =
    isYear && a[4] === b[4] && a.slice(5, 7) === b.slice(8) && a.slice(8) === b.slice(5, 7);
  if (isDayForMonth || editDistance(a, b, 1) <= 1) return BIRTH.close;
  if (Number(isYear) + Number(isMonth) + Number(isDay) === 2) return BIRTH.two_parts;
  return isYear ? BIRTH.year : BIRTH.different;
}

function isSameIn(a: string, b: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) return false;
  return true;
}

/** Another number behind a name is another mailbox, most likely of a namesake. */
function compareEmail(a: Prepared, b: Prepared, lexicon: Lexicon): number {
  if (a.email === null || b.email === null) return EMAIL.missing;
  if (isSame(a.email, b.email)) return EMAIL.exact;
  if (isSame(a.emailLocal, b.emailLocal)) return EMAIL.local;
  if (edits(a.email, b.email, 2, lexicon) > 2) return EMAIL.different;
  return lettersIn(a.email.text) === lettersIn(b.email.text) ? EMAIL.different : EMAIL.close;
}

const lettersIn = (text: string): string => text.replaceAll(/[\d._-]/g, "");

function comparePhone(a: string, b: string): number {
  if (a === "" || b === "") return MISSING;
  if (a === b) return EXACT;
  return editDistance(a.slice(-9), b.slice(-9), 1) <= 1 ? CLOSE : TEXT_DIFFERENT;
}

function compareIdentifier(a: string, b: string): number {
  if (a === "" || b === "") return IDENTIFIER.missing;
  // Equal, one edit, two, more: the levels in their order.
  return IDENTIFIER.exact + editDistance(a, b, 2);
}

/** Two lines of an address are often in each other's place. */
function compareStreet(out: LevelNumbers, a: Prepared, b: Prepared, lexicon: Lexicon): void {
  const isCrossed = isSame(a.road, b.locality) || isSame(b.road, a.locality);
  out[AT.street] = isCrossed ? STREET.road : streetNumber(a, b, lexicon);
  out[AT.locality] = isCrossed ? MISSING : compareText(a.locality, b.locality, lexicon);
}

function streetNumber(a: Prepared, b: Prepared, lexicon: Lexicon): number {
  const { number: numberA } = a.features;
  const { number: numberB } = b.features;
  const isNumber = numberA !== "" && numberA === numberB;
  const areNumbers = numberA !== "" && numberB !== "";
  if (a.road === null || b.road === null) return isNumber ? STREET.number : STREET.missing;
  const isRoad = isSame(a.road, b.road);
  if (isRoad && (isNumber || !areNumbers)) return isNumber ? STREET.exact : STREET.road;
  const isClose = isRoad || similarity(a.road, b.road, lexicon) >= 0.9;
  if (isClose) return isNumber ? STREET.close : STREET.road;
  return isNumber ? STREET.number : STREET.different;
}

function compareText(a: Word | null, b: Word | null, lexicon: Lexicon): number {
  if (a === null || b === null) return MISSING;
  if (isSame(a, b)) return EXACT;
  return similarity(a, b, lexicon) >= 0.9 ? CLOSE : TEXT_DIFFERENT;
}

function comparePostcode(a: string, b: string): number {
  if (a === "" || b === "") return MISSING;
  if (a === b) return EXACT;
  return editDistance(a, b, 1) <= 1 ? CLOSE : TEXT_DIFFERENT;
}
