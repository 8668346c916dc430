/** Errors by where they come from: a hand on a keyboard, a scanner on a form, an ear at the telephone. */
import type { Faker } from "@faker-js/faker";
import { double, leaveOutAfter, transpose } from "../town/slips.ts";
import type { Spoiling } from "./channels.ts";
import { soundAlikesOf } from "./name-variants.ts";

export interface Spoilt {
  readonly text: string;
  /** What it became in the end: an ear mistakes names only, a scanner needs a letter that it can mistake. */
  readonly by: Spoiling;
}

/** Another text, or undefined where nothing can go wrong. */
export function spoil(
  dice: Faker,
  text: string,
  { by, isName }: { by: Spoiling; isName: boolean },
): Spoilt | undefined {
  const spoilt =
    by === "ocr" ? misread(dice, text) : by === "voice" && isName ? mishear(dice, text) : text;
  if (spoilt !== text) return { text: spoilt, by };
  const slipped = slip(dice, text);
  return slipped === text ? undefined : { text: slipped, by: "typo" };
}

export function slip(dice: Faker, text: string): string {
  if (text.length < 3) return text; // an initial is no name to be mistyped
  const at = dice.number.int({ min: 0, max: text.length - 2 });
  return dice.helpers.arrayElement([hitNeighbour, transpose, leaveOutAfter, double])(text, at);
}

const keyboard = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"];

/** The key to the right, or to the left at a row's end: which of them does not matter to a reader. */
function hitNeighbour(text: string, at: number): string {
  const letter = text.charAt(at);
  const row = keyboard.find((keys) => keys.includes(letter.toLowerCase()));
  if (!row) return text;
  const place = row.indexOf(letter.toLowerCase());
  const hit = row.charAt(place + 1) || row.charAt(place - 1);
  const typed = letter === letter.toLowerCase() ? hit : hit.toUpperCase();
  return `${text.slice(0, at)}${typed}${text.slice(at + 1)}`;
}

const lookAlikes: readonly (readonly [string, string])[] = [
  ["O", "0"],
  ["0", "O"],
  ["o", "0"],
  ["l", "1"],
  ["1", "l"],
  ["I", "l"],
  ["i", "1"],
  ["rn", "m"],
  ["m", "rn"],
  ["5", "S"],
  ["S", "5"],
  ["8", "B"],
  ["B", "8"],
  ["2", "Z"],
  ["cl", "d"],
  ["d", "cl"],
  ["w", "vv"],
  ["e", "c"],
  ["6", "G"],
];

function misread(dice: Faker, text: string): string {
  const possible = lookAlikes.filter(([seen]) => text.includes(seen));
  if (possible.length === 0) return text;
  const [seen, read] = dice.helpers.arrayElement(possible);
  return text.replace(seen, read);
}

function mishear(dice: Faker, name: string): string {
  const possible = soundAlikesOf(name);
  return possible.length === 0 ? name : dice.helpers.arrayElement(possible);
}
