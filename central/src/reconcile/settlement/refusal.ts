/** Why a processor's file is not taken: a closed list, each with the line and the column, never with what stands there. */
import { formatCount } from "../../console/format.ts";

export const LINE_REASONS = {
  amount_unreadable: "the amount is no number",
  amount_too_exact: "the amount has more decimals than its currency",
  fee_unreadable: "the fee is no number",
  date_unreadable: "the date is none, or not in the order that was chosen",
  currency_unreadable: "the currency is no three-letter code",
  currency_mixed:
    "the currency is another one than on the lines before; export one currency at a time",
  store_unknown: "the store is none that has tills here",
  zone_unknown: "the store has not yet told its time zone, so its day is not known",
  reference_missing: "the reference is missing, so no payment can be found by it",
  reference_too_long: "the reference is longer than a till can have noted",
  columns_differ: "the line has another number of columns than the head",
} as const;
export type LineReason = keyof typeof LINE_REASONS;

export const FILE_REASONS = {
  not_csv: "This is no CSV file: its quotation marks do not fit.",
  not_text: "This is no text: its encoding is none that is known.",
  no_head: "The file is empty.",
  no_lines: "No line of the file is a payment or refund.",
  too_many_lines: "The file has more lines than the limit. Export shorter periods.",
  too_many_columns: "The file has more columns than the limit.",
  too_large: "The file is larger than the limit. Export shorter periods.",
  column_missing: "The file lacks a column that was chosen.",
  not_chosen: "It is not yet said which columns hold amount, reference and date.",
  same_file: "This file was imported before.",
  currency_not_chosen: "No column says the currency, and none was chosen.",
  store_not_chosen: "No column says the store, and none was chosen.",
} as const;
export type FileReason = keyof typeof FILE_REASONS;

export interface LineProblem {
  readonly line: number;
  /** Null where it is about the line as a whole. */
  readonly column: string | null;
  readonly reason: LineReason;
}

export interface FileRefusal {
  readonly reason: FileReason;
  /** Where it is in a line of the file, or a column. */
  readonly line?: number;
  readonly column?: string;
  /** The import that had the same bytes. */
  readonly file?: number;
}

export const lineProblemWords = ({ line, column, reason }: LineProblem): string =>
  `Line ${formatCount(line)}${column === null ? "" : `, column “${column}”`}: ${LINE_REASONS[reason]}.`;

export function fileRefusalWords({ reason, line, column }: FileRefusal): string {
  const where = [
    ...(line === undefined ? [] : [`line ${formatCount(line)}`]),
    ...(column === undefined ? [] : [`column “${column}”`]),
  ];
  const place = where.length === 0 ? "" : ` See ${where.join(", ")}.`;
  return `${FILE_REASONS[reason]}${place}`;
}
