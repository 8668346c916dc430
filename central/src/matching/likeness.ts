/** How alike two words are: not looked at where their letters alone say that it is too little. */
import type { Lexicon, Word } from "./prepare.ts";
import { editDistance, jaroWinkler } from "./strings.ts";

/** What a lexicon remembers of two words. */
export const REMEMBERED = { likeness: 0, given: 1, family: 2 } as const;

/** By their texts: a lexicon that forgot a word makes another of it when it comes again. */
export const isSame = (a: Word | null, b: Word | null): boolean =>
  a !== null && b !== null && (a === b || (a.letters === b.letters && a.text === b.text));

/** What comparisons ask of Jaro-Winkler at least. */
export const SIMILARITIES = [0.82, 0.9, 0.92] as const;
export const UNLIKE = 0;
export const SIMILAR = 1;
export const LIKE = 2;
export const VERY_LIKE = 3;

export function likeness(a: Word, b: Word, lexicon: Lexicon): number {
  if (isSame(a, b)) return VERY_LIKE;
  const isFar = mostSimilar(a, b) < SIMILARITIES[0];
  return isFar ? UNLIKE : lexicon.remember(REMEMBERED.likeness, a, b, likenessOf);
}

/** The same, of words that nobody asks about again. */
export function likenessOf(a: Word, b: Word): number {
  if (mostSimilar(a, b) < SIMILARITIES[0]) return UNLIKE;
  const similarity = jaroWinkler(a.text, b.text);
  return SIMILARITIES.reduce((reached, least) => reached + Number(similarity >= least), UNLIKE);
}

/** What Jaro-Winkler can be at most, from lengths and letters: letters that the other lacks cannot be in common. */
export const mostSimilar = (a: Word, b: Word): number =>
  mostAlike(
    { length: a.text.length, letters: a.letters },
    { length: b.text.length, letters: b.letters },
    a.text.charCodeAt(0) === b.text.charCodeAt(0),
  );

interface Outline {
  readonly length: number;
  readonly letters: number;
}

/** `isSameStart`: they begin with the same letter. */
export function mostAlike(a: Outline, b: Outline, isSameStart: boolean): number {
  const commonA = a.length - bitsOf(a.letters & ~b.letters);
  const commonB = b.length - bitsOf(b.letters & ~a.letters);
  const common = Math.min(commonA, commonB);
  if (common <= 0) return 0;
  const jaro = (common / a.length + common / b.length + 1) / 3;
  const prefix = isSameStart ? 4 : 0;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function bitsOf(value: number): number {
  let bits = value - ((value >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return (((bits + (bits >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24;
}

/** Anything above `max` is `max + 1`. A letter that the other lacks takes an edit. */
export const editsOf = (a: Word, b: Word, max: number): number =>
  lettersApart(a.letters, b.letters) > max ? max + 1 : editDistance(a.text, b.text, max);

/** So many edits lie between two words at least. */
export const lettersApart = (a: number, b: number): number =>
  Math.max(bitsOf(a & ~b), bitsOf(b & ~a));

/** Of texts long enough that one edit does not make another word of them. */
export const editsOfLong = (a: Word, b: Word, max: number): number =>
  Math.min(a.text.length, b.text.length) < 4 ? max + 1 : editsOf(a, b, max);
