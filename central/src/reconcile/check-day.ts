/** One store-day checked: read, judged, and written with its exceptions in one write. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { checkDay } from "./checks/checks.ts";
import { dayFigures } from "./checks/day-figures.ts";
import { firstOverdueMs } from "./checks/open-shifts.ts";
import type { StoreDay } from "./checks/store-day.ts";
import { waitingOf } from "./checks/waiting.ts";
import { firstAheadMs } from "./checks/z-report.ts";
import type { StoreDayKey } from "./dirty.ts";
import { fileFound, standingOfRow, standingQuery } from "./exceptions/file-found.ts";
import { type Check, KINDS, type Waiting } from "./found.ts";
import { readStoreDay } from "./read/read-store-day.ts";
import { type DayStanding, standingOf } from "./store-day-state.ts";

/** All but what compares this database with others. */
const CHECKS: readonly Check[] = [
  ...new Set(Object.values(KINDS).map(({ check }) => check)),
].filter((check) => check !== "journal");

export interface CheckDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly rest: () => Promise<void>;
}

/** A person may be quicker with one of its exceptions; a third time in a row nobody is. */
const TRIES = 3;

/** Rejects when the database cannot be read or written; the day is then as dirty as before. */
export async function checkStoreDay(deps: CheckDeps, key: StoreDayKey): Promise<DayStanding> {
  const { storage } = deps;
  const nowMs = deps.nowMs();
  const dirtyCount = await dirtyCountOf(storage, key);
  const day = await readStoreDay({ ...deps, nowMs }, key.store, key.businessDay);
  const found = checkDay(day);
  for (let tries = 1; ; tries += 1) {
    const [rows = []] = await storage.read([standingQuery(key)]);
    const standing = rows.map((row) => standingOfRow(row));
    const filed = fileFound({ day: key, checks: CHECKS, found, standing, nowMs });
    const state = standingOf(waitingOf(day), filed.after);
    try {
      await storage.write([...filed.statements, dayStatement(day, state, dirtyCount)]);
      return state;
    } catch (error) {
      if (tries === TRIES || !(await hasChanged(storage, key, standing))) throw error;
    }
  }
}

async function dirtyCountOf(storage: Storage, { store, businessDay }: StoreDayKey) {
  const [row] = await rowsOf(
    storage,
    "select dirty_count from store_day where store = ? and business_day = ?",
    [store, businessDay],
  );
  return row ? numberOf(row, "dirty_count") : 0;
}

async function hasChanged(
  storage: Storage,
  key: StoreDayKey,
  standing: readonly { readonly n: number; readonly version: number }[],
): Promise<boolean> {
  const versions = new Map(standing.map(({ n, version }) => [n, version]));
  const { sql, args = [] } = standingQuery(key);
  const rows = await rowsOf(storage, sql, args);
  return rows.some((row) => versions.get(numberOf(row, "n")) !== numberOf(row, "version"));
}

/** When time alone may change it: at its end, and when what is waited for becomes a question. */
function nextMsOf(day: StoreDay, waiting: readonly Waiting[]): number | null {
  const { nowMs, endMs } = day;
  const isOpen = waiting.some((each) => each.for === "day_end") || nowMs < endMs;
  const times = [isOpen ? endMs : [], firstOverdueMs(day) ?? [], firstAheadMs(day) ?? []].flat();
  return times.length === 0 ? null : Math.min(...times);
}

/** The mark goes unless more came meanwhile; a day that waits for its end is looked at again then. */
function dayStatement(day: StoreDay, standing: DayStanding, dirtyCount: number): Statement {
  const waiting = waitingOf(day);
  const nextMs = nextMsOf(day, waiting);
  return {
    sql: `insert into store_day (store, business_day, state, since_ms, checked_ms, zone, waiting, figures,
        open_exceptions, worst, dirty_ms)
      values (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      on conflict do update set state = excluded.state,
        since_ms = case when state = excluded.state then since_ms else excluded.since_ms end,
        checked_ms = excluded.checked_ms, zone = excluded.zone, waiting = excluded.waiting,
        figures = excluded.figures, open_exceptions = excluded.open_exceptions, worst = excluded.worst,
        dirty_ms = case when dirty_count = ?11 then ?10 else dirty_ms end`,
    args: [
      day.store, day.businessDay, standing.state, day.nowMs, day.zone, JSON.stringify(waiting),
      JSON.stringify(dayFigures(day)), standing.openExceptions, standing.worst, nextMs, dirtyCount,
    ], // prettier-ignore
  };
}
