/** How store-days stand, as the checks have written it: one row each, found by index. */
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";
import {
  type DayFigures,
  dayFiguresSchema,
  type Severity,
  type Waiting,
  waitingSchema,
} from "../reconcile/found.ts";
import type { DayState } from "./parts.tsx";

export interface StoreDayRow {
  readonly store: string;
  readonly day: string;
  readonly state: DayState;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  readonly zone: string | null;
  readonly waiting: readonly Waiting[];
  /** Null before the first check. */
  readonly figures: DayFigures | null;
  readonly openExceptions: number;
  readonly worst: Severity | null;
  readonly checkedMs: number | null;
  /** Something has come that no check has seen. */
  readonly isDirty: boolean;
}

const COLUMNS = `store, business_day, state, since_ms, zone, waiting, figures, open_exceptions, worst, checked_ms, dirty_ms`;

export const daysOfDay = (day: string): Statement => ({
  sql: `select ${COLUMNS} from store_day where business_day = ? order by store`,
  args: [day],
});

export const dayOfStore = (store: string, day: string): Statement => ({
  sql: `select ${COLUMNS} from store_day where store = ? and business_day = ?`,
  args: [store, day],
});

/** Newest first, from before `before` on. */
export const daysOfStore = (store: string, before: string, limit: number): Statement => ({
  sql: `select ${COLUMNS} from store_day where store = ? and business_day < ?
        order by business_day desc limit ?`,
  args: [store, before, limit],
});

/** The last day of which anything is known, up to `upTo`: a till whose clock is years ahead must not name today. */
export const newestDay = (upTo: string): Statement => ({
  sql: "select max(business_day) as day from store_day where business_day <= ?",
  args: [upTo],
});

/** The newest on which anything was sold: a few looks in the web shop after midnight make no day of stores. */
export const newestSellingDay = (upTo: string): Statement => ({
  sql: `select business_day as day from store_day where business_day <= ? and figures ->> '$.sales' > 0
        order by business_day desc limit 1`,
  args: [upTo],
});

export const dayBefore = (day: string): Statement => ({
  sql: "select max(business_day) as day from store_day where business_day < ?",
  args: [day],
});

export const dayAfter = (day: string, upTo: string): Statement => ({
  sql: "select min(business_day) as day from store_day where business_day > ? and business_day <= ?",
  args: [day, upTo],
});

export const dayBeforeOfStore = (store: string, day: string): Statement => ({
  sql: "select max(business_day) as day from store_day where store = ? and business_day < ?",
  args: [store, day],
});

export const dayAfterOfStore = (store: string, day: string): Statement => ({
  sql: "select min(business_day) as day from store_day where store = ? and business_day > ?",
  args: [store, day],
});

export async function readDay(storage: Storage, statement: Statement): Promise<string | null> {
  const [rows = []] = await storage.read([statement]);
  return dayOf(rows);
}

export function dayOf(rows: readonly Row[]): string | null {
  const day = rows[0]?.["day"];
  return typeof day === "string" ? day : null;
}

const stateSchema = z.enum(["complete", "waiting", "in_question"]);
const worstSchema = z.enum(["info", "warning", "serious"]).nullable();
const waitingListSchema = z.array(waitingSchema);

export function storeDayOf(row: Row): StoreDayRow {
  return {
    store: textOf(row, "store"),
    day: textOf(row, "business_day"),
    state: stateSchema.parse(row["state"]),
    sinceMs: numberOf(row, "since_ms"),
    zone: row["zone"] === null ? null : textOf(row, "zone"),
    waiting: waitingListSchema.parse(JSON.parse(textOf(row, "waiting"))),
    figures: figuresOf(textOf(row, "figures")),
    openExceptions: numberOf(row, "open_exceptions"),
    worst: worstSchema.parse(row["worst"]),
    checkedMs: row["checked_ms"] === null ? null : numberOf(row, "checked_ms"),
    isDirty: row["dirty_ms"] !== null,
  };
}

/** `{}` of a day that no check has seen. */
export function figuresOf(text: string): DayFigures | null {
  const parsed = dayFiguresSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
