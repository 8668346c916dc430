/** How store-days stand, for programs: a day of all stores, and one store-day with its exceptions. */
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { z } from "zod";
import { parseRequest, Refused } from "../problem-answer.ts";

const listSchema = z.object({
  day: z.iso.date(),
  /** `next` of the answer before. */
  after: storeIdSchema.optional(),
});
const oneSchema = z.object({ store: storeIdSchema, day: z.iso.date() });

export function storeDayRoutes(storage: Storage): Hono {
  const routes = new Hono();
  routes.get("/", async (c) => {
    const { day, after = "" } = parseRequest(listSchema, c.req.query());
    const [rows = []] = await storage.read([storeDaysQuery(day, after)]);
    const page = rows.slice(0, LIMITS.storeDayRows);
    const last = page.at(-1);
    const next = rows.length > page.length && last ? textOf(last, "store") : null;
    return c.json({ storeDays: page.map((row) => storeDayOf(row)), next });
  });
  routes.get("/:store/:day", async (c) => {
    const { store, day } = parseRequest(oneSchema, c.req.param());
    const [[row] = [], exceptions = []] = await storage.read([
      storeDayQuery(store, day),
      exceptionsQuery(store, day),
    ]);
    if (!row) throw new Refused("not_found");
    return c.json({ ...storeDayOf(row), exceptions: exceptions.map((each) => exceptionOf(each)) });
  });
  return routes;
}

const COLUMNS = `store, business_day, state, since_ms, checked_ms, dirty_ms, zone, waiting, figures,
  open_exceptions, worst`;

export const storeDaysQuery = (day: string, after: string): Statement => ({
  sql: `select ${COLUMNS} from store_day indexed by store_day_by_day
    where business_day = ? and store > ? order by store limit ?`,
  args: [day, after, LIMITS.storeDayRows + 1],
});

export const storeDayQuery = (store: string, day: string): Statement => ({
  sql: `select ${COLUMNS} from store_day where store = ? and business_day = ?`,
  args: [store, day],
});

export const exceptionsQuery = (store: string, day: string): Statement => ({
  sql: `select n, kind, severity, state, source, epoch, seq, currency, amount_minor, evidence, opened_ms,
      changed_ms, version
    from exception indexed by exception_day where store = ? and business_day = ? order by n limit ?`,
  args: [store, day, LIMITS.storeDayRows],
});

const storeDayOf = (row: Row) => ({
  store: textOf(row, "store"),
  businessDay: textOf(row, "business_day"),
  state: textOf(row, "state"),
  sinceMs: numberOf(row, "since_ms"),
  /** Null before the first check. */
  checkedMs: row["checked_ms"],
  /** When it is checked next; null where nothing is new. */
  dueMs: row["dirty_ms"],
  zone: row["zone"],
  waiting: jsonIn(row, "waiting"),
  figures: jsonIn(row, "figures"),
  openExceptions: numberOf(row, "open_exceptions"),
  worst: row["worst"],
});

const exceptionOf = (row: Row) => ({
  n: numberOf(row, "n"),
  kind: textOf(row, "kind"),
  severity: textOf(row, "severity"),
  state: textOf(row, "state"),
  source: row["source"],
  epoch: row["epoch"],
  seq: row["seq"],
  currency: row["currency"],
  amountMinor: row["amount_minor"],
  evidence: jsonIn(row, "evidence"),
  openedMs: numberOf(row, "opened_ms"),
  changedMs: numberOf(row, "changed_ms"),
  version: numberOf(row, "version"),
});

const jsonIn = (row: Row, column: string): unknown => JSON.parse(textOf(row, column));
