/** Two records, held against each other: one level per comparison. The same code for a batch and for one arrival. */
import { areNicknames } from "@regulars/shared/identity/nicknames";
import { type Comparison, COMPARISONS, numbersOf } from "./comparisons.ts";
import { AT, type LevelNumbers, type Levels, levelsOf, noLevels } from "./levels.ts";
import {
  editsOf,
  editsOfLong,
  isSame,
  LIKE,
  likeness,
  likenessOf,
  REMEMBERED,
  SIMILAR,
  VERY_LIKE,
} from "./likeness.ts";
import type { Lexicon, Prepared, Word } from "./prepare.ts";
import { editDistance } from "./strings.ts";

/** Numbers of the levels: a batch compares millions of pairs, and makes no object for any of them. */
const GIVEN = numbersOf("given");
const MIDDLE = numbersOf("middle");
const FAMILY = numbersOf("family");
const BIRTH = numbersOf("birth");
export const EMAIL = numbersOf("email");
export const STREET = numbersOf("street");
const IDENTIFIER = numbersOf("identifier");
/** The same in every comparison that has them; what differs is the last level of each. */
export const MISSING = 0;
export const EXACT = 1;
/** Of comparisons by text alone. */
export const CLOSE = 2;
export const TEXT_DIFFERENT = 3;
const SAME_DIFFERENT = 2;

export function comparePair(a: Prepared, b: Prepared, lexicon: Lexicon): Levels {
  const numbers = noLevels();
  compareInto(numbers, a, b, lexicon);
  return levelsOf(numbers);
}

/** Writes the levels of a pair over those that were there. */
export function compareInto(out: LevelNumbers, a: Prepared, b: Prepared, lexicon: Lexicon): void {
  for (const name of ALONE) {
    const [one, two] = [a[name], b[name]];
    out[AT[name]] = one === null || two === null ? MISSING : compareWords(name, one, two, lexicon);
  }
  if (hasParts(a) || hasParts(b)) compareParts(out, a, b);
  crossNames(out, a, b, lexicon);
  compareStreet(out, a, b, lexicon);
}

/** Comparisons of one value of each record: whatever else the records say, mostly it is all that counts. */
export const ALONE = [
  "given",
  "middle",
  "family",
  "suffix",
  "birth",
  "gender",
  "email",
  "phone",
  "identifier",
  "city",
  "region",
  "postcode",
  "birthPlace",
  "occupation",
] as const satisfies readonly Comparison[];

export function compareWords(
  name: (typeof ALONE)[number],
  a: Word,
  b: Word,
  lexicon: Lexicon,
): number {
  if (name === "birth") return birthNumber(a.text, b.text);
  if (isSame(a, b)) return EXACT;
  switch (name) {
    case "given":
      return lexicon.remember(REMEMBERED.given, a, b, differingGiven);
    case "family":
      return lexicon.remember(REMEMBERED.family, a, b, differingFamily);
    case "middle":
      return a.text[0] === b.text[0] ? MIDDLE.initial : MIDDLE.different;
    case "email":
      return differingEmail(a, b);
    case "phone":
      return editDistance(a.text.slice(-9), b.text.slice(-9), 1) <= 1 ? CLOSE : TEXT_DIFFERENT;
    case "identifier":
      // Equal, one edit, two, more: the levels in their order.
      return IDENTIFIER.exact + editsOf(a, b, 2);
    case "postcode":
      return editsOf(a, b, 1) <= 1 ? CLOSE : TEXT_DIFFERENT;
    case "city":
    case "birthPlace":
      return differingText(a, b, lexicon);
    case "suffix":
    case "gender":
    case "region":
    case "occupation":
      return SAME_DIFFERENT;
  }
}

