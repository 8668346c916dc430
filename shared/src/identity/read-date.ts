/**
 * Reads birth dates as people and forms write them. Where day and month could be exchanged, the order of the country
 * decides and the other reading is kept; where no order is known, the caller sees the alternative and may doubt.
 */
import { LIMITS } from "../limits.ts";
import { foldWords } from "./fold.ts";
import { monthOf } from "./month-names.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";

export interface DateValue {
  /** YYYY-MM-DD */
  readonly iso: string;
  /** The other reading, when day and month could be exchanged. */
  readonly alternative: string | null;
}

export interface DateOptions {
  readonly order?: "dmy" | "mdy" | "ymd";
  /** ISO date; nobody is born after it. */
  readonly latest: string;
  /** ISO date; without it 120 years before the latest. */
  readonly earliest?: string;
}

export type DateReason =
  | "empty"
  | "too-long"
  | "not-a-date"
  | "incomplete"
  | "placeholder"
  | "impossible"
  | "too-early"
  | "too-late";

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

interface Reading {
  /** Likeliest first; more than one only where day and month could be exchanged. */
  readonly days: readonly Day[];
  readonly isRepaired: boolean;
}

const LIFE_YEARS = 120;
/** What forms and databases hold where nobody gave a date. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "1900-01-01",
  "1901-01-01",
  "1753-01-01",
  "1899-12-30",
  "1899-12-31",
  "1111-11-11",
  "9999-12-31",
  "9999-09-09",
]);
/** What may stand behind a date: a time, which a birth date has from a spreadsheet or a database. */
const TIME = /(?:t|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:am|pm|z|utc|[+-]\d{2}:?\d{2})?$/i;

export function readBirthDate(
  raw: string,
  options: DateOptions,
): Normalised<DateValue, DateReason> {
  if (raw.length > LIMITS.fieldChars) return rejected("too-long");
  const typed = raw.normalize("NFKC").trim();
  if (typed === "") return rejected("empty");
  if (/^[0\s./-]+$/.test(typed)) return rejected("placeholder");
  const reading = readDays(typed.replace(TIME, "").trim(), options);
  if (typeof reading === "string") return rejected(reading);
  return judge(reading, options);
}

function judge(
  { days, isRepaired }: Reading,
  options: DateOptions,
): Normalised<DateValue, DateReason> {
  const isos = days.filter((day) => isDay(day)).map((day) => toIso(day));
  if (isos.some((iso) => PLACEHOLDERS.has(iso))) return rejected("placeholder");
  const [first] = isos;
  if (first === undefined) return rejected("impossible");
  const earliest = options.earliest ?? yearsBefore(options.latest, LIFE_YEARS);
  const [iso, other = null] = isos.filter((each) => each >= earliest && each <= options.latest);
  if (iso === undefined) return rejected(first > options.latest ? "too-late" : "too-early");
  return accepted({ iso, alternative: other === iso ? null : other }, isRepaired);
}

function readDays(text: string, options: DateOptions): Reading | DateReason {
  const digits = withDigits(text);
  const isRepaired = digits !== text;
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(digits);
  if (compact !== null) return withRepair(compactDays(digits, options), isRepaired);
  const numbers = /^(\d{1,4})\s*[-./,\s_]\s*(\d{1,2})\s*[-./,\s_]\s*(\d{1,4})\.?$/.exec(digits);
  if (numbers !== null) {
    return withRepair(numericDays(numbers.slice(1, 4), options), isRepaired);
  }
  return readWords(text, options);
}

const withRepair = (reading: Reading | DateReason, isRepaired: boolean) =>
  typeof reading === "string" || !isRepaired ? reading : { ...reading, isRepaired };

/** Letters for digits, as a scanner or a tired hand puts them; words keep theirs. */
function withDigits(text: string): string {
  if (!/\d/.test(text) || !/^[\dOoQlIi|SsBZ\s./,_-]+$/.test(text)) return text;
  return text
    .replaceAll(/[OoQ]/g, "0")
    .replaceAll(/[lIi|]/g, "1")
    .replaceAll(/[Ss]/g, "5")
    .replaceAll("B", "8")
    .replaceAll("Z", "2");
}

/** 19800131, and where the year cannot stand first, 31011980. */
function compactDays(digits: string, options: DateOptions): Reading | DateReason {
  const at = (from: number, to: number) => digits.slice(from, to);
  const yearFirst = [at(0, 4), at(4, 6), at(6, 8)];
  const yearLast = [at(0, 2), at(2, 4), at(4, 8)];
  return isYear(Number(yearFirst[0]), options)
    ? numericDays(yearFirst, options)
    : numericDays(yearLast, options);
}

