/** All stores on one business day: how each stands, what came in, and what the edge knows that is not here. */
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { DayFigures, Severity } from "../../reconcile/found.ts";
import type { EdgeSight } from "../../watch/edge-watch.ts";
import {
  dayAfter,
  dayBefore,
  dayOf,
  daysOfDay,
  newestDay,
  newestSellingDay,
  readDay,
  storeDayOf,
  type StoreDayRow,
} from "../store-days.ts";
import { dayPlus } from "../day-words.ts";

export type OpenExceptions = Readonly<Record<Severity, number>>;

/** Rows of all of a store's journals, whatever their day. */
export interface Ladder {
  /** Durable at the edge; null where the edge has not told. */
  readonly atEdge: number | null;
  readonly here: number;
  readonly golden: number;
  /** When the edge accepted the store's newest row. */
  readonly lastSeenMs: number;
}

export interface StoreToday {
  readonly store: string;
  /** Null where nothing is known of the day: no row, no seal, no file. */
  readonly row: StoreDayRow | null;
  readonly lastWeek: DayFigures | null;
  readonly open: OpenExceptions;
  readonly ladder: Ladder | null;
  /** At the edge and not here; of whatever day they are. */
  readonly missing: number;
  /** When the oldest of what is not here yet became known; null where nothing is missing. */
  readonly missingSinceMs: number | null;
}

export interface Today {
  readonly day: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The newest day there is: what is not here yet may belong to it. */
  readonly isNewest: boolean;
  readonly stores: readonly StoreToday[];
}

export const NONE_OPEN: OpenExceptions = { info: 0, warning: 0, serious: 0 };

/** Of stores that have any, by way of their days. */
export const openOfDay = (day: string): Statement => ({
  sql: `select e.store, e.severity, count(*) as n from store_day d
        cross join exception e on e.store = d.store and e.business_day = d.business_day
        where d.business_day = ? and d.open_exceptions > 0 and e.state in ('open', 'explained')
        group by e.store, e.severity`,
  args: [day],
});

/** Every store that ever sent a row, with the first day that is known of it. */
export const knownStores = (): Statement => ({
  sql: `select w.store, sum(w.journaled) as here, sum(w.golden) as golden,
          max(w.last_seen_ms) as seen_ms,
          (select min(d.business_day) from store_day d where d.store = w.store) as first
        from writer w group by w.store order by w.store`,
});

/** Zones reach 14 hours ahead of UTC: no store's day is later than this. */
export const latestDay = (nowMs: number): string =>
  new Date(nowMs + 14 * 3_600_000).toISOString().slice(0, 10);

/** Null where nothing is known of any day. */
export async function readToday(
  storage: Storage,
  asked: string | null,
  { sight, nowMs }: { readonly sight: EdgeSight; readonly nowMs: number },
): Promise<Today | null> {
  const upTo = latestDay(nowMs);
  const newest =
    (await readDay(storage, newestSellingDay(upTo))) ?? (await readDay(storage, newestDay(upTo)));
  const day = asked ?? newest;
  if (day === null) return null;
  const [rows = [], week = [], open = [], known = [], before = [], after = []] = await storage.read(
    [
      daysOfDay(day),
      daysOfDay(dayPlus(day, -7)),
      openOfDay(day),
      knownStores(),
      dayBefore(day),
      dayAfter(day, latestDay(nowMs)),
    ],
  );
  const isNewest = newest === null || day >= newest;
  return {
    day,
    before: dayOf(before),
    after: dayOf(after),
    isNewest,
    stores: storesOf({ day, isNewest, rows, week, open, known, sight }),
  };
}

interface Read {
  readonly day: string;
  readonly isNewest: boolean;
  readonly rows: readonly Row[];
  readonly week: readonly Row[];
  readonly open: readonly Row[];
  readonly known: readonly Row[];
  readonly sight: EdgeSight;
}

