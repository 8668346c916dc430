/** What everything that reads rows has at hand. */
import type { ConnectCapture } from "../captures.ts";
import type { Failure } from "../failure.ts";
import type { MapAccount } from "../mapper.ts";
import type { CsvMapping } from "./mapping.ts";
import type { RowReader } from "./row.ts";

export interface CsvContext {
  readonly account: MapAccount;
  /** ISO instant: of customers in a file that says no times. */
  readonly asOf: string;
  /** ISO date: no two-digit year is later. */
  readonly today: string;
}

export type CsvOutcome =
  | { readonly capture: ConnectCapture }
  /** `ignored`: a receipt that the mapping leaves out; `nobody`: a row without a customer. */
  | { readonly skipped: "ignored" | "nobody" }
  | { readonly failed: Failure };

export interface Env extends RowReader {
  readonly mapping: CsvMapping;
  readonly context: CsvContext;
  readonly zone: string;
  momentOf(text: string): string | null;
}
