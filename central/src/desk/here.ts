/** What is set aside at the centre: rows of journals that are in quarantine, and dead letters. */
import { epochSchema, seqSchema, sourceIdSchema } from "@regulars/shared/ids";
import { numberOf, type Row, type Statement, type Storage, textOf } from "@regulars/shared/storage/port"; // prettier-ignore
import { z } from "zod";
import { bodyColumns, bodyOf } from "../db/event-body.ts";

export const hereCauseSchema = z.object({
  of: z.enum(["event", "letter"]),
  code: z.string().regex(/^[a-z_]{1,40}$/),
});
export type HereCause = z.infer<typeof hereCauseSchema>;

export interface HereGroup extends HereCause {
  readonly items: number;
  readonly oldestMs: number;
  readonly stores: readonly string[];
}

export interface HereItem {
  /** `event/source/epoch/seq`, or `letter/n`. */
  readonly name: string;
  readonly code: string;
  readonly store: string | null;
  readonly source: string;
  readonly epoch: number;
  /** A row's number, or the identity key of a fragment. */
  readonly item: string;
  readonly sinceMs: number;
}

const STORES_SHOWN = 5;

export const eventGroups = (): Statement => ({
  sql: `select quarantined as code, count(*) as items, min(received_ms) as oldest,
          json_group_array(distinct store) as stores
        from event indexed by event_quarantined where quarantined is not null
        group by quarantined`,
});
export const letterGroups = (): Statement => ({
  sql: `select code, count(*) as items, min(received_ms) as oldest,
          json_group_array(distinct payload ->> 'store') as stores
        from intake_problem group by code`,
});

export async function readHereGroups(storage: Storage): Promise<HereGroup[]> {
  const [events = [], letters = []] = await storage.read([eventGroups(), letterGroups()]);
  return [
    ...events.map((row) => groupOf(row, "event")),
    ...letters.map((row) => groupOf(row, "letter")),
  ];
}

const groupOf = (row: Row, of: HereCause["of"]): HereGroup => ({
  of,
  code: textOf(row, "code"),
  items: numberOf(row, "items"),
  oldestMs: numberOf(row, "oldest"),
  stores: z
    .array(z.string().nullable())
    .parse(JSON.parse(textOf(row, "stores")))
    .flatMap((store) => store ?? [])
    .toSorted()
    .slice(0, STORES_SHOWN),
});

/** Where a page of items goes on: of events their place, of letters their number. */
export const eventsOfCause = (
  code: string,
  { source, epoch, seq }: { source: string; epoch: number; seq: number },
  limit: number,
): Statement => ({
  sql: `select source, epoch, seq, store, quarantined, received_ms from event indexed by event_quarantined
        where quarantined is not null and quarantined = ? and (source, epoch, seq) > (?, ?, ?)
        order by source, epoch, seq limit ?`,
  args: [code, source, epoch, seq, limit],
});
export const lettersOfCause = (code: string, n: number, limit: number): Statement => ({
  sql: `select n, source, epoch, item, code, payload ->> 'store' as store, received_ms
        from intake_problem where n > ? and code = ? order by n limit ?`,
  args: [n, code, limit],
});

export async function readHereItems(
  storage: Storage,
  { of, code }: HereCause,
  after: string | null,
  limit: number,
): Promise<{ readonly items: HereItem[]; readonly next: string | null }> {
  const at = after === null ? null : parseName(after);
  const place = at && "seq" in at ? at : { source: "", epoch: 0, seq: 0 };
  const statement =
    of === "event"
      ? eventsOfCause(code, place, limit + 1)
      : lettersOfCause(code, at && "n" in at ? at.n : 0, limit + 1);
  const [rows = []] = await storage.read([statement]);
  const items = rows.slice(0, limit).map((row) => (of === "event" ? eventOf(row) : letterOf(row)));
  return { items, next: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
}

const eventOf = (row: Row): HereItem => {
  const [source, epoch, seq] = [textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq")]; // prettier-ignore
  return {
    name: `event/${source}/${epoch}/${seq}`,
    code: textOf(row, "quarantined"),
    store: textOf(row, "store"),
    source,
    epoch,
    item: String(seq),
    sinceMs: numberOf(row, "received_ms"),
  };
};
const letterOf = (row: Row): HereItem => ({
  name: `letter/${numberOf(row, "n")}`,
  code: textOf(row, "code"),
  store: row["store"] === null ? null : textOf(row, "store"),
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  item: textOf(row, "item"),
  sinceMs: numberOf(row, "received_ms"),
});

type Name = { readonly source: string; readonly epoch: number; readonly seq: number } | { readonly n: number }; // prettier-ignore

const eventNameSchema = z.object({
  source: sourceIdSchema,
  epoch: z.coerce.number().pipe(epochSchema),
  seq: z.coerce.number().pipe(seqSchema),
});

/** Null for what names nothing. */
export function parseName(name: string): Name | null {
  const [kind, first, epoch, seq, ...more] = name.split("/");
  if (kind === "letter" && /^[1-9]\d{0,14}$/.test(first ?? "") && epoch === undefined) {
    return { n: Number(first) };
  }
  const event = eventNameSchema.safeParse({ source: first, epoch, seq });
  return kind === "event" && event.success && more.length === 0 ? event.data : null;
}

export interface ShownHere extends HereItem {
  /** As it came. */
  readonly body: string;
}

export async function readHereItem(storage: Storage, name: string): Promise<ShownHere | null> {
  const at = parseName(name);
  if (!at) return null;
  if ("n" in at) {
    const [[row] = []] = await storage.read([
      {
        sql: `select n, source, epoch, item, code, payload ->> 'store' as store, received_ms, payload
              from intake_problem where n = ?`,
        args: [at.n],
      },
    ]);
    return row ? { ...letterOf(row), body: textOf(row, "payload") } : null;
  }
  const [[row] = []] = await storage.read([
    {
      sql: `select ${bodyColumns()}, quarantined, received_ms from event
            where source = ? and epoch = ? and seq = ? and quarantined is not null`,
      args: [at.source, at.epoch, at.seq],
    },
  ]);
  return row ? { ...eventOf(row), body: bodyOf(row) } : null;
}

/** Of rows that the edge has set aside, those that have not arrived here yet. */
export async function notHere<Each extends { source: string; epoch: number; seq: number }>(
  storage: Storage,
  rows: readonly Each[],
): Promise<Each[]> {
  if (rows.length === 0) return [];
  const [found = []] = await storage.read([
    {
      sql: `select k.key as at from json_each(?) k cross join event e
            on e.source = k.value ->> 0 and e.epoch = k.value ->> 1 and e.seq = k.value ->> 2`,
      args: [JSON.stringify(rows.map(({ source, epoch, seq }) => [source, epoch, seq]))],
    },
  ]);
  const here = new Set(found.map((row) => numberOf(row, "at")));
  return rows.filter((_, at) => !here.has(at));
}
