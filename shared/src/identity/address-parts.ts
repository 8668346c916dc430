/** What stands in an address beside road and place: the box at the post office, the part of the building, the floor. */
import { isNumber } from "./address-text.ts";
import { FLOOR_WORDS, ORDINAL, UNIT_WORDS } from "./address-words.ts";

export interface Taken {
  readonly words: readonly string[];
  readonly value: string | null;
}

const BOX =
  /\b(?:(?:gpo|po|p o|post office|postal|private|locked) (?:box|bag)|pob|postfach|postbus|apartado(?: de correos)?|casella postale|boite postale) (?:no )?#?(\d{1,4}(?: \d{2,4}){1,3}|[\da-z]{1,8})\b/;

export interface Box {
  readonly value: string;
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

/** What stands before the box is whose it is, what stands behind is the place. */
export function takeBox(words: readonly string[]): Box | null {
  const text = words.join(" ");
  const found = BOX.exec(text);
  const value = found?.[1] ?? "";
  if (found === null || !/\d/.test(value)) return null;
  return {
    value: value.replaceAll(" ", ""),
    before: wordsIn(text.slice(0, found.index)),
    behind: wordsIn(text.slice(found.index + found[0].length)),
  };
}

const wordsIn = (text: string) => text.split(" ").filter((word) => word !== "");

/** Flat 3, Apt. No. 3, #3: the same part of the building. */
export function takeUnit(words: readonly string[]): Taken {
  // 3º B, a segment of its own in Spain.
  if (words.length < 3 && /^\d{1,2}[oa]$/.test(words[0] ?? "") && (words[1] ?? "").length < 5) {
    return { words: [], value: words.join("").replace(/^(\d+)[oa]/, "$1") };
  }
  const rest: string[] = [];
  const units: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const used = UNIT_WORDS.has(word) ? wordsOfUnit(words, at + 1) : 0;
    const pair = UNIT_WORDS.has(word) ? /^(\d+[a-z]?)\/(\d.*)$/.exec(words[at + 1] ?? "") : null;
    if (pair !== null) {
      // Unit 4/12 High Street
      units.push(pair[1] ?? "");
      rest.push(pair[2] ?? "");
      at += 1;
    } else if (used > 0) {
      units.push(bareUnit(words[at + used] ?? ""));
      at += used;
    } else if (/^#[\da-z-]+$/.test(word) && (rest.length > 0 || words.length === 1))
      units.push(bareUnit(word));
    else rest.push(word);
  }
  return { words: rest, value: units.length === 0 ? null : units.join(" ") };
}

/** How many words behind the word for a unit name it: "apt no 3" has two. */
function wordsOfUnit(words: readonly string[], from: number): number {
  const isNo = /^(?:no|nr|number)$/.test(words[from] ?? "");
  const name = words[isNo ? from + 1 : from] ?? "";
  const isName = /^#?(?:\d+[a-z]?|[a-z]\d*|\d+-\d+|[a-z]{1,2}\d+|\d+[a-z]{1,2})$/.test(name);
  if (!isName) return 0;
  return isNo ? 2 : 1;
}

const bareUnit = (word: string) => word.replaceAll(/^#|[^\da-z]/g, "").replace(/^0+(?=\d)/, "");

/** Floors are left out: the same flat is written with its floor and without. */
export function withoutFloor(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, place) => {
    const next = words[place + 1] ?? "";
    return (
      (ORDINAL.test(word) && FLOOR_WORDS.has(next)) || (FLOOR_WORDS.has(word) && isFloor(next))
    );
  });
  if (at === -1) return words;
  return [...words.slice(0, at), ...words.slice(at + 2)];
}

const isFloor = (word: string) => isNumber(word) && word.length < 4;

/** 4/12 High Street is flat 4 of number 12; in Austria it is the other way round. */
export function splitNumber(number: string, country: string | null) {
  const [first = "", second = ""] = number.split("/");
  const isPair = /^\d+[a-z]?$/.test(first) && /^\d+(?:-\d+)?[a-z]?$/.test(second);
  if (!isPair) return { number, unit: null };
  return country === "AT" || country === "DE" || country === "CZ"
    ? { number: first, unit: second }
    : { number: second, unit: first };
}
