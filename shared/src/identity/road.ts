/** Finds the road among the words of one segment: English roads by what they end with, others by how they begin or end. */
import { isNumber } from "./address-text.ts";
import {
  BEFORE_TRAILING,
  BUILDING_WORDS,
  DIRECTIONS,
  LEADING_STREET_TYPES,
  NOT_TRAILING_STREET,
  STREET_TYPES,
  TRAILING_STREET,
  WEAK_STREET_TYPES,
} from "./address-words.ts";

export interface Road {
  readonly house: readonly string[];
  readonly number: string | null;
  readonly road: readonly string[];
  /** Behind the road: a place, most often. */
  readonly rest: readonly string[];
}

type Words = readonly string[];

/** Spellings that are words or places of English addresses too: only where they can begin a road. */
const LEADING_ONLY_IN_FRONT: ReadonlySet<string> = new Set(
  "avenue av ave place pl plaza boulevard bd bld boul blvd route rte cours passage c cl largo via v quai all imp pr al strada ronda jl cra".split(
    " ",
  ),
);
const NUMBERED_ROADS: ReadonlySet<string> = new Set(
  "highway hwy route rte interstate road sr rt avenue".split(" "),
);
const NUMBER_WORDS: ReadonlySet<string> = new Set("no nr num numero n d snc".split(" "));

/** How surely a segment holds the road: 3 with number and kind of road, 2 with the kind, 1 with a number, else 0. */
export function roadScore(words: Words): number {
  const end = englishEnd(words, firstNumber(words));
  const isSure = end !== -1 && !WEAK_STREET_TYPES.has(words[end] ?? "");
  const hasType = isSure || leadingAt(words) !== -1 || trailingAt(words) !== -1;
  const hasNumber = words.some((word) => isNumber(word));
  if (hasType) return hasNumber ? 3 : 2;
  return (hasNumber && words.length > 1) || end !== -1 ? 1 : 0;
}

export function readRoad(words: Words): Road {
  const leading = leadingAt(words);
  if (leading !== -1) return leadingRoad(words, leading);
  const number = firstNumber(words);
  const end = englishEnd(words, number);
  const trailing = end === -1 ? trailingAt(words) : -1;
  if (trailing !== -1) return trailingRoad(words, trailing);
  if (number === -1) return unnumberedRoad(words, end);
  if (end === -1) return untypedRoad(words, number);
  return {
    house: words.slice(0, number),
    ...numberFrom(words, number),
    road: words.slice(nameFrom(words, number), end + 1),
    rest: words.slice(end + 1),
  };
}

/** Rue de la Paix, Calle Mayor, Via Roma. */
function leadingAt(words: Words): number {
  return words.findIndex((word, at) => {
    if (!LEADING_STREET_TYPES.has(word) || at === words.length - 1) return false;
    if (!LEADING_ONLY_IN_FRONT.has(word)) return true;
    const before = words[at - 1];
    const next = words[at + 1] ?? "";
    if (word === "c" && (next === "de" || next === "del")) return true;
    return (
      (before === undefined || isNumber(before) || before === "bis" || before === "ter") &&
      !STREET_TYPES.has(next) &&
      !isNumber(next)
    );
  });
}

function leadingRoad(words: Words, at: number): Road {
  const before = words.slice(0, at);
  const numberAt = before.findIndex((word) => isNumber(word));
  if (numberAt !== -1) {
    // 12 bis rue de la Paix
    return {
      house: before.slice(0, numberAt),
      number: before.slice(numberAt).join(""),
      road: words.slice(at),
      rest: [],
    };
  }
  const behind = words.slice(at + 1);
  const length = behind.findIndex((word, place) => place > 0 && isNumber(word));
  if (length === -1) return { house: before, number: null, road: words.slice(at), rest: [] };
  return {
    house: before,
    ...numberBehind(behind, length),
    road: [words[at] ?? "", ...withoutNumberWord(behind.slice(0, length))],
  };
}

/** Triftstraße 67, Eduard-Sueß-Gasse 9, Nieuwe Binnenweg 17-19. */
function trailingAt(words: Words): number {
  return words.findIndex(
    (word, at) =>
      TRAILING_STREET.test(word) &&
      !(NOT_TRAILING_STREET.has(word) && (at === 0 || word.length > 5)) &&
      !STREET_TYPES.has(word) &&
      (at === words.length - 1 || !STREET_TYPES.has(words[at + 1] ?? "")),
  );
}

const OWN_WORD =
  /^(?:strasse|str|gasse|weg|platz|allee|ring|damm|ufer|straat|laan|plein|gate|vei|gata|markt|gade|utca|katu|vej)$/;

