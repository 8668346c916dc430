/**
 * Lists of exceptions, page by page: by a key that stands in the list, so that a page stays where it is while others work. Each
 * is found by an index: what is to do by the partial index of unfinished ones, all else by the most telling filter.
 */
import type { Row, SqlValue, Statement, Storage } from "@regulars/shared/storage/port";
import { z } from "zod";
import { type Filters, isWork, NOBODY } from "./filters.ts";
import { EXCEPTION_COLUMNS, exceptionOf, SEVERITIES, type StoredException } from "./read.ts";
import type { Severity } from "../found.ts";

/** Where an exception stands in its list. */
export interface Place {
  readonly severity: Severity;
  readonly openedMs: number;
  readonly n: number;
}

export interface ListRange {
  /** Not included; null: from the start. */
  readonly from: Place | null;
  readonly direction: "after" | "before";
  readonly limit: number;
}

export interface ExceptionsPage {
  readonly exceptions: readonly StoredException[];
  /** For the next page; null where there is none. */
  readonly next: string | null;
}

export async function readExceptions(
  storage: Storage,
  filters: Filters,
  { after, limit }: { readonly after: Place | null; readonly limit: number },
): Promise<ExceptionsPage> {
  const found = await readRange(storage, filters, {
    from: after,
    direction: "after",
    limit: limit + 1,
  });
  const exceptions = found.slice(0, limit);
  const last = exceptions.at(-1);
  return { exceptions, next: found.length > limit && last ? placeText(last) : null };
}

/** The ones beside it, whether or not it is still in the list itself. */
export async function readNeighbours(
  storage: Storage,
  filters: Filters,
  of: Place,
): Promise<{ next: number | null; previous: number | null }> {
  const beside = async (direction: ListRange["direction"]): Promise<number | null> => {
    const [found] = await readRange(storage, filters, { from: of, direction, limit: 1 });
    return found?.n ?? null;
  };
  return { next: await beside("after"), previous: await beside("before") };
}

async function readRange(
  storage: Storage,
  filters: Filters,
  range: ListRange,
): Promise<StoredException[]> {
  const parts = await storage.read(listQueries(filters, range));
  const rows: Row[] = parts.flat();
  return rows.slice(0, range.limit).map((row) => exceptionOf(row));
}

/** In the order of their rows; exported for tests of their plans. */
export function listQueries(filters: Filters, range: ListRange): Statement[] {
  return isWork(filters) ? workQueries(filters, range) : [logQuery(filters, range)];
}

/** One query for each severity: each is read off the index in order, and stops at the limit. */
function workQueries(filters: Filters, { from, direction, limit }: ListRange): Statement[] {
  const [sign, order, severities] =
    direction === "after" ? [">", "asc", SEVERITIES] : ["<", "desc", SEVERITIES.toReversed()];
  const start = from === null ? 0 : severities.indexOf(from.severity);
  return severities.slice(start).flatMap((severity) => {
    if (filters.severity !== undefined && filters.severity !== severity) return [];
    const narrowed = conditionsOf({ ...filters, severity: undefined }, null);
    const isFrom = from !== null && from.severity === severity;
    return {
      sql: `select ${EXCEPTION_COLUMNS} from exception e indexed by exception_work
        where e.state in ('open', 'explained') and e.severity = ?
        ${isFrom ? `and (e.opened_ms, e.n) ${sign} (?, ?)` : ""} ${narrowed.sql}
        order by e.opened_ms ${order}, e.n ${order} limit ?`,
      args: [severity, ...(isFrom ? [from.openedMs, from.n] : []), ...narrowed.args, limit],
    };
  });
}

function logQuery(filters: Filters, { from, direction, limit }: ListRange): Statement {
  const [sign, order] = direction === "after" ? ["<", "desc"] : [">", "asc"];
  const narrowed = conditionsOf(filters, leadOf(filters));
  return {
    sql: `select ${EXCEPTION_COLUMNS} from exception e
      where true ${from === null ? "" : `and e.n ${sign} ?`} ${narrowed.sql}
      order by e.n ${order} limit ?`,
    args: [...(from === null ? [] : [from.n]), ...narrowed.args, limit],
  };
}

type Lead = "store" | "day" | "kind" | "assignee" | "state" | null;

/** The filter whose index finds the rows: it is the one that leaves the fewest. */
function leadOf({ store, day, kind, assignee, state }: Filters): Lead {
  if (store !== undefined) return "store";
  if (day !== undefined) return "day";
  if (kind !== undefined) return "kind";
  if (assignee !== undefined && assignee !== NOBODY) return "assignee";
  return state === "all" ? null : "state";
}

/** A plus before a column keeps the planner from its index. */
function conditionsOf(filters: Filters, lead: Lead): { sql: string; args: SqlValue[] } {
  const { state, severity, kind, store, day, assignee } = filters;
  const conditions: string[] = [];
  const args: SqlValue[] = [];
  const equals = (column: string, value: string | undefined, isLead: boolean): void => {
    if (value === undefined) return;
    conditions.push(`and ${isLead ? "" : "+"}e.${column} = ?`);
    args.push(value);
  };
  equals("store", store, lead === "store");
  equals("business_day", day, lead === "store" || lead === "day");
  equals("kind", kind, lead === "kind");
  equals("severity", severity, false);
  if (assignee === NOBODY) conditions.push("and +e.assignee is null");
  else equals("assignee", assignee, lead === "assignee");
  if (state !== "todo" && state !== "all") equals("state", state, lead === "state");
  return { sql: conditions.join(" "), args };
}

/** `serious.1795663100560.12` */
export const placeText = ({ severity, openedMs, n }: Place): string =>
  `${severity}.${openedMs}.${n}`;

export function placeOf(text: string): Place | null {
  const match = /^(serious|warning|info)\.(\d{1,15})\.(\d{1,15})$/.exec(text);
  const severity = SEVERITIES.find((each) => each === match?.[1]);
  return match && severity ? { severity, openedMs: Number(match[2]), n: Number(match[3]) } : null;
}

/** How many are to do, by severity, and for this person: all of the partial index, and nothing else. */
export const countsQuery = (person: string): Statement => ({
  sql: `select count(*) filter (where severity = 'serious') as serious,
      count(*) filter (where severity = 'warning') as warning, count(*) filter (where severity = 'info') as info,
      count(*) filter (where assignee = ?1) as mine,
      count(*) filter (where state = 'explained' and explained_by <> ?1) as toApprove
    from exception indexed by exception_work where state in ('open', 'explained')`,
  args: [person],
});

const countsRow = z.object({
  serious: z.int(),
  warning: z.int(),
  info: z.int(),
  mine: z.int(),
  /** Explained by others. */
  toApprove: z.int(),
});
export type Counts = z.infer<typeof countsRow>;

export async function readCounts(storage: Storage, person: string): Promise<Counts> {
  const [[row] = []] = await storage.read([countsQuery(person)]);
  return countsRow.parse(row);
}