/** Given and family name may stand in each other's place: whichever way agrees more counts. */
export function crossNames(out: LevelNumbers, a: Prepared, b: Prepared, lexicon: Lexicon): void {
  if (a.given === null || b.given === null || a.family === null || b.family === null) return;
  if (out[AT.given] === GIVEN.exact || out[AT.family] === FAMILY.exact) return;
  const isCrossed =
    likeness(a.given, b.family, lexicon) >= VERY_LIKE &&
    likeness(a.family, b.given, lexicon) >= VERY_LIKE;
  if (isCrossed) writeCrossed(out);
}

export function writeCrossed(out: LevelNumbers): void {
  out[AT.given] = GIVEN.close;
  out[AT.middle] = MIDDLE.missing;
  out[AT.family] = FAMILY.close;
}

function differingGiven(a: Word, b: Word): number {
  const [short, long] = a.text.length < b.text.length ? [a.text, b.text] : [b.text, a.text];
  if (short.length === 1) return long.startsWith(short) ? GIVEN.initial : GIVEN.different;
  if (areNicknames(a.text, b.text)) return GIVEN.nickname;
  const alike = likenessOf(a, b);
  if (alike >= VERY_LIKE || a.shape === b.shape || editsOfLong(a, b, 1) <= 1) return GIVEN.close;
  return alike >= SIMILAR || a.sound === b.sound ? GIVEN.similar : GIVEN.different;
}

export const hasParts = ({ familyParts }: Prepared): boolean => familyParts.length > 1;

/** Of family names that differ, one part that both have says more than how alike they are. */
export function compareParts(out: LevelNumbers, a: Prepared, b: Prepared): void {
  if (out[AT.family] === FAMILY.missing || out[AT.family] === FAMILY.exact) return;
  const isPart = a.familyParts.some(
    (part) => part.text.length > 2 && b.familyParts.some((other) => isSame(part, other)),
  );
  if (isPart) out[AT.family] = FAMILY.part;
}

function differingFamily(a: Word, b: Word): number {
  const alike = likenessOf(a, b);
  if (alike >= VERY_LIKE || a.shape === b.shape || editsOfLong(a, b, 1) <= 1) return FAMILY.close;
  return alike >= SIMILAR || a.sound === b.sound ? FAMILY.similar : FAMILY.different;
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
function differingEmail(a: Word, b: Word): number {
  const local = a.text.indexOf("@");
  if (local > 0 && isSameIn(a.text, b.text, 0, local + 1)) return EMAIL.local;
  if (editsOfLong(a, b, 2) > 2) return EMAIL.different;
  return lettersIn(a.text) === lettersIn(b.text) ? EMAIL.different : EMAIL.close;
}

const lettersIn = (text: string): string => text.replaceAll(/[\d._-]/g, "");

/** Two lines of an address are often in each other's place. */
export function compareStreet(out: LevelNumbers, a: Prepared, b: Prepared, lexicon: Lexicon): void {
  const isCrossed = isSame(a.road, b.locality) || isSame(b.road, a.locality);
  const isNumber = isSame(a.number, b.number);
  const isClose = a.road !== null && b.road !== null && likeness(a.road, b.road, lexicon) >= LIKE;
  out[AT.street] = isCrossed
    ? STREET.road
    : a.road === null || b.road === null
      ? isNumber
        ? STREET.number
        : STREET.missing
      : roadLevel({ isNumber, isRoad: isSame(a.road, b.road), isClose });
  const { locality } = a;
  out[AT.locality] =
    isCrossed || locality === null || b.locality === null
      ? MISSING
      : isSame(locality, b.locality)
        ? EXACT
        : differingText(locality, b.locality, lexicon);
}

/** `isClose` where the roads are the same as well. */
export function roadLevel(are: {
  readonly isNumber: boolean;
  readonly isRoad: boolean;
  readonly isClose: boolean;
}): number {
  if (!are.isClose) return are.isNumber ? STREET.number : STREET.different;
  if (are.isRoad && are.isNumber) return STREET.exact;
  return are.isNumber ? STREET.close : STREET.road;
}

const differingText = (a: Word, b: Word, lexicon: Lexicon): number =>
  likeness(a, b, lexicon) >= LIKE ? CLOSE : TEXT_DIFFERENT;
