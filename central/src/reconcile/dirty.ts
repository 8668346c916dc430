/**
 * Marks on store-days that something new is known about: whoever writes of a day marks it in the same write. The first mark stays,
 * so that a day is not put off by each new row; the count tells a check what came while it ran.
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";

export interface StoreDayKey {
  readonly store: string;
  readonly businessDay: string;
}

/** To be checked at `dueMs`: now, for a Z, a seal, a file or a word; a while later for rows, more of which will follow. */
export const markDirty = (days: readonly StoreDayKey[], dueMs: number): Statement =>
  marked("select value ->> 0 as store, value ->> 1 as business_day from json_each(?1)", [
    JSON.stringify(days.map(({ store, businessDay }) => [store, businessDay])),
    dueMs,
  ]);

/** ?2 is when they are due. */
const marked = (days: string, args: readonly [string, number]): Statement => ({
  sql: `insert into store_day (store, business_day, state, since_ms, dirty_ms, dirty_count)
    select store, business_day, 'waiting', ?2, ?2, 1
    from (${days}) where store is not null and business_day is not null
    on conflict do update set dirty_count = dirty_count + 1,
      dirty_ms = case when dirty_ms is null or dirty_ms > excluded.dirty_ms then excluded.dirty_ms else dirty_ms end`,
  args,
});

/**
 * Days of a store from which on card payments are expected in files, and those before that a file may reach back to: whoever
 * imports a file with lines of `firstDay` marks them all.
 */
export const markSettled = (store: string, firstDay: string, dueMs: number): Statement =>
  marked(
    `select store, business_day from store_day
     where store = ?1 ->> 0 and business_day >= date(?1 ->> 1, '-' || ${LIMITS.settlementDays} || ' days')`,
    [JSON.stringify([store, firstDay]), dueMs],
  );
