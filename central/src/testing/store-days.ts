/** Rows of store-days and exceptions, as the checks would write them. */
import type { Statement } from "@regulars/shared/storage/port";
import type { DayFigures, ExceptionKind, Severity, Waiting } from "../reconcile/found.ts";
import { KINDS } from "../reconcile/found.ts";

/** A day with these sales by hour, each of £10.00. */
export function figuresOf(
  salesByHour: readonly number[],
  more: Partial<DayFigures> = {},
): DayFigures {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const sales = salesByHour[hour] ?? 0;
    return { sales, netMinor: sales === 0 ? {} : { GBP: sales * 1_000 } };
  });
  const sales = hours.reduce((sum, hour) => sum + hour.sales, 0);
  return {
    events: sales,
    terminals: 1,
    sales,
    returns: 0,
    netMinor: { GBP: sales * 1_000 },
    tenders: { card: { GBP: sales * 1_000 } },
    hours,
    late: 0,
    lateMinor: {},
    overShortMinor: {},
    golden: sales,
    acceptedMs: null,
    receivedMs: null,
    root: null,
    ...more,
  };
}

export interface StoreDaySeed {
  readonly store: string;
  readonly day: string;
  readonly state?: "complete" | "waiting" | "in_question";
  readonly sinceMs?: number;
  readonly zone?: string;
  readonly waiting?: readonly Waiting[];
  readonly figures?: DayFigures;
  readonly openExceptions?: number;
  readonly worst?: Severity;
}

export const storeDayStatement = (seed: StoreDaySeed): Statement => ({
  sql: `insert or replace into store_day (store, business_day, state, since_ms, zone, waiting, figures, open_exceptions,
          worst, checked_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  args: [
    seed.store,
    seed.day,
    seed.state ?? "complete",
    seed.sinceMs ?? 0,
    seed.zone ?? "Europe/London",
    JSON.stringify(seed.waiting ?? []),
    JSON.stringify(seed.figures ?? {}),
    seed.openExceptions ?? 0,
    seed.worst ?? null,
    seed.sinceMs ?? 0,
  ],
});

export interface ExceptionSeed {
  readonly store: string;
  readonly day: string;
  readonly kind: ExceptionKind;
  readonly source?: string;
  readonly seq?: number;
  readonly amountMinor?: number;
  readonly state?: "open" | "explained" | "approved" | "settled";
  readonly openedMs?: number;
}

export const exceptionStatement = (seed: ExceptionSeed): Statement => ({
  sql: `insert into exception (fingerprint, store, business_day, kind, severity, source, epoch, seq, currency,
          amount_minor, evidence, state, opened_ms, changed_ms, version)
        values (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, '{}', ?, ?, ?, 1)`,
  args: [
    [seed.store, seed.day, seed.kind, seed.source ?? "", seed.seq ?? ""].join(" "),
    seed.store,
    seed.day,
    seed.kind,
    KINDS[seed.kind].severity,
    seed.source ?? null,
    seed.seq ?? null,
    seed.amountMinor === undefined ? null : "GBP",
    seed.amountMinor ?? null,
    seed.state ?? "open",
    seed.openedMs ?? 0,
    seed.openedMs ?? 0,
  ],
});
