/**
 * Reads personal names as people and forms write them into folded tokens that can be compared. Which word is the family
 * name cannot be known from one field; the reading is the usual order with what custom says of particles.
 */
import { LIMITS } from "../limits.ts";
import { foldWords } from "./fold.ts";
import {
  ATTACHED,
  BEHIND_O,
  BORN,
  COUPLERS,
  HONOURS,
  HONOURS_BEHIND_COMMA,
  JOINERS,
  PARTICLES,
  PARTICLES_OR_NAMES,
  PLACEHOLDERS,
  SUFFIXES,
  TITLES,
} from "./name-words.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";

export interface PersonName {
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** jr, sr, ii, iii, iv */
  readonly suffix: string | null;
}

export interface NameParts {
  readonly full?: string;
  readonly given?: string;
  readonly middle?: string;
  readonly family?: string;
}

export type NameReason = "empty" | "too-long" | "not-a-name" | "placeholder";

/** One token, or several separated by single spaces. */
export const foldName = (text: string): string => foldWords(text).join(" ");

export function readName(parts: NameParts): Normalised<PersonName, NameReason> {
  const texts = [parts.full, parts.given, parts.middle, parts.family].map((text) => text ?? "");
  if (texts.some((text) => text.length > LIMITS.fieldChars)) return rejected("too-long");
  if (texts.every((text) => text.trim() === "")) return rejected("empty");
  // An address in the field of the name is a form that was filled in wrongly.
  if (texts.some((text) => /@|https?:/i.test(text))) return rejected("not-a-name");
  const reading = readParts(parts);
  const { given, family, suffix } = reading.name;
  if (given.length + family.length === 0) return rejected("not-a-name");
  if (PLACEHOLDERS.has([...given, ...family].join(""))) return rejected("placeholder");
  return accepted({ given, family, suffix }, reading.isRepaired);
}

interface Words {
  readonly words: readonly string[];
  readonly suffix: string | null;
  readonly hadTitle: boolean;
  readonly isRepaired: boolean;
}

interface Reading {
  readonly name: PersonName;
  readonly isRepaired: boolean;
}

function readParts(parts: NameParts): Reading {
  const full = parts.full ?? "";
  const given = parts.given ?? "";
  const family = parts.family ?? "";
  const middle = parts.middle ?? "";
  if (given.trim() + family.trim() + middle.trim() === "") return readFull(full, false);
  // The whole name in one of the fields, the other left empty.
  const alone = [given, family].filter((text) => text.trim() !== "");
  if (
    middle.trim() === "" &&
    alone.length === 1 &&
    alone.every((text) => hasNameOnBothSides(text))
  ) {
    return readFull(alone[0] ?? "", true);
  }
  const first = wordsOf(given, false, true);
  const second = wordsOf(middle);
  const behind = wordsOf(family);
  // Miss, Lord and Master are family names too: a title alone behind a given name is one.
  const isTitleAlone = behind.words.length === 0 && first.words.length > 0;
  const last = isTitleAlone ? { ...behind, words: titlesIn(family) } : behind;
  return {
    name: {
      given: [...first.words, ...second.words],
      family: attach(last.words),
      suffix: last.suffix ?? second.suffix ?? first.suffix,
    },
    isRepaired: first.isRepaired || second.isRepaired || last.isRepaired,
  };
}

const titlesIn = (text: string) => foldWords(text).filter((word) => TITLES.has(word));

const hasNameOnBothSides = (text: string): boolean => {
  const [before = "", after = ""] = text.split(",");
  return wordsOf(before).words.length > 0 && wordsOf(after, true).words.length > 0;
};

/** "Family, Given" or "Given Family", with suffixes and titles behind further commas. */
function readFull(full: string, isRepaired: boolean): Reading {
  const pieces = full.split(",").map((piece, at) => wordsOf(piece, at > 0));
  const suffix = pieces.find((piece) => piece.suffix !== null)?.suffix ?? null;
  const repaired = isRepaired || pieces.some((piece) => piece.isRepaired);
  const named = pieces.filter(({ words }) => words.length > 0);
  const [first, ...others] = named;
  if (first === undefined) return { name: { given: [], family: [], suffix }, isRepaired: repaired };
  const name =
    others.length > 0
      ? { given: others.flatMap(({ words }) => words), family: attach(first.words), suffix }
      : { ...split(first.words, first.hadTitle, capitalsBefore(full)), suffix };
  return { name: withInnerSuffix(name), isRepaired: repaired };
}

/** How many words stand in capitals before one that does not: "DUPONT Jean" names the family first. */
function capitalsBefore(full: string): number {
  const words = full.trim().split(/[\s-]+/);
  const at = words.findIndex((word) => !/^\p{Lu}{3,}$/u.test(word));
  return at > 0 && words.slice(at).every((word) => /^\p{Lu}\p{M}*\p{Ll}/u.test(word)) ? at : 0;
}

