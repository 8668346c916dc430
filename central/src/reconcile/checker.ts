/** Checks store-days as data arrives, in the background: those that are due first, with rests in which the intake has the thread. */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { type Background, type BackgroundDeps, createBackground } from "../background.ts";
import { checkStoreDay } from "./check-day.ts";
import type { StoreDayKey } from "./dirty.ts";

export interface CheckerDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  /** Resolved after some milliseconds. */
  readonly wait: (forMs: number) => Promise<void>;
}

export const nextDueQuery = (): Statement => ({
  sql: `select store, business_day, dirty_ms from store_day indexed by store_day_dirty
    where dirty_ms is not null order by dirty_ms limit 1`,
});

const postponeStatement = ({ store, businessDay }: StoreDayKey, dueMs: number): Statement => ({
  sql: "update store_day set dirty_ms = ? where store = ? and business_day = ?",
  args: [dueMs, store, businessDay],
});

/** `kick` when something may be due; it wakes by itself when what is marked becomes due. */
export function createChecker(deps: CheckerDeps): Background {
  const { storage, nowMs, later } = deps;
  let callOff: (() => void) | null = null;
  let isClosed = false;
  const background = createBackground(onePage, deps);

  async function onePage(): Promise<boolean> {
    const { sql } = nextDueQuery();
    const [row] = await rowsOf(storage, sql);
    if (!row) return false;
    const inMs = numberOf(row, "dirty_ms") - nowMs();
    if (inMs > 0) {
      wakeIn(inMs);
      return false;
    }
    const day = { store: textOf(row, "store"), businessDay: textOf(row, "business_day") };
    const rest = restOf(deps);
    try {
      await checkStoreDay({ storage, nowMs, rest }, day);
    } catch (error) {
      // The others are not to wait for a day that cannot be checked.
      await storage.write([postponeStatement(day, nowMs() + LIMITS.retryMaxMs)]);
      throw error;
    }
    await rest();
    return true;
  }

  function wakeIn(ms: number): void {
    callOff?.();
    if (isClosed) return;
    // No timer is longer: it would fire at once.
    callOff = later(Math.min(ms, LONGEST_TIMER_MS), () => void background.kick());
  }

  return {
    kick: () => background.kick(),
    async close() {
      isClosed = true;
      callOff?.();
      await background.close();
    },
  };
}

const LONGEST_TIMER_MS = 3_600_000;

/** Rests as many times as long as was worked since the last rest: checks of a busy day take a small part of the thread. */
function restOf({ nowMs, wait }: CheckerDeps): () => Promise<void> {
  let sinceMs = nowMs();
  return async () => {
    await wait((nowMs() - sinceMs) * LIMITS.checkRestTimes);
    sinceMs = nowMs();
  };
}
