/** Values of cells as spreadsheets and shops write them. What has no certain reading is none. */
import { readBirthDate } from "../../identity/read-date.ts";
import { instantIn } from "../read/instant.ts";
import type { CsvMapping } from "./mapping.ts";

type DecimalMark = CsvMapping["decimalMark"];
type DateOrder = CsvMapping["dateOrder"];

/** What files write where they know nothing. */
const NOTHING: ReadonlySet<string> = new Set([
  "null",
  "na",
  "n/a",
  "nan",
  "none",
  "nil",
  "\\n",
  "?",
  "-",
  "--",
  "(null)",
  "#n/a",
]);

/** "" for a cell that says nothing. */
export function cellText(raw: string | undefined): string {
  const text = (raw ?? "").trim();
  return NOTHING.has(text.toLowerCase()) ? "" : text;
}

/** A spreadsheet has made a number of digits that were a name: most of them are lost. */
export const isScientific = (text: string): boolean =>
  /^[+-]?\d+(?:[.,]\d+)?e[+]?\d+$/i.test(text.trim());

/** Spaces that part thousands, among them those that typesetters use; and the Swiss sign. */
const GROUP_SPACE = /[\s\u00A0\u2007\u2009\u202F'’]/g;
/** Signs and codes of currencies. */
const CURRENCY = /^(?:\p{Sc}|[A-Z]{3}\b|kr\.?|Fr\.?)\s*|\s*(?:\p{Sc}|\b[A-Z]{3}|kr\.?|Fr\.?)$/gu;

/** No number and no time is longer; a pattern must not be tried on a novel. */
const valueChars = 64;

/** `1.234,56 €` with a decimal comma to `1234.56`; (12.50) and 12.50- are negative. Null for what is no such number. */
export function readDecimal(raw: string, mark: DecimalMark): string | null {
  if (raw.length > valueChars) return null;
  const bare = raw.trim().replaceAll("−", "-").replaceAll(CURRENCY, "").trim();
  const bracketed = /^\((.+)\)$/.exec(bare);
  const behind = /^([^-]+)-$/.exec(bare);
  const before = /^([+-])\s*(.+)$/.exec(bare);
  const isNegative = bracketed !== null || behind !== null || before?.[1] === "-";
  const inner = bracketed?.[1] ?? behind?.[1] ?? before?.[2] ?? bare;
  const digits = unsigned(inner.replaceAll(CURRENCY, "").trim(), mark);
  if (digits === null || digits.length > 28) return null;
  return isNegative && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

function unsigned(text: string, mark: DecimalMark): string | null {
  const group = mark === "." ? "," : ".";
  const [whole = "", fraction, more] = text.split(mark);
  if (more !== undefined) return null;
  if (fraction !== undefined && !/^\d+$/.test(fraction)) return null;
  const spaced = whole.replaceAll(GROUP_SPACE, group);
  // Groups have three digits each: 1.5 with a decimal comma is a mistake, and not 15.
  const isGrouped = new RegExp(`^\\d{1,3}(?:\\${group}\\d{3})+$`).test(spaced);
  const plain = isGrouped ? spaced.replaceAll(group, "") : whole;
  if (plain === "" && fraction !== undefined) return `0.${fraction}`;
  if (!/^\d+$/.test(plain)) return null;
  return fraction === undefined ? plain : `${plain}.${fraction}`;
}

export interface DateOptions {
  readonly order: DateOrder;
  readonly zone: string;
  /** ISO date: two digits are the last year that has been by then. */
  readonly today: string;
}

/** A date without time is midnight of the zone. Null for what is no date in this order. */
export function readMoment(raw: string, { order, zone, today }: DateOptions): string | null {
  const text = raw.trim();
  if (text.length > valueChars) return null;
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return instantIn(text, zone);
  const [, dayText = text, time = ""] =
    /^(.*?)(?:[T,]?\s+|T)(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d\d:?\d\d)?)$/i.exec(
      text,
    ) ?? [];
  const day = readDay(dayText, order, today);
  const clock = time === "" ? "00:00:00" : readClock(time);
  return day === null || clock === null ? null : instantIn(`${day} ${clock}`, zone);
}

/** An ISO date. The order of the column holds for all of it: 12/31 is no day of a column that has its days first. */
export function readDay(
  raw: string,
  order: DateOrder,
  today: string,
  earliest = "1970-01-01",
): string | null {
  const latest = `${Number(today.slice(0, 4)) + 1}-12-31`;
  const read = readBirthDate(raw, { order, latest, earliest });
  return read.quality === "parsed" ? read.value.iso : null;
}

function readClock(text: string): string | null {
  const match =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:([ap])\.?m\.?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
      text,
    );
  if (match === null) return null;
  const [, hour = "", minute = "", second = "00", fraction = "0", half, offset = ""] = match;
  const hours = half === undefined ? Number(hour) : fromHalf(Number(hour), half.toLowerCase());
  if (hours === null || hours > 23) return null;
  const two = String(hours).padStart(2, "0");
  return `${two}:${minute}:${second}.${fraction.slice(0, 3)}${offset}`;
}

function fromHalf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === "p" ? 12 : 0);
}

const YES = /^(?:1|y|yes|true|t|on|x|ja|j|si|sí|s|oui|o|opt(?:ed)?[ _-]?in|subscribed|granted)$/i;
const NO = /^(?:0|n|no|false|f|off|nein|non|opt(?:ed)?[ _-]?out|unsubscribed|withdrawn|declined)$/i;

/** Null for what is neither yes nor no. */
export function readYes(text: string): boolean | null {
  if (YES.test(text)) return true;
  return NO.test(text) ? false : null;
}