function split(words: readonly string[], hadTitle: boolean, capitals: number) {
  if (words.length === 1) {
    return hadTitle ? { given: [], family: words } : { given: words, family: [] };
  }
  if (capitals > 0 && capitals < words.length) {
    return { given: words.slice(capitals), family: attach(words.slice(0, capitals)) };
  }
  const from = familyFrom(words);
  return { given: words.slice(0, from), family: attach(words.slice(from)) };
}

/** John Jr Smith: the suffix stands behind the given name. */
function withInnerSuffix(name: PersonName): PersonName {
  const { suffix, named } = withoutSuffix(name.given, false);
  return name.suffix !== null || suffix === null ? name : { ...name, given: named, suffix };
}

function familyFrom(words: readonly string[]): number {
  let from = words.length - 1;
  if (from > 1 && words[from - 1] === "o" && BEHIND_O.has(words[from] ?? "")) from -= 1;
  if (from > 2 && JOINERS.has(words[from - 1] ?? "")) from -= 2;
  while (from > 1 && PARTICLES.has(words[from - 1] ?? "")) from -= 1;
  const [first = ""] = words;
  return from === 1 && PARTICLES.has(first) && !PARTICLES_OR_NAMES.has(first) ? 0 : from;
}

/** Mc Donald and McDonald, O Neil and O'Neil. */
function attach(words: readonly string[]): string[] {
  const attached: string[] = [];
  for (const word of words) {
    const before = attached.at(-1);
    const isAttached =
      before === "o" ? BEHIND_O.has(word) : ATTACHED.has(before ?? "") && word.length > 2;
    if (before !== undefined && isAttached) {
      attached[attached.length - 1] = before + word;
    } else attached.push(word);
  }
  return attached;
}

/** The words of a name without what stands before and after it. */
function wordsOf(text: string, isBehindComma = false, isGiven = false): Words {
  const folded = foldWords(
    text.replaceAll(/\bph\.\s?d\b\.?/gi, "phd").replaceAll(/\bm\.\s?d\.?\s*$/gi, "md"),
  );
  // First of all: what a digit hid may be a title.
  const mended = folded.flatMap((word) => (SUFFIXES.has(word) ? [word] : mend(word)));
  const born = mended.findIndex((word, at) => at > 0 && at < mended.length - 1 && BORN.has(word));
  const words = born === -1 ? mended : mended.slice(0, born);
  const untitled = withoutTitles(words, isBehindComma, isGiven);
  const { suffix, named } = withoutSuffix(untitled, isBehindComma);
  return {
    words: named,
    suffix,
    hadTitle: untitled.length < words.length,
    isRepaired: mended.join(" ") !== folded.join(" "),
  };
}

function withoutTitles(
  words: readonly string[],
  isBehindComma: boolean,
  isGiven: boolean,
): readonly string[] {
  let from = 0;
  while (from < words.length) {
    const word = words[from] ?? "";
    const isCoupled = from > 0 && COUPLERS.has(word) && TITLES.has(words[from + 1] ?? "");
    // At the front, before a name, it is the Spanish gentleman and not the elder.
    const isSenor = from === 0 && word === "sr" && words.length > 1;
    if (!TITLES.has(word) && !isCoupled && !isSenor) break;
    from += 1;
  }
  // Honours stand behind a whole name.
  if (isGiven) return words.slice(from);
  let to = words.length;
  while (to > from) {
    const word = words[to - 1] ?? "";
    const isHonour = (HONOURS.has(word) && to - from > 1) || (isBehindComma && isLoneHonour(word));
    if (!isHonour) break;
    to -= 1;
  }
  return words.slice(from, to);
}

const isLoneHonour = (word: string) => HONOURS.has(word) || HONOURS_BEHIND_COMMA.has(word);

function withoutSuffix(words: readonly string[], isBehindComma: boolean) {
  const last = SUFFIXES.get(words.at(-1) ?? "");
  const isName = words.length === 1 && !isBehindComma;
  if (last !== undefined && !isName) return { suffix: last, named: words.slice(0, -1) };
  // "Smith, Jr John" puts it before the given name.
  const first = SUFFIXES.get(words[0] ?? "");
  return first !== undefined && isBehindComma
    ? { suffix: first, named: words.slice(1) }
    : { suffix: null, named: words };
}

const LETTERS_BY_DIGIT: Readonly<Record<string, string>> = {
  0: "o",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  8: "b",
};

/** Digits that slipped into a name: j0hn, smith2; a number alone is no part of one. */
function mend(word: string): readonly string[] {
  if (!/\d/.test(word)) return [word];
  const letters = word.replace(/(?<=[a-z]{2})[1-9]\d*$/, "");
  const mended = letters
    .replaceAll(/(?<=[aeiou])1|1(?=[aeiou]{2})/g, "l")
    .replaceAll("1", "i")
    .replaceAll(/[034578]/g, (digit) => LETTERS_BY_DIGIT[digit] ?? "")
    .replaceAll(/\d/g, "");
  return mended === "" || !/[a-z]/.test(letters) ? [] : [mended];
}
