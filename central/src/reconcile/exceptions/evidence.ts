/**
 * Evidence as people read it. A name that ends in `Minor` is money of the exception's currency, in `Ms` an instant, in `ForMs` a
 * span of time; all else is shown as it is. Whatever a check of another build has put there is shown, by the name that it gave.
 */
import { currencySchema } from "@regulars/shared/money";
import { formatCount, formatMoney, formatTime } from "../../console/format.ts";
import type { Evidence, ExceptionKind } from "../found.ts";

/** What words and tables are made of: an exception as it was found. */
export interface Subject {
  readonly kind: ExceptionKind;
  readonly store: string;
  readonly businessDay: string;
  readonly source: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly currency: string | null;
  readonly amountMinor: number | null;
  readonly evidence: Evidence;
  readonly zone: string | null;
}

/** The first number that stands under one of the names. */
export function numberIn({ evidence }: Subject, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = evidence[name];
    if (typeof value === "number") return value;
  }
  return null;
}

export function textIn({ evidence }: Subject, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = evidence[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}

export function listIn({ evidence }: Subject, name: string): readonly string[] {
  const value = evidence[name];
  return typeof value === "object" && value !== null ? value : [];
}

/** "£4.20"; a bare count of minor units where nobody has said of which currency. */
export function moneyOf(subject: Subject, minor: number): string {
  const currency = textIn(subject, "currency") ?? subject.currency;
  return currency !== null && currencySchema.safeParse(currency).success
    ? formatMoney(minor, currency)
    : `${formatCount(minor)} minor units`;
}

/** "2 h 5 min", "45 s". */
export function spanWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

export interface EvidenceLine {
  readonly name: string;
  readonly words: string;
  /** As the check has called it, with what it has put there. */
  readonly key: string;
  readonly value: Evidence[string];
  /** A row of a journal that it names. */
  readonly row: { readonly source: string; readonly epoch: number; readonly seq: number } | null;
}

/** All of it, in the order in which the check has put it. */
export const evidenceLines = (subject: Subject): EvidenceLine[] =>
  Object.entries(subject.evidence).map(([name, value]) => ({
    name: nameWords(name),
    key: name,
    value,
    words: valueWords(subject, name, value),
    row: typeof value === "string" ? rowOf(value) : null,
  }));

/** `countedMinor` is "Counted". */
function nameWords(name: string): string {
  const bare = /^.+(?:Minor|Ms)$/.test(name) ? name.replace(/(?:Minor|ForMs|AtMs|Ms)$/, "") : name;
  const spaced = bare.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[_-]/g, " ");
  const words = spaced.replaceAll(/[A-Z][a-z]/g, (start) => start.toLowerCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueWords(subject: Subject, name: string, value: Evidence[string] | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "string") return textWords(value);
  if (typeof value === "object") return value.length === 0 ? "None" : value.join(", ");
  if (name.endsWith("Minor")) return moneyOf(subject, value);
  if (isSpan(name)) return spanWords(value);
  // Before the turn of the century no till of ours has captured anything: so it is no instant.
  if (name.endsWith("Ms")) {
    return value > 946_684_800_000 ? formatTime(value, subject.zone) : spanWords(value);
  }
  return formatCount(value);
}

const isSpan = (name: string): boolean => /(?:For|offset|ahead|drift|limit)Ms$/i.test(name);

/** Words of closed lists stand with dashes below. */
const textWords = (text: string): string =>
  /^[a-z]+(?:_[a-z]+)+$/.test(text) ? text.replaceAll("_", " ") : text;

function rowOf(text: string): EvidenceLine["row"] {
  const [, source, epoch, seq] =
    /^([a-z0-9][a-z0-9._-]*)\/(\d{1,16})\/(\d{1,16})$/.exec(text) ?? [];
  return source === undefined ? null : { source, epoch: Number(epoch), seq: Number(seq) };
}
