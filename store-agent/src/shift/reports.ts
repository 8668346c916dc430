/** X report, Z reports and days, as the till's database has them. Reads only; a Z report stays as it was closed (REC1). */
import { dayIn } from "@regulars/shared/capture/business-day";
import type { Place } from "@regulars/shared/capture/seal";
import { compare } from "@regulars/shared/capture/shift-draft";
import { closeSchema, comparedSchema } from "@regulars/shared/events/close";
import { countSchema } from "@regulars/shared/events/count";
import { headSchema } from "@regulars/shared/events/seal";
import { TENDER_TYPES, tenderSchema } from "@regulars/shared/events/tender";
import { LIMITS } from "@regulars/shared/limits";
import { currencySchema, minorSchema } from "@regulars/shared/money";
import { type ShiftFigures, shiftFiguresSchema } from "@regulars/shared/shift/figures";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { countOf, loadNumbers, loadOpenShift } from "./drawer-rows.ts";
import { loadOwnHeads } from "./own-heads.ts";

const takenCountSchema = countSchema.extend({ at: z.iso.datetime() });

export const xReportSchema = z.object({
  number: z.int(),
  /** `epoch/seq` of its `open`: what its events name. */
  shift: z.string(),
  businessDay: z.iso.date(),
  openedAt: z.iso.datetime(),
  staff: z.string().optional(),
  receipts: z.object({ sales: z.int(), returns: z.int(), voids: z.int(), adjustments: z.int() }),
  noSales: z.int(),
  /** What is not cash, by currency and tender. */
  cashless: z.record(currencySchema, z.partialRecord(z.enum(TENDER_TYPES), minorSchema)),
  /** The newest. */
  count: takenCountSchema.nullable(),
  /** Null until somebody has counted, for what should be in the drawer follows from them; unless the till is set up otherwise. */
  figures: shiftFiguresSchema.nullable(),
  /** The newest count against what should be there. */
  compared: z.array(comparedSchema),
});
export type XReport = z.infer<typeof xReportSchema>;

export const shiftAnswerSchema = z.object({
  /** The X report of the shift that is open. */
  open: xReportSchema.nullable(),
  /** Z number of the last shift that was opened here; 0 before the first. */
  last: z.int(),
});
export type ShiftAnswer = z.infer<typeof shiftAnswerSchema>;

export const amendmentSchema = z.object({
  /** When it was captured, after its day had been closed. */
  at: z.iso.datetime(),
  kind: z.string(),
  receipt: z.string(),
  currency: currencySchema,
  totalMinor: minorSchema,
  tenders: z.array(tenderSchema),
});

export const zReportSchema = closeSchema.extend({
  shift: z.string(),
  store: z.string(),
  businessDay: z.iso.date(),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime(),
  count: takenCountSchema.nullable(),
  /** What came for its day after it was closed, oldest first: it is in none of the figures. */
  amendments: z.array(amendmentSchema),
});
export type ZReport = z.infer<typeof zReportSchema>;

const SHIFT_STATES = ["open", "closed", "left"] as const;
export const dayAnswerSchema = z.object({
  businessDay: z.iso.date(),
  /** Of this terminal. `left`: open when the till came back from a backup or went to another store; it gets no Z report. */
  shifts: z.array(z.object({ number: z.int(), state: z.enum(SHIFT_STATES) })),
  /** What came for the day after it was closed here. */
  amendments: z.array(amendmentSchema),
  /** As this terminal has sealed it for the store. */
  seal: z
    .object({
      number: z.int(),
      at: z.iso.datetime(),
      root: z.string(),
      heads: z.array(headSchema),
    })
    .nullable(),
  /** Of this terminal's journal, for whoever seals the store's day. */
  heads: z.array(headSchema),
});
export type DayAnswer = z.infer<typeof dayAnswerSchema>;

export interface ReportDeps {
  readonly storage: Storage;
  readonly place: Pick<Place, "source" | "store" | "zone">;
  readonly nowMs: () => number;
  /** Hides what should be in the drawer until somebody has counted. */
  readonly blindCount: boolean;
}

export interface Reports {
  /** The shift that is open, as an X report. */
  shift(): Promise<ShiftAnswer>;
  zReport(number: number): Promise<ZReport | null>;
  /** Of the open shift, or today's, if none is named. */
  day(businessDay?: string): Promise<DayAnswer>;
}

