/** Dates and ends of phone numbers as numbers: how they differ is seen without a look at the texts. */
import { numbersOf } from "./comparisons.ts";

const BIRTH = numbersOf("birth");

export const NOT_DIGITS = -1;

/** The last nine signs of a text, where all of them are digits. */
export function lastNineOf(text: string): number {
  const last = text.slice(-9);
  return /^\d{9}$/.test(last) ? Number(last) : NOT_DIGITS;
}

/** Whether one edit makes as many digits of others: one is replaced, or two neighbours are exchanged. */
export function isOneEdit(a: number, b: number): boolean {
  if (a === b) return true;
  let restA = a;
  let restB = b;
  while (restA % 10 === restB % 10) {
    restA = Math.trunc(restA / 10);
    restB = Math.trunc(restB / 10);
  }
  const beforeA = Math.trunc(restA / 10);
  const beforeB = Math.trunc(restB / 10);
  if (beforeA === beforeB) return true;
  const isExchange = restA % 10 === beforeB % 10 && restB % 10 === beforeA % 10;
  return isExchange && Math.trunc(beforeA / 10) === Math.trunc(beforeB / 10);
}

/** A whole date, `YYYY-MM-DD`, as the number of its digits. */
export const dateOf = (text: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? Number(text.replaceAll("-", "")) : NOT_DIGITS;

/** What comparing two whole dates of birth comes to. */
export function birthLevel(a: number, b: number): number {
  if (a === b) return BIRTH.exact;
  const monthDayA = a % 10_000;
  const monthDayB = b % 10_000;
  const yearA = (a - monthDayA) / 10_000;
  const yearB = (b - monthDayB) / 10_000;
  const dayA = a % 100;
  const dayB = b % 100;
  const monthA = (monthDayA - dayA) / 100;
  const monthB = (monthDayB - dayB) / 100;
  // No one edit reaches into two parts.
  if (monthDayA === monthDayB) return isOneEdit(yearA, yearB) ? BIRTH.close : BIRTH.two_parts;
  if (yearA !== yearB) return BIRTH.different;
  if (monthA === monthB) return isOneEdit(dayA, dayB) ? BIRTH.close : BIRTH.two_parts;
  if (dayA === dayB) return isOneEdit(monthA, monthB) ? BIRTH.close : BIRTH.two_parts;
  return monthA === dayB && dayA === monthB ? BIRTH.close : BIRTH.year;
}
