/** Marks on store-days that something new is known about: whoever writes of a day marks it in the same write. */
import type { Statement } from "@regulars/shared/storage/port";

export interface StoreDayKey {
  readonly store: string;
  readonly businessDay: string;
}

/** The first mark stays, so that a day is not put off by each new row; the count tells a check what came while it ran. */
export const markDirty = (days: readonly StoreDayKey[], nowMs: number): Statement => ({
  sql: `insert into store_day (store, business_day, state, since_ms, dirty_ms, dirty_count)
    select value ->> 0, value ->> 1, 'waiting', ?2, ?2, 1 from json_each(?1) where true
    on conflict do update set dirty_ms = coalesce(dirty_ms, excluded.dirty_ms), dirty_count = dirty_count + 1`,
  args: [JSON.stringify(days.map(({ store, businessDay }) => [store, businessDay])), nowMs],
});
