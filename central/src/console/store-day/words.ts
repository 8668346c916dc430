/** Words of a store-day. */
import { titleOf } from "../../reconcile/exceptions/words.ts";
import { type ExceptionKind, KINDS } from "../../reconcile/found.ts";
import type { Shift } from "./shifts.ts";

export const capital = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1).replaceAll("_", " ");

/** "Z 42" of a closed shift, "X 42" of one that is open. */
export const reportName = ({ number, closeSeq }: Shift): string =>
  `${closeSeq === null ? "X" : "Z"} ${number === 0 ? "?" : number}`;

const FLAG_WORDS: Readonly<Record<string, string>> = {
  tenders_differ: "tenders differ",
  negative_quantity: "negative quantity",
  two_timestamps: "two times",
  fraction_of_minor: "fraction of a penny",
  doubtful_field: "doubtful field",
  split_receipt: "split receipt",
  clock_off: "clock was off",
  clock_ahead: "clock was ahead",
  lines_differ: "lines differ",
  late: "after its Z",
};

export const flagWords = (flag: string): string => FLAG_WORDS[flag] ?? flag.replaceAll("_", " ");

/** How far a clock was off: "0.4 s ahead", "2 min behind". */
export function offsetWords(ms: number): string {
  const size = Math.abs(ms);
  const way = ms < 0 ? "behind" : "ahead";
  if (size < 1_000) return "right";
  if (size < 90_000) return `${Math.round(size / 1_000)} s ${way}`;
  if (size < 90 * 60_000) return `${Math.round(size / 60_000)} min ${way}`;
  return `${Math.round(size / 3_600_000)} h ${way}`;
}

/** So far apart two clocks may be before somebody has to look at one of them. */
export const CLOCK_OFF_MS = 60_000;

const isKind = (kind: string): kind is ExceptionKind => Object.hasOwn(KINDS, kind);

/** What was found; of a newer build's kind, its name. */
export const kindWords = (kind: string): string => (isKind(kind) ? titleOf(kind) : capital(kind));
