/** How alike two words are. Worked out once for two of them, and not at all where their letters alone say that it is too little. */
import type { Lexicon, Word } from "./prepare.ts";
import { editDistance, jaroWinkler } from "./strings.ts";

const WINKLER = 0;
const EDITS = 1;

/** By their texts: a lexicon that forgot a word gives it another number when it comes again. */
export const isSame = (a: Word | null, b: Word | null): boolean =>
  a !== null && b !== null && (a === b || a.text === b.text);

/** 0 where the letters alone tell that no level asks for so little. */
export function similarity(a: Word, b: Word, lexicon: Lexicon): number {
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
export function edits(a: Word, b: Word, max: number, lexicon: Lexicon): number {
  if (Math.min(a.text.length, b.text.length) < 4) return max + 1;
  const apart = Math.max(bitsOf(a.letters & ~b.letters), bitsOf(b.letters & ~a.letters));
  if (apart > max || Math.abs(a.text.length - b.text.length) > max) return max + 1;
  return lexicon.remember(EDITS, a, b, twoEdits);
}

const twoEdits = (one: string, two: string): number => editDistance(one, two, 2);