function numericDays(parts: readonly string[], options: DateOptions): Reading | DateReason {
  const [first = "", second = "", third = ""] = parts;
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  if (first.length === 3 || third.length === 3) return "not-a-date";
  if (first.length === 4 && third.length === 4) return "not-a-date";
  if (first.length === 4) return yearFirstDays(a, b, c);
  if (third.length < 4 && options.order === "ymd") {
    return yearFirstDays(fullYear(a, options.latest), b, c);
  }
  // 80-01-31: no day has this number.
  if (third.length < 4 && a > 31) return yearFirstDays(fullYear(a, options.latest), b, c);
  const year = third.length === 4 ? c : fullYear(c, options.latest);
  if (b === 0 || a === 0) return "incomplete";
  return eitherOrder(year, a, b, options.order);
}

/** Year, month, day: the order of forms. A month above twelve is a day that stands in its place. */
function yearFirstDays(year: number, month: number, day: number): Reading | DateReason {
  if (month === 0 || day === 0) return "incomplete";
  if (month > 12 && day <= 12)
    return { days: [{ year, month: day, day: month }], isRepaired: true };
  return { days: [{ year, month, day }], isRepaired: false };
}

function eitherOrder(year: number, a: number, b: number, order: DateOptions["order"]): Reading {
  const days = [
    { year, month: b, day: a },
    { year, month: a, day: b },
  ];
  const ordered = order === "mdy" ? days.toReversed() : days;
  const [usual] = ordered;
  // Only the order that is not the country's gives a date.
  const isRepaired = order !== undefined && usual !== undefined && !isDay(usual);
  return { days: ordered, isRepaired };
}

/** Dates with a month by its name, in any order: 31 January 1980, January 31st, 1980, 31-Jan-80. */
function readWords(text: string, options: DateOptions): Reading | DateReason {
  const words = foldWords(text)
    .flatMap((word) => word.match(/[a-z]+|\d+/g) ?? [])
    .filter((word) => !FILLERS.has(word));
  const months = words.flatMap((word) => monthOf(word) ?? []);
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const [month] = months;
  if (month === undefined) return isLoneYear(words, options) ? "incomplete" : "not-a-date";
  if (months.length > 1 || months.length + numbers.length !== words.length) return "not-a-date";
  const [first = "", second = ""] = numbers;
  if (numbers.length === 1) return "incomplete";
  if (numbers.length !== 2 || first.length > 4 || second.length > 4) return "not-a-date";
  const isYearFirst = first.length === 4 || (second.length < 4 && Number(first) > 31);
  const [day, year] = isYearFirst ? [second, first] : [first, second];
  if (day.length > 2) return "not-a-date";
  const full = year.length === 4 ? Number(year) : fullYear(Number(year), options.latest);
  return { days: [{ year: full, month, day: Number(day) }], isRepaired: false };
}

const FILLERS: ReadonlySet<string> = new Set(
  (
    "st nd rd th er ere of de den der del le do the born ne nee geb geboren am on dob date birth naissance " +
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
  ).split(" "),
);

const isLoneYear = (words: readonly string[], options: DateOptions) =>
  words.length > 0 &&
  words.length < 3 &&
  words.every((word) => /^\d{1,4}$/.test(word)) &&
  words.some((word) => word.length === 4 && isYear(Number(word), options));

/** A year that somebody alive could be born in, give or take what judge refuses with a better reason. */
const isYear = (year: number, { latest }: DateOptions) =>
  year > yearOf(latest) - 2 * LIFE_YEARS && year <= yearOf(latest) + 5;

/** Two digits are the last such year that has been. */
function fullYear(year: number, latest: string): number {
  if (year > 99) return year;
  const century = Math.floor(yearOf(latest) / 100) * 100;
  return century + year <= yearOf(latest) ? century + year : century - 100 + year;
}

const yearOf = (iso: string) => Number(iso.slice(0, 4));

const yearsBefore = (iso: string, years: number) =>
  `${String(yearOf(iso) - years).padStart(4, "0")}${iso.slice(4)}`;

function isDay({ year, month, day }: Day): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

const toIso = ({ year, month, day }: Day) =>
  [
    String(year).padStart(4, "0"),
    String(month).padStart(2, "0"),
    String(day).padStart(2, "0"),
  ].join("-");
