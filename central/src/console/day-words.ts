/** Business days, what a store-day waits for, and money of several currencies, as people read them. */
import type { DayFigures, Waiting } from "../reconcile/found.ts";
import { formatCountOf, formatMoment, formatMoney } from "./format.ts";

const days = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});

/** "Mon 23 Nov 2026" of `2026-11-23`. */
export const formatDay = (day: string): string =>
  days.format(Date.parse(`${day}T00:00:00Z`)).replace(",", "");

const DAY_MS = 86_400_000;

/** Business days are calendar days: `by` days later, or earlier where negative. */
export const dayPlus = (day: string, by: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

export interface WordsOfWhen {
  readonly zone: string | null;
  readonly nowMs: number;
}

/** What it waits for, and since when: "12 rows of till-2 since 21:40". */
export function waitingWords(waiting: Waiting, { zone, nowMs }: WordsOfWhen): string {
  const since = formatMoment(waiting.sinceMs, zone, nowMs);
  const of = waiting.source === null ? "" : ` of ${waiting.source}`;
  const rows = (more: string): string =>
    waiting.count === null ? `rows${more}` : `${formatCountOf(waiting.count, "row")}${more}`;
  switch (waiting.for) {
    case "day_end":
      return "the end of the day";
    case "rows":
      return `${rows(of)} since ${since}`;
    case "z_report":
      return `the Z report${of} since ${since}`;
    case "seal":
      return `the seal of the day since ${since}`;
    case "golden":
      return `${rows(of)} to become golden since ${since}`;
    case "settlement":
      return `the card settlement since ${since}`;
  }
}

export type Money = Readonly<Record<string, number>>;

/** "£12.00 + €3.50"; null where there is none at all. */
export function moneyWords(money: Money): string | null {
  const parts = Object.entries(money).map(([currency, minor]) => formatMoney(minor, currency));
  return parts.length === 0 ? null : parts.join(" + ");
}

/** With its sign: "+£2.00", "−£12.40"; "£0.00" where nothing differs. */
export function signedMoneyWords(money: Money): string | null {
  const parts = Object.entries(money).map(([currency, minor]) => signed(minor, currency));
  return parts.length === 0 ? null : parts.join(" ");
}

export const signed = (minor: number, currency: string): string =>
  `${minor > 0 ? "+" : ""}${formatMoney(minor, currency)}`;

export function addMoney(one: Money, other: Money): Money {
  const sum: Record<string, number> = { ...one };
  for (const [currency, minor] of Object.entries(other)) {
    sum[currency] = (sum[currency] ?? 0) + minor;
  }
  return sum;
}

/** As two cells of a file: minor units beside their currency; several currencies are a text. */
export function moneyCells(
  money: Money,
): readonly [minor: number | string | null, currency: string | null] {
  const all = Object.entries(money);
  const [only] = all;
  if (only === undefined) return [null, null];
  if (all.length === 1) return [only[1], only[0]];
  return [
    all.map(([, minor]) => String(minor)).join("; "),
    all.map(([currency]) => currency).join("; "),
  ];
}

/** Sales by hour of the store's clock. */
export const salesByHour = (figures: DayFigures): number[] =>
  figures.hours.map(({ sales }) => sales);

/** "09:00". */
export const hourWords = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;
