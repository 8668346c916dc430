/** Features made ready to be compared many times: equal texts become one word, codes are worked out once. */
import { doubleMetaphone } from "double-metaphone";
import type { Features } from "./features.ts";

/** A text and what comparisons ask of it. Its number is for remembering alone: a text that was forgotten gets another. */
export interface Word {
  readonly id: number;
  readonly text: string;
  readonly sound: string;
  /** What remains when signs that a scanner takes for each other are one. */
  readonly shape: string;
  /** One bit for each letter and digit that occurs. */
  readonly letters: number;
}

export interface Prepared {
  readonly features: Features;
  readonly given: Word | null;
  readonly middle: Word | null;
  readonly family: Word | null;
  readonly familyParts: readonly Word[];
  readonly email: Word | null;
  readonly emailLocal: Word | null;
  readonly road: Word | null;
  readonly locality: Word | null;
  readonly city: Word | null;
  readonly birthPlace: Word | null;
}

export interface Lexicon {
  word(text: string): Word;
  /** Remembers what costs something to find out about two words, whichever comes first. */
  remember(kind: number, a: Word, b: Word, find: (a: string, b: string) => number): number;
}

/** Beyond this many pairs the memory is begun anew, so that a process that runs for months stays small. */
const REMEMBERED = { pairs: 4_000_000, words: 1_000_000 };
const KINDS = 8;
/** Two of these and a kind stay below 2^53, where whole numbers are exact. */
const NUMBERED_WORDS = 2 ** 25;

export function createLexicon(most = REMEMBERED, numbered = NUMBERED_WORDS): Lexicon {
  let words = new Map<string, Word>();
  let pairs = new Map<number, number>();
  let nextId = 1;
  return {
    word(text) {
      const known = words.get(text);
      if (known) return known;
      if (words.size >= most.words) words = new Map();
      const word = {
        id: nextId++,
        text,
        sound: soundOf(text),
        shape: shapeOf(text),
        letters: lettersOf(text),
      };
      words.set(text, word);
      return word;
    },
    remember(kind, a, b, find) {
      const [low, high] = a.id < b.id ? [a, b] : [b, a];
      if (high.id >= numbered) return find(low.text, high.text);
      const at = (low.id * NUMBERED_WORDS + high.id) * KINDS + kind;
      const known = pairs.get(at);
      if (known !== undefined) return known;
      if (pairs.size >= most.pairs) pairs = new Map();
      const found = find(low.text, high.text);
      pairs.set(at, found);
      return found;
    },
  };
}

export function prepare(features: Features, lexicon: Lexicon): Prepared {
  const word = (text: string | undefined): Word | null =>
    text === undefined || text === "" ? null : lexicon.word(text);
  const local = features.email.slice(0, Math.max(features.email.indexOf("@"), 0));
  return {
    features,
    given: word(features.given[0]),
    middle: word(features.given[1]),
    family: word(features.family.join(" ")),
    familyParts: features.family.map((part) => lexicon.word(part)),
    email: word(features.email),
    emailLocal: word(local),
    road: word(features.road),
    locality: word(features.locality),
    city: word(features.city),
    birthPlace: word(features.birthPlace),
  };
}

/** How it sounds, in few letters: for names that are heard, not read. Empty where there are no letters. */
const soundOf = (text: string): string => doubleMetaphone(text)[0];

function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) letters |= 1 << (text.charCodeAt(at) % 32);
  return letters;
}

const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/cl/g, "d"],
  [/[l1|]/g, "i"],
  [/0/g, "o"],
  [/5/g, "s"],
  [/8/g, "b"],
  [/6/g, "g"],
  [/2/g, "z"],
  [/[ec]/g, "c"],
];

const shapeOf = (text: string): string =>
  LOOKALIKES.reduce((shape, [signs, sign]) => shape.replaceAll(signs, sign), text);
