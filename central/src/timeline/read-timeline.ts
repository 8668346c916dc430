/** What the journals hold about one customer, newest first: for whoever scrolls further than a profile remembers. */
import { eventSchema } from "@regulars/shared/events/event";
import type { CustomerId } from "@regulars/shared/ids";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import {
  entryOfEvent,
  type TimelinePage,
  type TimelinePlace,
} from "@regulars/shared/timeline/entry";

export interface TimelineQuery {
  /** Null: from the newest on. */
  readonly before: TimelinePlace | null;
  readonly limit: number;
}

/** Above every stamp. */
const NEWEST: TimelinePlace = { stamp: "~", event: "" };

/** Null when nobody has this id. */
export async function readTimeline(
  storage: Storage,
  asked: CustomerId,
  { before, limit }: TimelineQuery,
): Promise<TimelinePage | null> {
  const [known] = await rowsOf(
    storage,
    "select coalesce(redirect_to, id) as id from customer where id = ?",
    [asked],
  );
  if (!known) return null;
  const { stamp, event } = before ?? NEWEST;
  const rows = await rowsOf(storage, PAGE, [textOf(known, "id"), stamp, event, limit + 1]);
  const items = rows.slice(0, limit).flatMap((row) => {
    const parsed = eventSchema.safeParse(JSON.parse(textOf(row, "body")));
    const entry = parsed.success ? entryOfEvent(parsed.data) : null;
    return entry ? [{ stamp: textOf(row, "stamp"), entry }] : [];
  });
  return { items, more: rows.length > limit };
}

const STAMP = (event: string): string => `json_extract(${event}.body, '$.stamp')`;
const NAME = (event: string): string =>
  `${event}.source || '/' || ${event}.epoch || '/' || ${event}.seq`;

/**
 * Of each source record the newest that are old enough, by index: stamps of one writer grow with its numbers. Then of all of
 * them the newest.
 */
const PAGE = `
  select e.body, ${STAMP("e")} as stamp, ${NAME("e")} as name
  from source_record r
    join event e on e.source = r.source and e.epoch = r.epoch and e.seq in (
      select i.seq from event i
      where i.source = r.source and i.epoch = r.epoch and i.key = r.key
        and (${STAMP("i")}, ${NAME("i")}) < (?2, ?3)
      order by i.seq desc limit ?4)
  where r.customer = ?1
  order by stamp desc, name desc limit ?4`;
