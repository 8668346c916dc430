/**
 * What happened to customer ids, in order, for whoever keeps ids of ours (IDN7). A cursor is opaque and carries the generation of
 * this database: after a database that was begun anew or restored, a reader learns that it has to begin anew as well (SYN8).
 */
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";

export const feedCursorSchema = z
  .string()
  .regex(/^[0-9a-f]{16}-\d{1,15}$/, "is not a cursor of this feed");

export interface FeedRow {
  readonly n: number;
  readonly type: string;
  /** Active from this entry on. */
  readonly customer: string;
  /** `merged`: redirects to it from now on. `split`: the records were with this one, which goes on. */
  readonly previous: string | null;
  /** Source records that a split has moved. */
  readonly records: readonly string[];
  readonly atMs: number;
}

export interface FeedPage {
  readonly feed: readonly FeedRow[];
  /** Where the next page begins, now or later. */
  readonly next: string;
  /** The cursor was of another generation: forget what it led to, and begin with `next`. */
  readonly resync?: true;
}

export async function readFeed(
  storage: Storage,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<FeedPage> {
  const generation = await generationOf(storage);
  const [ofCursor, place] = after === null ? [generation, "0"] : after.split("-");
  if (ofCursor !== generation) return { feed: [], next: `${generation}-0`, resync: true };
  const rows = await rowsOf(
    storage,
    `select n, type, customer, previous, records, at_ms from feed where n > ? order by n limit ?`,
    [Number(place), limit],
  );
  const feed = rows.map((row) => feedRowOf(row));
  return { feed, next: `${generation}-${feed.at(-1)?.n ?? place}` };
}

/** Drawn when the feed is read for the first time. */
async function generationOf(storage: Storage): Promise<string> {
  const read = () => rowsOf(storage, "select value from resolution where name = 'generation'");
  const [known] = await read();
  if (known) return textOf(known, "value");
  await storage.write([
    {
      sql: `insert or ignore into resolution (name, value)
            values ('generation', lower(hex(randomblob(8))))`,
    },
  ]);
  const [drawn] = await read();
  if (!drawn) throw new Error("a generation was written and is not there");
  return textOf(drawn, "value");
}

const recordsSchema = z.array(z.string());

const feedRowOf = (row: Row): FeedRow => ({
  n: numberOf(row, "n"),
  type: textOf(row, "type"),
  customer: textOf(row, "customer"),
  previous: row["previous"] === null ? null : textOf(row, "previous"),
  records: row["records"] === null ? [] : recordsSchema.parse(JSON.parse(textOf(row, "records"))),
  atMs: numberOf(row, "at_ms"),
});
