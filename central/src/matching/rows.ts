/**
 * Records as rows of numbers, to compare millions of pairs: equal words are equal numbers, and most of a row lies in one line
 * of the processor's cache, where a record is twenty objects. Of what differs, numbers mostly say that it differs outright;
 * only of the rest are the words looked at. No object is made for a pair: a hundred bytes for each of a million push all
 * that is known of words out of the cache.
 */
import {
  ALONE,
  CLOSE,
  compareParts,
  compareStreet,
  compareWords,
  EMAIL,
  EXACT,
  hasParts,
  MISSING,
  roadLevel,
  STREET,
  TEXT_DIFFERENT,
  writeCrossed,
} from "./compare.ts";
import { COMPARISONS } from "./comparisons.ts";
import { birthLevel, dateOf, isOneEdit, lastNineOf, NOT_DIGITS } from "./digits.ts";
import { createGlossary, type Glossary } from "./glossary.ts";
import { AT, type LevelNumbers } from "./levels.ts";
import { LIKE, REMEMBERED, VERY_LIKE } from "./likeness.ts";
import { type Lexicon, type Prepared, UNKNOWN, type Word } from "./prepare.ts";

/** Those that most records say something about come first: they lie together. */
const COLUMNS = [
  "given",
  "family",
  "birth",
  "email",
  "emailLocal",
  "phone",
  "number",
  "road",
  "city",
  "postcode",
  "middle",
  "suffix",
  "gender",
  "identifier",
  "locality",
  "region",
  "birthPlace",
  "occupation",
] as const satisfies readonly (keyof Prepared)[];
export type Column = (typeof COLUMNS)[number];

/** First a bit for each column that says anything, then the digits of a phone's end and of a date of birth, then the words. */
const PHONE_DIGITS = 1;
const BIRTH_DIGITS = 2;
const WORDS = 3;
const placeOf = (column: Column): number => WORDS + COLUMNS.indexOf(column);
const [GIVEN, FAMILY, LOCAL] = [placeOf("given"), placeOf("family"), placeOf("emailLocal")];
const [NUMBER, ROAD, BIRTH] = [placeOf("number"), placeOf("road"), placeOf("birth")];
/** A power of two, so that what most records say is in one line of the cache. */
const WIDTH = 32;

const bitOf = (column: Column): number => 1 << placeOf(column);
const NAMES = bitOf("given") | bitOf("family");
const ROAD_BIT = bitOf("road");
const LOCALITY = bitOf("locality");
/** Of a family name with several parts. */
const PARTS = 1;

/** Of a place in the row the comparison of it alone, where there is one, the place of its level, and the last of its levels. */
const NAME_AT = Array.from({ length: WIDTH }, (_, place) =>
  ALONE.find((name) => name === COLUMNS[place - WORDS]),
);
const LEVEL_AT = NAME_AT.map((name) => (name ? AT[name] : -1));
const DIFFERENT_AT = NAME_AT.map((name) => (name ? COMPARISONS[name].length - 1 : -1));
const ALONE_BITS = NAME_AT.reduce((bits, name, place) => (name ? bits | (1 << place) : bits), 0);

export interface Rows {
  /** Writes the levels of a pair, known by their places, as `compareInto` would. */
  readonly compare: (out: LevelNumbers, first: number, second: number) => void;
  /** Number of the word in a column; 0 where there is none. */
  readonly wordOf: (column: Column, at: number) => number;
  readonly words: number;
}

