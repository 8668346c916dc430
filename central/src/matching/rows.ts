/**
 * Records as rows of numbers, to compare millions of pairs: equal words are equal numbers, and most of a row lies in one line
 * of the processor's cache, where a record is twenty objects. Only of what differs are the words looked at.
 */
import {
  ALONE,
  compareParts,
  compareRoads,
  compareStreet,
  compareWords,
  crossNames,
  EXACT,
  hasParts,
  MISSING,
  STREET,
} from "./compare.ts";
import { AT, type LevelNumbers } from "./levels.ts";
import type { Lexicon, Prepared, Word } from "./prepare.ts";

/** Those that most records say something about come first: they lie together. */
const COLUMNS = [
  "given",
  "family",
  "birth",
  "email",
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

/** First a bit for each column that says anything, then the number of its word. */
const WIDTH = 1 + COLUMNS.length;
const bitOf = (column: (typeof COLUMNS)[number]): number => 1 << COLUMNS.indexOf(column);
const NAMES = bitOf("given") | bitOf("family");
const NUMBER = bitOf("number");
const NUMBER_AT = 1 + COLUMNS.indexOf("number");
const ROAD = bitOf("road");
const ROAD_AT = 1 + COLUMNS.indexOf("road");
const LOCALITY = bitOf("locality");
/** Beside those of the columns: of a family name with several parts. */
const PARTS = 1 << COLUMNS.length;

/** Of a column that is compared alone its comparison. */
const NAME_OF = COLUMNS.map((column) => ALONE.find((name) => name === column) ?? null);
const LEVEL_AT = NAME_OF.map((name) => (name === null ? -1 : AT[name]));
const ALONE_BITS = NAME_OF.reduce((bits, name, at) => (name === null ? bits : bits | (1 << at)), 0);
/** A birth date that is half known is not exact, though it is the same. */
const BIRTH = COLUMNS.indexOf("birth");

/** Writes the levels of a pair, known by their places, as `compareInto` would. */
export type CompareAt = (out: LevelNumbers, first: number, second: number) => void;

/** `lexicon`: of all these records, and it has forgotten no word. */
export function createRows(
  count: number,
  recordAt: (at: number) => Prepared,
  lexicon: Lexicon,
): CompareAt {
  const rows = new Int32Array(count * WIDTH);
  const words: Word[] = [];
  for (let at = 0; at < count; at++) fillRow(rows, at * WIDTH, recordAt(at), words);
  const wordAt = (at: number): Word => {
    const word = words[rows[at] ?? 0];
    if (!word) throw new Error("a row names a word that is not there");
    return word;
  };

  function compareAlone(out: LevelNumbers, a: number, b: number, both: number): void {
    for (let rest = both & ALONE_BITS; rest !== 0; rest &= rest - 1) {
      const column = 31 - Math.clz32(rest & -rest);
      const [atA, atB] = [a + 1 + column, b + 1 + column];
      out[LEVEL_AT[column] ?? -1] =
        rows[atA] === rows[atB] && column !== BIRTH
          ? EXACT
          : compareWords(NAME_OF[column] ?? "given", wordAt(atA), wordAt(atB), lexicon);
    }
  }

  function streetNumber(a: number, b: number, both: number): number {
    const areNumbers = (both & NUMBER) !== 0;
    const isNumber = areNumbers && rows[a + NUMBER_AT] === rows[b + NUMBER_AT];
    if ((both & ROAD) === 0) return isNumber ? STREET.number : MISSING;
    const [roadA, roadB] = [wordAt(a + ROAD_AT), wordAt(b + ROAD_AT)];
    return compareRoads({ areNumbers, isNumber }, roadA, roadB, lexicon);
  }

  return (out, first, second) => {
    const [a, b] = [first * WIDTH, second * WIDTH];
    const [saidA, saidB] = [rows[a] ?? 0, rows[b] ?? 0];
    const [both, either] = [saidA & saidB, saidA | saidB];
    out.fill(MISSING);
    compareAlone(out, a, b, both);
    if ((either & PARTS) !== 0) compareParts(out, recordAt(first), recordAt(second));
    if ((both & NAMES) === NAMES && out[AT.given] !== EXACT && out[AT.family] !== EXACT) {
      crossNames(out, recordAt(first), recordAt(second), lexicon);
    }
    if ((either & LOCALITY) === 0) out[AT.street] = streetNumber(a, b, both);
    else compareStreet(out, recordAt(first), recordAt(second), lexicon);
  };
}

function fillRow(rows: Int32Array, from: number, record: Prepared, words: Word[]): void {
  let said = hasParts(record) ? PARTS : 0;
  for (const [at, column] of COLUMNS.entries()) {
    const word = record[column];
    if (word === null) continue;
    said |= 1 << at;
    rows[from + 1 + at] = word.id;
    words[word.id] = word;
  }
  rows[from] = said;
}
