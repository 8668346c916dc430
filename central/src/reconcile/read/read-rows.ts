/** The rows of a store-day, page by page, in the order of their keys; each as small as the checks can do with. */
import { hash } from "node:crypto";
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { bodyColumns, bodyOf } from "../../db/event-body.ts";
import { hexOf } from "../../db/packed.ts";
import type { DayRow, Place } from "../checks/store-day.ts";

/** What `dayRowOf` reads; `of` is the alias of the table. */
export const dayColumns = (of: string): string =>
  `${bodyColumns(of)}, ${[
    "accepted_ms",
    "received_ms",
    "offset_ms",
    "external_id",
    "quarantined",
    "prev",
    "hash",
  ]
    .map((column) => `${of}.${column}`)
    .join(", ")}`;

export const rowsPage = (
  store: string,
  businessDay: string,
  after: Place,
  limit: number,
): Statement => ({
  sql: `select ${dayColumns("event")} from event indexed by event_day
    where store = ?1 and business_day = ?2 and (source, epoch, seq) > (?3, ?4, ?5)
    order by source, epoch, seq limit ?6`,
  args: [store, businessDay, after.source, after.epoch, after.seq, limit],
});

export async function readRows(
  storage: Storage,
  store: string,
  businessDay: string,
  rest: () => Promise<void>,
): Promise<DayRow[]> {
  const rows: DayRow[] = [];
  let after: Place = { source: "", epoch: 0, seq: 0 };
  for (;;) {
    const [page = []] = await storage.read([
      rowsPage(store, businessDay, after, LIMITS.checkPageRows),
    ]);
    for (const row of page) rows.push(dayRowOf(row));
    const last = rows.at(-1);
    if (!last || page.length < LIMITS.checkPageRows) return rows;
    after = last;
    await rest();
  }
}

/**
 * Rows without a day that stand behind rows of this one in their journals, or before the first row of one that is of this day.
 */
export const unreadableRows = (
  store: string,
  businessDay: string,
  writers: readonly Omit<Place, "seq">[],
): Statement => ({
  sql: `select ${dayColumns("r")} from (
      select q.*, coalesce(
        (select b.business_day from event b where b.source = q.source and b.epoch = q.epoch and b.seq < q.seq
           and b.business_day is not null order by b.seq desc limit 1),
        (select a.business_day from event a where a.source = q.source and a.epoch = q.epoch and a.seq > q.seq
           and a.business_day is not null order by a.seq limit 1)) as stands_in
      from json_each(?3) k
      cross join event q indexed by event_quarantined on q.source = k.value ->> 0 and q.epoch = k.value ->> 1
      where q.quarantined is not null and q.business_day is null and q.store = ?1) r
    where stands_in = ?2`,
  args: [store, businessDay, JSON.stringify(writers.map(({ source, epoch }) => [source, epoch]))],
});

export function dayRowOf(row: Row): DayRow {
  const body = bodyOf(row);
  const prev = hexOf(row, "prev");
  const stored = hexOf(row, "hash");
  const event = readEvent(body, row);
  const isNamed = row["external_id"] !== null && event !== null;
  const content = isNamed ? contentOf(event) : null;
  return {
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    prev,
    hash: stored,
    isWhole: hash("sha256", `${prev}\n${body}`, "hex") === stored,
    acceptedMs: numberOf(row, "accepted_ms"),
    receivedMs: numberOf(row, "received_ms"),
    offsetMs: numberOf(row, "offset_ms"),
    key: row["key"] === null ? null : textOf(row, "key"),
    quarantined: row["quarantined"] === null ? null : textOf(row, "quarantined"),
    event: event && withoutLines(event),
    content,
  };
}

/** Null also where it is an event of another place: nobody knows then what it is. */
function readEvent(body: string, row: Row): RegularsEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = eventSchema.safeParse(json);
  if (!parsed.success) return null;
  const event = parsed.data;
  const isHere =
    event.source === row["source"] && event.epoch === row["epoch"] && event.seq === row["seq"];
  return isHere ? event : null;
}

function contentOf({ kind, body }: RegularsEvent): string {
  const { receipt: _receipt, ...rest } = { receipt: null, ...body };
  return hash("sha256", JSON.stringify([kind, rest]), "base64url");
}

/** Most of a day is lines, and no check reads them: totals were made of them where they were captured (CAP5). */
function withoutLines(event: RegularsEvent): RegularsEvent {
  switch (event.kind) {
    case "sale":
      return { ...event, body: { ...event.body, lines: [] } };
    case "return":
      return { ...event, body: { ...event.body, lines: [] } };
    case "adjustment":
      return { ...event, body: { ...event.body, lines: [] } };
    default:
      return event;
  }
}