/** `lexicon`: of all these records, and it has forgotten no word. */
export function createRows(
  count: number,
  recordAt: (at: number) => Prepared,
  lexicon: Lexicon,
): Rows {
  const rows = new Int32Array(count * WIDTH);
  const words: Word[] = [];
  for (let at = 0; at < count; at++) fillRow(rows, at * WIDTH, recordAt(at), words);
  const glossary = createGlossary(words, lexicon);
  const { areAlike } = glossary;
  const differing = createDiffering(rows, glossary, lexicon);

  function compareAlone(out: LevelNumbers, a: number, b: number, both: number): void {
    for (let rest = both & ALONE_BITS; rest !== 0; rest &= rest - 1) {
      const place = 31 - Math.clz32(rest & -rest);
      // A birth date that is half known is not exact, though it is the same.
      const isExact = rows[a + place] === rows[b + place] && place !== BIRTH;
      out[LEVEL_AT[place] ?? -1] = isExact ? EXACT : differing(place, a, b);
    }
  }

  /** Given and family name in each other's place. */
  const areCrossed = (a: number, b: number): boolean =>
    areAlike(rows[a + GIVEN] ?? 0, rows[b + FAMILY] ?? 0, VERY_LIKE) &&
    areAlike(rows[a + FAMILY] ?? 0, rows[b + GIVEN] ?? 0, VERY_LIKE);

  function streetOf(a: number, b: number, both: number): number {
    const isNumber = rows[a + NUMBER] === rows[b + NUMBER] && rows[a + NUMBER] !== 0;
    if ((both & ROAD_BIT) === 0) return isNumber ? STREET.number : MISSING;
    const one = rows[a + ROAD] ?? 0;
    const two = rows[b + ROAD] ?? 0;
    return roadLevel({ isNumber, isRoad: one === two, isClose: areAlike(one, two, LIKE) });
  }

  return {
    words: words.length,
    wordOf: (column, at) => rows[at * WIDTH + placeOf(column)] ?? 0,
    compare(out, first, second) {
      const a = first * WIDTH;
      const b = second * WIDTH;
      const saidA = rows[a] ?? 0;
      const saidB = rows[b] ?? 0;
      const both = saidA & saidB;
      const either = saidA | saidB;
      out.fill(MISSING);
      compareAlone(out, a, b, both);
      if ((either & PARTS) !== 0) compareParts(out, recordAt(first), recordAt(second));
      if ((both & NAMES) === NAMES && out[AT.given] !== EXACT && out[AT.family] !== EXACT) {
        if (areCrossed(a, b)) writeCrossed(out);
      }
      if ((either & LOCALITY) === 0) out[AT.street] = streetOf(a, b, both);
      else compareStreet(out, recordAt(first), recordAt(second), lexicon);
    },
  };
}

/** Level of two words that are not the same, in a place of the rows that begin at `a` and `b`. */
type Differing = (place: number, a: number, b: number) => number;

function createDiffering(
  rows: Int32Array,
  { wordAt, editsAtLeast, areAlike }: Glossary,
  lexicon: Lexicon,
): Differing {
  const byWords = (name: (typeof ALONE)[number], one: number, two: number): number =>
    compareWords(name, wordAt(one), wordAt(two), lexicon);

  return (place, a, b) => {
    const one = rows[a + place] ?? 0;
    const two = rows[b + place] ?? 0;
    const name = NAME_AT[place] ?? "given";
    switch (name) {
      case "given":
      case "family": {
        const known = lexicon.recall(REMEMBERED[name], one, two);
        return known === UNKNOWN ? byWords(name, one, two) : known;
      }
      case "email":
        if (rows[a + LOCAL] === rows[b + LOCAL] && rows[a + LOCAL] !== 0) return EMAIL.local;
        return editsAtLeast(one, two) > 2 ? EMAIL.different : byWords(name, one, two);
      case "phone": {
        const digits = rows[a + PHONE_DIGITS] ?? 0;
        const others = rows[b + PHONE_DIGITS] ?? 0;
        if (digits === NOT_DIGITS || others === NOT_DIGITS) return byWords(name, one, two);
        return isOneEdit(digits, others) ? CLOSE : TEXT_DIFFERENT;
      }
      case "birth": {
        const date = rows[a + BIRTH_DIGITS] ?? 0;
        const other = rows[b + BIRTH_DIGITS] ?? 0;
        if (date === NOT_DIGITS || other === NOT_DIGITS) return byWords(name, one, two);
        return birthLevel(date, other);
      }
      case "postcode":
        return editsAtLeast(one, two) > 1 ? TEXT_DIFFERENT : byWords(name, one, two);
      case "city":
      case "birthPlace":
        return areAlike(one, two, LIKE) ? CLOSE : TEXT_DIFFERENT;
      case "suffix":
      case "gender":
      case "region":
      case "occupation":
        return DIFFERENT_AT[place] ?? 0;
      case "middle":
      case "identifier":
        return byWords(name, one, two);
    }
  };
}

function fillRow(rows: Int32Array, from: number, record: Prepared, words: Word[]): void {
  let said = hasParts(record) ? PARTS : 0;
  for (const column of COLUMNS) {
    const word = record[column];
    if (word === null) continue;
    said |= bitOf(column);
    rows[from + placeOf(column)] = word.id;
    words[word.id] = word;
  }
  rows[from] = said;
  rows[from + PHONE_DIGITS] = lastNineOf(record.phone?.text ?? "");
  rows[from + BIRTH_DIGITS] = dateOf(record.birth?.text ?? "");
}
