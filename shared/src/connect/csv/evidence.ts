/** What the values of columns say about how a file was written: decided by a column as a whole, never by one value. */
import { cellText } from "./cell.ts";
import type { CsvMapping } from "./mapping.ts";
import type { CsvRow } from "./row.ts";

/** `unknown`: the values fit both; `mixed`: some fit only one, and others only the other. */
export type Certainty = "certain" | "unknown" | "mixed";

export interface Evidence<Value> {
  readonly value: Value;
  readonly certainty: Certainty;
}

export const valuesIn = (rows: readonly CsvRow[], place: number): string[] =>
  rows.map((row) => cellText(row.cells[place])).filter((text) => text !== "");

const NUMERIC_DATE = /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?!\d)/;

export const isDateLike = (text: string): boolean =>
  NUMERIC_DATE.test(text) || /^\d{4}-\d\d-\d\d/.test(text);

export function dateOrderIn(
  values: readonly string[],
  usual: CsvMapping["dateOrder"],
): Evidence<CsvMapping["dateOrder"]> {
  let dayFirst = 0;
  let monthFirst = 0;
  let yearFirst = 0;
  let either = 0;
  for (const value of values) {
    const match = NUMERIC_DATE.exec(value);
    if (match === null) continue;
    const [, first = "", second = ""] = match;
    if (first.length === 4 || Number(first) > 31) yearFirst++;
    else if (Number(first) > 12) dayFirst++;
    else if (Number(second) > 12) monthFirst++;
    else if (first !== second) either++;
  }
  const told = [dayFirst, monthFirst].filter((count) => count > 0).length;
  if (told === 2) return { value: dayFirst >= monthFirst ? "dmy" : "mdy", certainty: "mixed" };
  if (told === 1) return { value: dayFirst > 0 ? "dmy" : "mdy", certainty: "certain" };
  if (either === 0) return { value: yearFirst > 0 ? "ymd" : usual, certainty: "certain" };
  return { value: usual, certainty: "unknown" };
}

/** A mark that stands twice, or before three digits, may part thousands. */
export function decimalMarkIn(values: readonly string[]): Evidence<CsvMapping["decimalMark"]> {
  let commas = 0;
  let points = 0;
  let either = 0;
  for (const value of values) {
    if (value.length > 64) continue;
    const signs = value.replaceAll(/[^.,]/g, "");
    const last = signs.at(-1);
    if (last === undefined) continue;
    const digits = /[.,](\d*)\D*$/.exec(value)?.[1]?.length ?? 0;
    const isGroup = signs.length > 1 && new Set(signs).size === 1;
    const isComma = isGroup ? last === "." : last === ",";
    if (!isGroup && signs.length === 1 && digits === 3) either++;
    else if (isComma) commas++;
    else points++;
  }
  if (commas > 0 && points > 0) return { value: commas > points ? "," : ".", certainty: "mixed" };
  if (commas > 0 || points > 0) return { value: commas > 0 ? "," : ".", certainty: "certain" };
  return { value: ".", certainty: either > 0 ? "unknown" : "certain" };
}

/** Numbers of one length, but some shorter, and none that begins with a zero: a spreadsheet may have taken the zeros. */
export function haveLostZeros(values: readonly string[]): boolean {
  const digits = values.filter((value) => /^\d+$/.test(value));
  if (digits.length < 10 || digits.length < values.length * 0.9) return false;
  if (digits.some((value) => value.startsWith("0"))) return false;
  const longest = digits.reduce((max, { length }) => Math.max(max, length), 0);
  const full = digits.filter(({ length }) => length === longest).length;
  return longest >= 5 && full < digits.length && full >= digits.length * 0.6;
}

/** Whole numbers that pass the check digit of payment cards, nearly all of them: no number to be known by. */
export function arePaymentCards(values: readonly string[]): boolean {
  const cards = values.filter((value) => isPaymentCard(value.replaceAll(/[ -]/g, "")));
  return cards.length >= 3 && cards.length >= values.length * 0.9;
}

function isPaymentCard(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false;
  const sum = digits
    .split("")
    .toReversed()
    .reduce((so, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      return so + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** Days since 1899, as a spreadsheet counts them. */
export const areDayCounts = (values: readonly string[]): boolean =>
  values.length > 0 && values.every((value) => /^[2-6]\d{4}(?:[.,]\d+)?$/.test(value));
