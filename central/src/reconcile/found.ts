/** What checks find, and how a store-day stands: the words that all of reconciliation shares (REC2). */
import { currencySchema, minorSchema } from "@regulars/shared/money";
import { TENDER_TYPES } from "@regulars/shared/events/tender";
import { z } from "zod";

/** Every kind of exception, with the check that opens it and how serious it is. */
export const KINDS = {
  // 1. Sequence per terminal
  gap: { check: "sequence", severity: "serious" },
  duplicate: { check: "sequence", severity: "serious" },
  // 2. Chain
  chain_break: { check: "chain", severity: "serious" },
  fork: { check: "chain", severity: "serious" },
  // 3. Tenders
  tenders_differ: { check: "tenders", severity: "warning" },
  // 4. Z report
  z_differs: { check: "z_report", severity: "serious" },
  z_number: { check: "z_report", severity: "serious" },
  seal_differs: { check: "z_report", severity: "serious" },
  // 5. Settlement
  card_unsettled: { check: "settlement", severity: "warning" },
  settled_unknown: { check: "settlement", severity: "warning" },
  settled_differs: { check: "settlement", severity: "serious" },
  // 6. Late arrivals
  late_sale: { check: "late", severity: "info" },
  // 7. Clock
  clock_drift: { check: "clock", severity: "warning" },
  // 8. Ledgers
  return_exceeds: { check: "ledger", severity: "serious" },
  loyalty_differs: { check: "ledger", severity: "warning" },
  golden_differs: { check: "ledger", severity: "serious" },
  // 9. Over and short
  over_short: { check: "over_short", severity: "warning" },
  over_short_trend: { check: "over_short", severity: "serious" },
  // What is kept whole and could not be read
  unreadable: { check: "sequence", severity: "warning" },
  // Journals of a store-day at the edge and here (GLD2)
  journal_differs: { check: "journal", severity: "serious" },
} as const;
export type ExceptionKind = keyof typeof KINDS;
export type Severity = "info" | "warning" | "serious";
export type Check = (typeof KINDS)[ExceptionKind]["check"];

/** One thing found: where, how much, and what a person needs to judge it. Found again it has the same `about`. */
export interface Found {
  readonly kind: ExceptionKind;
  /** What makes it this one and no other within store, day and kind, such as `till-1/1/57` or a reference. */
  readonly about: string;
  readonly source: string | null;
  readonly epoch: number | null;
  /** The row, or the first of the missing ones. */
  readonly seq: number | null;
  readonly currency: string | null;
  /** Signed, minor units: how much differs, or what it is about; null where it is about no money. */
  readonly amountMinor: number | null;
  readonly evidence: Evidence;
}

/** Named figures, ids, times in ms; texts of closed lists. Nothing personal: staff by the till's own short ids alone. */
export type Evidence = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** Why a store-day is not complete yet, though nothing is wrong: what it waits for, and since when. */
export const WAITING_FOR = [
  /** The business day is not over in the store's zone, and no seal has come. */
  "day_end",
  /** Rows that a head, a seal or the edge knows of are not here. */
  "rows",
  /** A terminal that opens shifts has one open. */
  "z_report",
  /** Terminals have closed, the store's day is not sealed, though the store seals its days. */
  "seal",
  /** Rows are here whose fragments are not: not golden yet. */
  "golden",
  /** Card payments of a store whose processor's files are imported, and no file of that day yet. */
  "settlement",
] as const;

export const waitingSchema = z.object({
  for: z.enum(WAITING_FOR),
  /** The terminal, where it is one. */
  source: z.string().nullable(),
  sinceMs: z.int(),
  /** Rows, where it is rows. */
  count: z.int().nullable(),
});
export type Waiting = z.infer<typeof waitingSchema>;

const moneyByCurrency = z.record(currencySchema, minorSchema);

/** What `store_day.figures` holds: enough for every picture of the day without its rows. */
export const dayFiguresSchema = z.object({
  events: z.int(),
  /** Terminals with rows of the day. */
  terminals: z.int(),
  sales: z.int(),
  returns: z.int(),
  /** Net of returns, voids and adjustments. */
  netMinor: moneyByCurrency,
  /** Net by tender and currency. */
  tenders: z.partialRecord(z.enum(TENDER_TYPES), moneyByCurrency),
  /** 24 hours of the store's clock: sales, and net money by currency. */
  hours: z.array(z.object({ sales: z.int(), netMinor: moneyByCurrency })).length(24),
  /** Rows posted to the day after its Z. */
  late: z.int(),
  lateMinor: moneyByCurrency,
  overShortMinor: moneyByCurrency,
  /** How far the rows of the day have come. */
  golden: z.int(),
  /** When the edge accepted the newest row, and when it came here. */
  acceptedMs: z.int().nullable(),
  receivedMs: z.int().nullable(),
  /** Root of the newest seal that is true. */
  root: z.string().nullable(),
});
export type DayFigures = z.infer<typeof dayFiguresSchema>;