function trailingRoad(words: Words, at: number): Road {
  const numberFirst = isNumber(words[0] ?? "") ? 1 : 0;
  // A word of its own has its name before it; a compound has at most an adjective.
  let from = OWN_WORD.test(words[at] ?? "") ? numberFirst : at;
  while (from > numberFirst && BEFORE_TRAILING.has(words[from - 1] ?? "")) from -= 1;
  const road = words.slice(from, at + 1);
  if (numberFirst === 1) {
    return {
      house: words.slice(1, from),
      number: words[0] ?? null,
      road,
      rest: words.slice(at + 1),
    };
  }
  const behind = withoutNumberWord(words.slice(at + 1), true);
  const house = words.slice(0, from);
  return isNumber(behind[0] ?? "")
    ? { house, ...numberBehind(behind, 0), road }
    : { house, number: null, road, rest: behind };
}

/** The number at a place, with the letter behind it (1 A), and what is left. */
function numberBehind(words: Words, at: number) {
  const letter = words[at + 1] ?? "";
  const hasLetter = /^[a-z]$/.test(letter);
  return {
    number: (words[at] ?? "") + (hasLetter ? letter : ""),
    rest: words.slice(at + (hasLetter ? 2 : 1)),
  };
}

const withoutNumberWord = (words: Words, isFront = false): Words => {
  const word = isFront ? words[0] : words.at(-1);
  if (word === undefined || !NUMBER_WORDS.has(word)) return words;
  return isFront ? words.slice(1) : words.slice(0, -1);
};

/** The house's number: not an ordinal's, and not one that is the name of a road. */
function firstNumber(words: Words): number {
  return words.findIndex(
    (word, at) =>
      isNumber(word) &&
      !(at > 0 && NUMBERED_ROADS.has(words[at - 1] ?? "") && at > words.length - 2),
  );
}

/** 16 1/2 Windward Road */
const numberFrom = (words: Words, at: number) => {
  const fraction = words[at + 1] ?? "";
  return {
    number: /^[1-3]\/[2-4]$/.test(fraction) ? `${words[at] ?? ""} ${fraction}` : (words[at] ?? ""),
  };
};

const nameFrom = (words: Words, at: number) =>
  /^[1-3]\/[2-4]$/.test(words[at + 1] ?? "") ? at + 2 : at + 1;

/** Place of the last word of an English road behind its number, or -1. */
function englishEnd(words: Words, number: number): number {
  const from = number === -1 ? 0 : number + 1;
  const places = words.flatMap((word, at) => (isTypeAt(words, word, at, from) ? [at] : []));
  const strong = places.filter((at) => !WEAK_STREET_TYPES.has(words[at] ?? ""));
  // Without a number in front, what comes first may be a building: Castle Court Shopping Centre Castle Street.
  const first = number === -1 ? strong.at(-1) : strong[0];
  let end = first ?? places.at(-1) ?? -1;
  if (end === -1) return -1;
  while (places.includes(end + 1)) end += 1;
  if (isNumber(words[end + 1] ?? "") && NUMBERED_ROADS.has(words[end] ?? "")) return end + 1;
  return DIRECTIONS.has(words[end + 1] ?? "") ? end + 1 : end;
}

function isTypeAt(words: Words, word: string, at: number, from: number): boolean {
  if (at < from || !(STREET_TYPES.has(word) || WEAK_STREET_TYPES.has(word))) return false;
  if (at > from) {
    // Saint, before a name: only as the end of the road is it a street.
    const isSaint = word === "st" && at === from + 1 && words[from] === "the";
    return !isSaint && !isSaintAt(words, at, from);
  }
  return word === "broadway" || (word.length > 4 && from > 0 && at === words.length - 1);
}

/** "12 Old St Johns Road": another kind of road follows, and a name before it. */
const isSaintAt = (words: Words, at: number, from: number) =>
  words[at] === "st" &&
  at < words.length - 2 &&
  at - from < 2 &&
  STREET_TYPES.has(words[at + 2] ?? "") &&
  !STREET_TYPES.has(words[at + 1] ?? "");

function unnumberedRoad(words: Words, end: number): Road {
  const road = end === -1 ? words : words.slice(0, end + 1);
  const rest = end === -1 ? [] : words.slice(end + 1);
  const building = road.findLastIndex(
    (word, at) => BUILDING_WORDS.has(word) && at > 0 && at < road.length - 2,
  );
  return { house: road.slice(0, building + 1), number: null, road: road.slice(building + 1), rest };
}

/** A number and no kind of road: 4 Whitehall, Olympia 1 A. */
function untypedRoad(words: Words, at: number): Road {
  if (at === 0) {
    return { house: [], ...numberFrom(words, 0), road: words.slice(nameFrom(words, 0)), rest: [] };
  }
  return { house: [], ...numberBehind(words, at), road: withoutNumberWord(words.slice(0, at)) };
}