export function createReports(deps: ReportDeps): Reports {
  return {
    shift: () => readShift(deps),
    zReport: (number) => readZReport(deps, number),
    async day(businessDay) {
      const today = dayIn(deps.place.zone, new Date(deps.nowMs()).toISOString());
      const open = businessDay ?? (await loadOpenShift(deps.storage))?.businessDay;
      return readDay(deps, open ?? today);
    },
  };
}

async function readShift({ storage, blindCount }: ReportDeps): Promise<ShiftAnswer> {
  const open = await loadOpenShift(storage);
  if (!open) return { open: null, last: (await loadNumbers(storage)).shifts };
  const { id, number, businessDay, openedAt, staff, figures, count } = open;
  const sum = (name: "sales" | "returns" | "voids" | "adjustments"): number =>
    Object.values(figures.currencies).reduce((all, of) => all + of[name], 0);
  const report: XReport = {
    number,
    shift: id,
    businessDay,
    openedAt,
    ...(staff === undefined ? {} : { staff }),
    receipts: {
      sales: sum("sales"),
      returns: sum("returns"),
      voids: sum("voids"),
      adjustments: sum("adjustments"),
    },
    noSales: figures.noSales,
    cashless: cashlessOf(figures),
    count: count && takenCountSchema.parse(count),
    figures: count || !blindCount ? figures : null,
    compared: compare(figures, count?.counted ?? []),
  };
  return { open: report, last: number };
}

function cashlessOf({ currencies }: ShiftFigures): XReport["cashless"] {
  return Object.fromEntries(
    Object.entries(currencies).map(([currency, { tenders }]) => {
      const { cash: _cash, ...others } = tenders;
      return [currency, others];
    }),
  );
}

/** Null where there is no such shift, or none that has been closed. Whatever has become of its rows meanwhile. */
async function readZReport({ storage }: ReportDeps, number: number): Promise<ZReport | null> {
  const [[row] = [], amendments = []] = await storage.read([
    { sql: "select * from shift where number = ? and closed_at is not null", args: [number] },
    {
      sql: `select * from amendment indexed by amendment_day
            where business_day = (select business_day from shift where number = ?1) and shift = ?1
            order by n limit ?2`,
      args: [number, LIMITS.shownAmendments],
    },
  ]);
  if (!row) return null;
  return {
    ...closeSchema.parse(JSON.parse(textOf(row, "report"))),
    shift: textOf(row, "id"),
    store: textOf(row, "store"),
    businessDay: textOf(row, "business_day"),
    openedAt: textOf(row, "opened_at"),
    closedAt: textOf(row, "closed_at"),
    count: ((count) => count && takenCountSchema.parse(count))(countOf(row)),
    amendments: amendments.map((each) => amendmentOf(each)),
  };
}

async function readDay({ storage, place }: ReportDeps, businessDay: string): Promise<DayAnswer> {
  const { source, store } = place;
  const [shifts = [], amendments = [], [seal] = []] = await storage.read([
    {
      sql: `select number, closed_at, is_left from shift where business_day = ? and store = ?
            order by number`,
      args: [businessDay, store],
    },
    {
      sql: "select * from amendment where business_day = ? and store = ? order by n limit ?",
      args: [businessDay, store, LIMITS.shownAmendments],
    },
    {
      sql: "select * from seal where business_day = ? and store = ? order by number desc limit 1",
      args: [businessDay, store],
    },
  ]);
  return {
    businessDay,
    shifts: shifts.map((row) => ({ number: numberOf(row, "number"), state: stateOf(row) })),
    amendments: amendments.map((each) => amendmentOf(each)),
    seal: seal
      ? {
          number: numberOf(seal, "number"),
          at: textOf(seal, "sealed_at"),
          root: textOf(seal, "root"),
          heads: z.array(headSchema).parse(JSON.parse(textOf(seal, "heads"))),
        }
      : null,
    heads: await loadOwnHeads(storage, source, businessDay),
  };
}

const stateOf = (row: Row): (typeof SHIFT_STATES)[number] => {
  if (row["closed_at"] !== null) return "closed";
  return numberOf(row, "is_left") === 1 ? "left" : "open";
};

const amendmentOf = (row: Row) => ({
  at: textOf(row, "captured_at"),
  kind: textOf(row, "kind"),
  receipt: textOf(row, "receipt"),
  currency: textOf(row, "currency"),
  totalMinor: numberOf(row, "total_minor"),
  tenders: z.array(tenderSchema).parse(JSON.parse(textOf(row, "tenders"))),
});