function storesOf({ day, isNewest, rows, week, open, known, sight }: Read): StoreToday[] {
  const byStore = new Map(rows.map((row) => [textOf(row, "store"), storeDayOf(row)]));
  const weekBefore = new Map(week.map((row) => [textOf(row, "store"), storeDayOf(row).figures]));
  const exceptions = openByStore(open);
  const ladders = new Map(known.map((row) => [textOf(row, "store"), ladderOf(row, sight)]));
  // A store that came later had no such day.
  const there = known.filter((row) =>
    row["first"] === null ? isNewest : textOf(row, "first") <= day,
  );
  const names = new Set([...byStore.keys(), ...there.map((row) => textOf(row, "store"))]);
  if (isNewest) for (const store of sight.stores.keys()) names.add(store);
  return [...names].toSorted().map((store) => {
    const ladder = ladders.get(store) ?? null;
    const row = byStore.get(store) ?? null;
    return {
      store,
      row,
      lastWeek: weekBefore.get(store) ?? null,
      open: exceptions.get(store) ?? NONE_OPEN,
      ladder,
      ...missingOf(row, isNewest ? { store, here: ladder?.here ?? 0, sight } : null),
    };
  });
}

function openByStore(rows: readonly Row[]): Map<string, OpenExceptions> {
  const byStore = new Map<string, OpenExceptions>();
  for (const row of rows) {
    const store = textOf(row, "store");
    const counts = byStore.get(store) ?? NONE_OPEN;
    byStore.set(store, { ...counts, [textOf(row, "severity")]: numberOf(row, "n") });
  }
  return byStore;
}

function ladderOf(row: Row, sight: EdgeSight): Ladder {
  const at = sight.stores.get(textOf(row, "store"));
  return {
    atEdge: at ? at.terminals.reduce((sum, { accepted }) => sum + accepted, 0) : null,
    here: numberOf(row, "here"),
    golden: numberOf(row, "golden"),
    lastSeenMs: numberOf(row, "seen_ms"),
  };
}

/** By what the checks wait for, and, of the newest day, by what the edge has told since. */
function missingOf(
  row: StoreDayRow | null,
  edge: { readonly store: string; readonly here: number; readonly sight: EdgeSight } | null,
): Pick<StoreToday, "missing" | "missingSinceMs"> {
  const waited = row?.waiting.filter((each) => each.for === "rows") ?? [];
  const terminals = edge?.sight.stores.get(edge.store)?.terminals ?? [];
  const accepted = terminals.reduce((sum, terminal) => sum + terminal.accepted, 0);
  const tellMs = Math.min(...terminals.flatMap(({ notGoldenSinceMs }) => notGoldenSinceMs ?? []));
  // What came in a moment ago is on its way.
  const isLate = edge !== null && (edge.sight.seenMs ?? 0) - tellMs > PATIENCE_MS;
  const told = isLate ? Math.max(0, accepted - edge.here) : 0;
  const since = [...waited.map(({ sinceMs }) => sinceMs), ...(told === 0 ? [] : [tellMs])];
  const missing = Math.max(
    told,
    waited.reduce((sum, { count }) => sum + (count ?? 1), 0),
  );
  return { missing, missingSinceMs: since.length === 0 ? null : Math.min(...since) };
}

/** Worst first: what is in question, what is missing, what is silent, what waits; then what is complete. */
export function troubleOf({ row, open, missing }: StoreToday): number {
  if (row === null) return 4;
  if (row.state === "in_question") return open.serious > 0 || row.worst === "serious" ? 0 : 1;
  if (missing > 0) return 2;
  if (row.state === "complete") return 6;
  return isUnderWay(row) ? 5 : 3;
}

/** It waits for nothing but its own end. */
export const isUnderWay = ({ state, waiting }: StoreDayRow): boolean =>
  state === "waiting" && waiting.every((each) => each.for === "day_end");

/** From the edge to here takes seconds; more than this is for somebody to know. */
const PATIENCE_MS = 2 * 60_000;
