/** Addresses as lists of folded words, with the signs kept that hold numbers together (92-10, 4/12, #3). */
import { toAscii } from "./fold.ts";
import { withoutUmlauts } from "./umlauts.ts";

/** Segments between commas, semicolons and line ends, each as its words; empty ones left out. */
export function segmentsOf(text: string): string[][] {
  return text
    .replaceAll(/&amp;/gi, "&")
    .split(/[,;\n\r\t|•·]+/)
    .map((segment) => addressWords(segment))
    .filter((words) => words.length > 0);
}

export function addressWords(text: string): string[] {
  const ascii = toAscii(text.replaceAll("½", " 1/2")).toLowerCase().replaceAll(/['`]/g, "");
  // Most addresses have few of these signs, and each rule costs a walk through all of the text.
  const dotted = ascii.includes(".") ? withoutDots(ascii) : ascii;
  const parted = /[-/]/.test(dotted) ? withoutHyphens(dotted) : dotted;
  const placed = FRENCH_CITY.test(parted) ? withoutDistrict(parted) : parted;
  const folded = placed
    .replaceAll(/#\s*/g, " #")
    .replaceAll(/[^a-z\d#/-]+/g, " ")
    .trim();
  return folded === "" ? [] : folded.split(" ").map((word) => withoutUmlauts(word));
}

const withoutDots = (text: string) =>
  text
    // V.le, P.zza, C.so
    .replaceAll(/\b([vplc])\.(le|zza|za|so|go)\b/g, "$1$2")
    // P.O., N.Y., D.C: one word.
    .replaceAll(/\b(?:[a-z]\.)+[a-z]\b\.?/g, (letters) => letters.replaceAll(".", ""));

/** Kept between digits alone (92-10, 4/12); C/ is a street in Spain. */
const withoutHyphens = (text: string) =>
  text
    .replaceAll(/\bc\/(?=\s*[a-z])/g, "calle ")
    .replaceAll(/(?<=[a-z])[-/]+(?=[a-z])/g, " ")
    .replaceAll(/(?<![\da-z])[-/]+|[-/]+(?![\da-z])/g, " ")
    .replaceAll(/(?<=\d)-(?=[a-z]\b)/g, "");

const FRENCH_CITY = /arrondissement|paris|lyon|marseille/;
const withoutDistrict = (text: string) =>
  text
    .replaceAll(/\b[\da-z]+ arrondissement\b/g, " ")
    .replaceAll(/\b(paris|lyon|marseille) \d{1,2}(?:er|e|eme)\b/g, "$1");

/** A house's number: 12, 12a, 92-10, 100-106, 2455-b. */
export const isNumber = (word: string): boolean => /^\d+[a-z]?(?:[-/]\d*[a-z]?)*$/.test(word);

/** 12 A, 12/a and 12-a are one number. */
export const numberForm = (number: string): string =>
  number
    .replaceAll(/[-/\s]+(?=[a-z])/g, "")
    .replaceAll(/[-/]+/g, " ")
    .trim();

/** What is left of a part, as one text or null. */
export const joined = (words: readonly string[]): string | null =>
  words.length === 0
    ? null
    : words
        .map((word) => word.replaceAll(/[#/-]+/g, " ").trim())
        .join(" ")
        .trim() || null;
