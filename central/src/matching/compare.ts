/** Two records, held against each other: one level per comparison. The same code for a batch and for one arrival. */
import { areNicknames } from "@regulars/shared/identity/nicknames";
import { COMPARISON_NAMES, COMPARISONS, type Comparison, type Level } from "./comparisons.ts";
import type { Lexicon, Prepared, Word } from "./prepare.ts";
import { editDistance, jaroWinkler } from "./strings.ts";

export type Levels = { readonly [Name in Comparison]: Level<Name> };

const WINKLER = 0;
const EDITS = 1;
const NICKNAMES = 2;

export function comparePair(a: Prepared, b: Prepared, lexicon: Lexicon): Levels {
  const names = compareNames(a, b, lexicon);
  return {
    ...names,
    suffix: same(a.features.suffix, b.features.suffix),
    birth: compareBirth(a.features.birth, b.features.birth),
    gender: same(a.features.gender, b.features.gender),
    email: compareEmail(a, b, lexicon),
    phone: comparePhone(a.features.phone, b.features.phone),
    identifier: compareIdentifier(a.features.identifier, b.features.identifier),
    ...compareStreet(a, b, lexicon),
    city: compareText(a.city, b.city, lexicon),
    region: same(a.features.region, b.features.region),
    postcode: comparePostcode(a.features.postcode, b.features.postcode),
    birthPlace: compareText(a.birthPlace, b.birthPlace, lexicon),
    occupation: same(a.features.occupation, b.features.occupation),
  };
}

const same = (a: string, b: string): "missing" | "exact" | "different" =>
  a === "" || b === "" ? "missing" : a === b ? "exact" : "different";

/** By their texts: a lexicon that forgot a word gives it another number when it comes again. */
const isSame = (a: Word | null, b: Word | null): boolean =>
  a !== null && b !== null && (a === b || a.text === b.text);

type Names = Pick<Levels, "given" | "middle" | "family">;

/** Given and family name may stand in each other's place: whichever way agrees more counts. */
function compareNames(a: Prepared, b: Prepared, lexicon: Lexicon): Names {
  const straight: Names = {
    given: compareGiven(a.given, b.given, lexicon),
    middle: compareMiddle(a, b),
    family: compareFamily(a, b, lexicon),
  };
  if (a.given === null || b.given === null || a.family === null || b.family === null) {
    return straight;
  }
  if (straight.given === "exact" || straight.family === "exact") return straight;
  const crossed = [similarity(a.given, b.family, lexicon), similarity(a.family, b.given, lexicon)];
  const isCrossed = Math.min(...crossed) >= 0.92;
  return isCrossed ? { given: "close", middle: "missing", family: "close" } : straight;
}

function compareGiven(a: Word | null, b: Word | null, lexicon: Lexicon): Levels["given"] {
  if (a === null || b === null) return "missing";
  if (isSame(a, b)) return "exact";
  const [short, long] = a.text.length < b.text.length ? [a.text, b.text] : [b.text, a.text];
  if (short.length === 1) return long.startsWith(short) ? "initial" : "different";
  if (lexicon.remember(NICKNAMES, a, b, (one, two) => (areNicknames(one, two) ? 1 : 0)) === 1) {
    return "nickname";
  }
  const likeness = similarity(a, b, lexicon);
  if (likeness >= 0.92 || a.shape === b.shape || edits(a, b, 1, lexicon) <= 1) return "close";
  return likeness >= 0.82 || a.sound === b.sound ? "similar" : "different";
}

function compareMiddle(a: Prepared, b: Prepared): Levels["middle"] {
  if (a.middle === null || b.middle === null) return "missing";
  if (isSame(a.middle, b.middle)) return "exact";
  return a.middle.text[0] === b.middle.text[0] ? "initial" : "different";
}

function compareFamily(a: Prepared, b: Prepared, lexicon: Lexicon): Levels["family"] {
  if (a.family === null || b.family === null) return "missing";
  if (isSame(a.family, b.family)) return "exact";
  if (a.familyParts.length > 1 || b.familyParts.length > 1) {
    const isPart = a.familyParts.some(
      (part) => part.text.length > 2 && b.familyParts.some((other) => isSame(part, other)),
    );
    if (isPart) return "part";
  }
  const likeness = similarity(a.family, b.family, lexicon);
  if (likeness >= 0.92 || a.family.shape === b.family.shape) return "close";
  if (edits(a.family, b.family, 1, lexicon) <= 1) return "close";
  return likeness >= 0.82 || a.family.sound === b.family.sound ? "similar" : "different";
}

/** Digits exchanged, mistyped or in another order are errors; another year, month and day are another person. */
export function compareBirth(a: string, b: string): Levels["birth"] {
  if (a === "" || b === "") return "missing";
  if (a.length < 10 || b.length < 10) {
    const shorter = Math.min(a.length, b.length);
    return a.slice(0, shorter) === b.slice(0, shorter) ? "year" : "different";
  }
  if (a === b) return "exact";
  const isDayForMonth =
    a.slice(0, 5) === b.slice(0, 5) && a.slice(5, 7) === b.slice(8) && a.slice(8) === b.slice(5, 7);
  if (isDayForMonth || editDistance(a, b, 1) <= 1) return "close";
  const parts =
    Number(a.slice(0, 4) === b.slice(0, 4)) +
    Number(a.slice(5, 7) === b.slice(5, 7)) +
    Number(a.slice(8) === b.slice(8));
  if (parts === 2) return "two_parts";
  return a.slice(0, 4) === b.slice(0, 4) ? "year" : "different";
}

