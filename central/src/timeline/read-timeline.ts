/** What the journals hold about one customer, newest first: for whoever scrolls further than a profile remembers. */
import { clockOfStamp } from "@regulars/shared/clock";
import { eventSchema } from "@regulars/shared/events/event";
import type { CustomerId } from "@regulars/shared/ids";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import {
  entryOfEvent,
  type TimelinePage,
  type TimelinePlace,
} from "@regulars/shared/timeline/entry";
import { bodyColumns, bodyOf } from "../db/event-body.ts";

export interface TimelineQuery {
  /** Null: from the newest on. */
  readonly before: TimelinePlace | null;
  readonly limit: number;
}

/** Above every stamp. */
const NEWEST = { ms: Number.MAX_SAFE_INTEGER, counter: 0 };

/** Null when nobody has this id. */
export async function readTimeline(
  storage: Storage,
  asked: CustomerId,
  { before, limit }: TimelineQuery,
): Promise<TimelinePage | null> {
  const { ms, counter } = before ? clockOfStamp(before.stamp) : NEWEST;
  const from = [asked, ms, counter, before?.event ?? "", limit + 1];
  const rows = await rowsOf(storage, PAGE, from);
  // Whoever has an event has an id.
  if (rows.length === 0 && !(await isKnown(storage, asked))) return null;
  const items = rows.slice(0, limit).flatMap((row) => {
    const parsed = eventSchema.safeParse(JSON.parse(bodyOf(row)));
    const entry = parsed.success ? entryOfEvent(parsed.data) : null;
    return parsed.success && entry ? [{ stamp: parsed.data.stamp, entry }] : [];
  });
  return { items, more: rows.length > limit };
}

async function isKnown(storage: Storage, id: CustomerId): Promise<boolean> {
  return (await rowsOf(storage, "select 1 from customer where id = ?", [id])).length > 0;
}

const MS = (event: string): string => `${event}.at_ms + ${event}.stamp_ahead_ms`;
const NAME = (event: string): string =>
  `${event}.source || '/' || ${event}.epoch || '/' || ${event}.seq`;

/**
 * Of each source record the newest that are old enough, by index: stamps of one writer grow with its numbers. Then of all of
 * them the newest.
 */
const PAGE = `
  select ${bodyColumns("e")}
  from source_record r
    join event e on e.source = r.source and e.epoch = r.epoch and e.seq in (
      select i.seq from event i
      where i.source = r.source and i.epoch = r.epoch and i.key_tail = substr(r.key, -8)
        and i.key = r.key
        and (${MS("i")}, i.stamp_counter, ${NAME("i")}) < (?2, ?3, ?4)
      order by i.seq desc limit ?5)
  where r.customer = (select coalesce(redirect_to, id) from customer where id = ?1)
  order by ${MS("e")} desc, e.stamp_counter desc, ${NAME("e")} desc limit ?5`;
