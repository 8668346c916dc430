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

/** What two records are compared by: each value a word, so that equal ones are mostly one and the same. */
export interface Prepared {
  readonly features: Features;
  readonly given: Word | null;
  readonly middle: Word | null;
  readonly family: Word | null;
  readonly familyParts: readonly Word[];
  readonly suffix: Word | null;
  readonly birth: Word | null;
  readonly gender: Word | null;
  readonly email: Word | null;
  readonly emailLocal: Word | null;
  readonly phone: Word | null;
  readonly identifier: Word | null;
  readonly number: Word | null;
  readonly road: Word | null;
  readonly locality: Word | null;
  readonly city: Word | null;
  readonly region: Word | null;
  readonly postcode: Word | null;
  readonly birthPlace: Word | null;
  readonly occupation: Word | null;
}

export interface Lexicon {
  word(text: string): Word;
  /** Remembers what costs something to find out about two words, whichever comes first: a whole number below 8. */
  remember(kind: number, a: Word, b: Word, find: (a: Word, b: Word) => number): number;
  /** What is remembered of two words, known by their numbers; UNKNOWN where nothing is. */
  recall(kind: number, a: number, b: number): number;
}

export const UNKNOWN = -1;

/** So many answers are remembered at most, and so many words, so that a process that runs for months stays small. */
const REMEMBERED = { pairs: 2 ** 19, words: 1_000_000 };
/** Of a batch every word is kept, for its records are: two words of it are never one text. */
export const OF_A_BATCH = { ...REMEMBERED, words: Infinity };
const KINDS = 8;
const ANSWER_BITS = 3;
const ANSWER_MOST = 2 ** ANSWER_BITS - 1;
/** One of these and a kind, or an answer, fit into 31 bits. */
const NUMBERED_WORDS = 2 ** 28;

export function createLexicon(most = REMEMBERED, numbered = NUMBERED_WORDS): Lexicon {
  let words = new Map<string, Word>();
  const answers = createAnswers(most.pairs);
  let nextId = 1;
  return {
    word(text) {
      const known = words.get(text);
      if (known) return known;
      if (words.size >= most.words) words = new Map();
      const word = new KnownWord(nextId++, text);
      words.set(text, word);
      return word;
    },
    remember(kind, a, b, find) {
      const [low, high] = a.id < b.id ? [a, b] : [b, a];
      if (high.id >= numbered) return find(low, high);
      const known = answers.recall(kind, low.id, high.id);
      return known === UNKNOWN ? answers.keep(kind, low.id, high.id, find(low, high)) : known;
    },
    recall: (kind, a, b) =>
      Math.max(a, b) >= numbered ? UNKNOWN : answers.recall(kind, Math.min(a, b), Math.max(a, b)),
  };
}

/**
 * Answers by two numbers, in a table that has one place for each question and forgets what was there before: what is asked
 * often is mostly there, and what is not is found out again. It begins small, for most lexicons stay so.
 */
function createAnswers(most: number) {
  let size = Math.min(1024, 2 ** Math.ceil(Math.log2(Math.max(most, 1))));
  // Of each place one number of the question, and the other with the answer: side by side, to be read at once.
  let table = new Int32Array(size * 2);
  let taken = 0;
  const placeOf = (first: number, second: number): number => {
    const mixed = Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b);
    return ((mixed ^ (mixed >>> 15)) & (size - 1)) * 2;
  };
  return {
    recall(kind: number, low: number, high: number): number {
      const first = low * KINDS + kind;
      const at = placeOf(first, high);
      const rest = table[at + 1] ?? 0;
      return table[at] === first && rest >>> ANSWER_BITS === high ? rest & ANSWER_MOST : UNKNOWN;
    },
    keep(kind: number, low: number, high: number, found: number): number {
      if (taken * 2 > size && size * 2 <= most) {
        size *= 2;
        table = new Int32Array(size * 2);
        taken = 0;
      }
      const first = low * KINDS + kind;
      const at = placeOf(first, high);
      // Numbers are above 0: where 0 is, nothing was asked yet.
      if (table[at + 1] === 0) taken++;
      table[at] = first;
      table[at + 1] = (high << ANSWER_BITS) | found;
      return found;
    },
  };
}

/** Sound and shape are asked of names; of each word only when they are. */
class KnownWord implements Word {
  readonly id: number;
  readonly text: string;
  readonly letters: number;
  #sound: string | null = null;
  #shape: string | null = null;

  constructor(id: number, text: string) {
    this.id = id;
    this.text = text;
    this.letters = lettersOf(text);
  }

  get sound(): string {
    return (this.#sound ??= soundOf(this.text));
  }

  get shape(): string {
    return (this.#shape ??= shapeOf(this.text));
  }
}

export const localPartOf = (email: string): string =>
  email.slice(0, Math.max(email.indexOf("@"), 0));

export function prepare(features: Features, lexicon: Lexicon): Prepared {
  const word = (text: string | undefined): Word | null =>
    text === undefined || text === "" ? null : lexicon.word(text);
  return {
    features,
    given: word(features.given[0]),
    middle: word(features.given[1]),
    family: word(features.family.join(" ")),
    familyParts: features.family.map((part) => lexicon.word(part)),
    suffix: word(features.suffix),
    birth: word(features.birth),
    gender: word(features.gender),
    email: word(features.email),
    emailLocal: word(localPartOf(features.email)),
    phone: word(features.phone),
    identifier: word(features.identifier),
    number: word(features.number),
    road: word(features.road),
    locality: word(features.locality),
    city: word(features.city),
    region: word(features.region),
    postcode: word(features.postcode),
    birthPlace: word(features.birthPlace),
    occupation: word(features.occupation),
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