/** Another number behind a name is another mailbox, most likely of a namesake. */
function compareEmail(a: Prepared, b: Prepared, lexicon: Lexicon): Levels["email"] {
  if (a.email === null || b.email === null) return "missing";
  if (isSame(a.email, b.email)) return "exact";
  if (isSame(a.emailLocal, b.emailLocal)) return "local";
  if (edits(a.email, b.email, 2, lexicon) > 2) return "different";
  return lettersIn(a.email.text) === lettersIn(b.email.text) ? "different" : "close";
}

const lettersIn = (text: string): string => text.replaceAll(/[\d._-]/g, "");

function comparePhone(a: string, b: string): Levels["phone"] {
  if (a === "" || b === "") return "missing";
  if (a === b) return "exact";
  return editDistance(a.slice(-9), b.slice(-9), 1) <= 1 ? "close" : "different";
}

function compareIdentifier(a: string, b: string): Levels["identifier"] {
  if (a === "" || b === "") return "missing";
  const distance = editDistance(a, b, 2);
  return (["exact", "close", "near", "different"] as const)[distance] ?? "different";
}

/** Two lines of an address are often in each other's place. */
function compareStreet(
  a: Prepared,
  b: Prepared,
  lexicon: Lexicon,
): Pick<Levels, "street" | "locality"> {
  const locality = compareText(a.locality, b.locality, lexicon);
  const isCrossed = isSame(a.road, b.locality) || isSame(b.road, a.locality);
  if (isCrossed) return { street: "road", locality: "missing" };
  const { number: numberA } = a.features;
  const { number: numberB } = b.features;
  const isNumber = numberA !== "" && numberA === numberB;
  const areNumbers = numberA !== "" && numberB !== "";
  if (a.road === null || b.road === null) {
    if (!areNumbers) return { street: "missing", locality };
    return { street: isNumber ? "number" : "missing", locality };
  }
  const isRoad = isSame(a.road, b.road);
  const isClose = isRoad || similarity(a.road, b.road, lexicon) >= 0.9;
  if (isRoad && (isNumber || !areNumbers)) return { street: isNumber ? "exact" : "road", locality };
  if (isClose && isNumber) return { street: "close", locality };
  if (isClose) return { street: "road", locality };
  return { street: isNumber ? "number" : "different", locality };
}

function compareText(
  a: Word | null,
  b: Word | null,
  lexicon: Lexicon,
): "missing" | "exact" | "close" | "different" {
  if (a === null || b === null) return "missing";
  if (isSame(a, b)) return "exact";
  return similarity(a, b, lexicon) >= 0.9 ? "close" : "different";
}

function comparePostcode(a: string, b: string): Levels["postcode"] {
  if (a === "" || b === "") return "missing";
  if (a === b) return "exact";
  return editDistance(a, b, 1) <= 1 ? "close" : "different";
}

/** 0 where the letters alone tell that no level asks for so little. */
function similarity(a: Word, b: Word, lexicon: Lexicon): number {
  if (isSame(a, b)) return 1;
  return mostSimilar(a, b) < SIMILAR_MIN ? 0 : lexicon.remember(WINKLER, a, b, jaroWinkler);
}

const SIMILAR_MIN = 0.82;

/** What Jaro-Winkler can be at most, from lengths and letters: letters that the other lacks cannot be in common. */
export function mostSimilar(a: Word, b: Word): number {
  const commonA = a.text.length - bitsOf(a.letters & ~b.letters);
  const commonB = b.text.length - bitsOf(b.letters & ~a.letters);
  const common = Math.min(commonA, commonB);
  if (common <= 0) return 0;
  const jaro = (common / a.text.length + common / b.text.length + 1) / 3;
  const prefix = a.text.charCodeAt(0) === b.text.charCodeAt(0) ? 4 : 0;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function bitsOf(value: number): number {
  let bits = value - ((value >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return (((bits + (bits >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24;
}

/** Of texts long enough that one edit does not make another word of them. */
function edits(a: Word, b: Word, max: number, lexicon: Lexicon): number {
  if (Math.min(a.text.length, b.text.length) < 4) return max + 1;
  const apart = Math.max(bitsOf(a.letters & ~b.letters), bitsOf(b.letters & ~a.letters));
  if (apart > max || Math.abs(a.text.length - b.text.length) > max) return max + 1;
  return lexicon.remember(EDITS, a, b, (one, two) => editDistance(one, two, 2));
}

const BASES = COMPARISON_NAMES.map((name) => COMPARISONS[name].length);

/** Levels as one whole number, so that equal ones can be counted: the number system has a base per comparison. */
export function patternOf(levels: Levels): number {
  let pattern = 0;
  for (const [at, name] of COMPARISON_NAMES.entries()) {
    const level = (COMPARISONS[name] as readonly string[]).indexOf(levels[name]);
    pattern = pattern * (BASES[at] ?? 1) + level;
  }
  return pattern;
}
