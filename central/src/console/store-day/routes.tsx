/** @jsxImportSource hono/jsx */
import { epochSchema, seqSchema, sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { csvResponse } from "../csv.ts";
import { type Column, tableFile } from "../data-table.tsx";
import { dayPlus } from "../day-words.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { daysOfStore, storeDayOf } from "../store-days.ts";
import { exceptionColumns, headColumns, headLines, terminalColumns } from "./day-tables.tsx";
import { dayColumns, DaysPage } from "./days-page.tsx";
import { MissingDayPage } from "./missing-page.tsx";
import { readRow } from "./read-row.ts";
import { readAllRows, readRows } from "./read-rows.ts";
import { readStoreDay, type StoreDay } from "./read-store-day.ts";
import { RowPage } from "./row-page.tsx";
import { rowColumns, RowsPage } from "./rows-page.tsx";
import {
  amendmentColumns,
  amendmentLines,
  shiftColumns,
  tenderColumns,
  tenderLines,
} from "./shift-tables.tsx";
import { placeOf, StoreDayPage } from "./store-day-page.tsx";
import { zoneOffsetMs } from "./zone.ts";

const dayPath = z.object({ store: storeIdSchema, day: z.iso.date() });
const rowPath = dayPath.extend({
  source: sourceIdSchema,
  epoch: z.coerce.number().pipe(epochSchema),
  seq: z.coerce.number().pipe(seqSchema),
});
const daysQuery = z.object({
  before: z.iso.date().default("9999-12-31"),
  csv: z.enum(["days"]).optional(),
});
const TABLES = ["exceptions", "shifts", "tenders", "amendments", "heads", "terminals"] as const;
const dayQuery = z.object({ csv: z.enum(TABLES).optional() });
const afterSchema = z.string().regex(/^[^/]{1,64}\/\d{1,16}\/\d{1,16}$/);
const rowsQuery = z.object({
  source: sourceIdSchema.optional(),
  epoch: z.coerce.number().pipe(epochSchema).optional(),
  kind: z.string().max(20).optional(),
  hour: z.coerce.number().int().min(0).max(23).optional(),
  late: z.literal("1").optional(),
  /** A row, or one that is missing, to begin a little before. */
  seq: z.coerce.number().pipe(seqSchema).optional(),
  after: afterSchema.optional(),
  csv: z.enum(["rows"]).optional(),
});

export interface StoreDayDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

export function storeDayRoutes({ storage, nowMs }: StoreDayDeps): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();

  app.get("/stores/:store", permit("days.read"), async (c) => {
    const page = pageOf(c);
    const store = parseRequest(storeIdSchema, c.req.param("store"));
    const { before, csv } = parseRequest(daysQuery, c.req.query());
    const limit = csv === undefined ? LIMITS.pageDaysRows : LIMITS.fileRows;
    const [found = []] = await storage.read([daysOfStore(store, before, limit + 1)]);
    const days = found.slice(0, limit).map(storeDayOf);
    if (csv !== undefined) return file(c, `days-${store}`, dayColumns(nowMs()), days);
    if (days.length === 0) return c.html(<MissingDayPage page={page} store={store} />, 404);
    const next = found.length > limit ? (days.at(-1)?.day ?? null) : null;
    return c.html(<DaysPage {...{ page, store, days, next, nowMs: nowMs() }} />);
  });

  app.get("/stores/:store/:day", permit("days.read"), async (c) => {
    const page = pageOf(c);
    const { store, day } = parseRequest(dayPath, c.req.param());
    const { csv } = parseRequest(dayQuery, c.req.query());
    const of = await readStoreDay(storage, store, day);
    if (of === null) return c.html(<MissingDayPage page={page} store={store} day={day} />, 404);
    if (csv !== undefined) return tableOf(c, of, csv, nowMs());
    return c.html(<StoreDayPage page={page} of={of} nowMs={nowMs()} />);
  });

  app.get("/stores/:store/:day/rows", permit("days.read"), async (c) => {
    const page = pageOf(c);
    const { store, day } = parseRequest(dayPath, c.req.param());
    const query = parseRequest(rowsQuery, c.req.query());
    const of = await readStoreDay(storage, store, day);
    if (of === null) return c.html(<MissingDayPage page={page} store={store} day={day} />, 404);
    const place = placeOf(of, nowMs());
    const asked = {
      store,
      day,
      source: query.source ?? null,
      epoch: query.epoch ?? null,
      kind: query.kind ?? null,
      hour: query.hour === undefined ? null : { hour: query.hour, offsetMs: offsetOf(of) },
      isLate: query.late !== undefined,
    };
    if (query.csv !== undefined) {
      const rows = await readAllRows(storage, asked);
      return file(c, `rows-${store}-${day}`, rowColumns(place), rows);
    }
    const rows = await readRows(storage, {
      ...asked,
      after: afterOf(query),
      limit: LIMITS.pageRows,
    });
    const { terminals } = of;
    return c.html(<RowsPage {...{ page, place, terminals, filter: query, rows }} />);
  });

  app.get("/stores/:store/:day/rows/:source/:epoch/:seq", permit("days.read"), async (c) => {
    const { store, day, ...asked } = parseRequest(rowPath, c.req.param());
    const row = await readRow(storage, store, asked);
    const zone = row?.event?.zone ?? null;
    const place = { store, day, zone, nowMs: nowMs() };
    return c.html(
      <RowPage {...{ page: pageOf(c), place, asked, row }} />,
      row === null ? 404 : 200,
    );
  });

  return app;
}

/** At noon: on the two days of a year on which clocks change, hours before that are off by one. */
const offsetOf = ({ day, zone }: StoreDay): number =>
  zoneOffsetMs(zone, Date.parse(`${dayPlus(day, 0)}T12:00:00Z`));

const ROWS_BEFORE = 8;

function afterOf({ after, source, epoch, seq }: z.infer<typeof rowsQuery>) {
  if (after !== undefined) return keyOf(after);
  if (source === undefined || epoch === undefined || seq === undefined) return null;
  return seq > ROWS_BEFORE ? { source, epoch, seq: seq - ROWS_BEFORE } : null;
}

function keyOf(text: string) {
  const [source = "", epoch, seq] = text.split("/");
  return { source, epoch: Number(epoch), seq: Number(seq) };
}

function tableOf(
  c: Context<ConsoleEnv>,
  of: StoreDay,
  table: (typeof TABLES)[number],
  atMs: number,
): Response {
  const place = placeOf(of, atMs);
  const name = `${table}-${of.store}-${of.day}`;
  switch (table) {
    case "exceptions":
      return file(c, name, exceptionColumns(place), of.exceptions);
    case "shifts":
      return file(c, name, shiftColumns(place), of.shifts);
    case "tenders":
      return file(c, name, tenderColumns(), tenderLines(of.shifts));
    case "amendments":
      return file(c, name, amendmentColumns(place), amendmentLines(of.shifts, of.otherAmendments));
    case "heads":
      return file(c, name, headColumns(place), headLines(of.seals));
    case "terminals":
      return file(c, name, terminalColumns(place), of.terminals);
  }
}

function file<Of>(
  c: Context<ConsoleEnv>,
  name: string,
  columns: readonly Column<Of>[],
  rows: readonly Of[],
): Response {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
  return csvResponse(name, tableFile(columns, rows));
}
