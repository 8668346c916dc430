/** Reads birth dates as people and forms write them. */
import { z } from "zod";
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

export function readBirthDate(
  raw: string,
  options: DateOptions,
): Normalised<DateValue, DateReason> {
  const iso = z.iso.date().safeParse(raw.trim()).data;
  if (iso === undefined) return rejected("not-a-date");
  return iso > options.latest ? rejected("too-late") : accepted({ iso, alternative: null }, false);
}
