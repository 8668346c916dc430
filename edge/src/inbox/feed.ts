/**
 * The feed of a store: the newest state of each customer of its working set, in the order of change (SYN8). Changes
 * are JSON text from the shard that made them to the till that reads them; nothing on the way opens them.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

/** A `Change` of the protocol, as text. */
export interface ChangeText {
  readonly customer: CustomerId;
  /** Of the profile; null for a redirect, which is the last word on an id until a profile comes again. */
  readonly version: number | null;
  readonly json: string;
}

export interface FeedPage {
  readonly changes: readonly string[];
  readonly cursor: string;
  readonly resync: boolean;
  readonly more: boolean;
}

/** Changes that profile shards sent. An older version never replaces a newer one; sent again, nothing changes. */
export async function receiveChanges(
  storage: Storage,
  changes: readonly ChangeText[],
): Promise<void> {
  await storage.write(
    changes.map(({ customer, version, json }) => ({
      sql: `insert into feed (customer, n, version, change)
            values (?, (select coalesce(max(n), 0) + 1 from feed), ?, ?)
            on conflict (customer) do update
              set n = excluded.n, version = excluded.version, change = excluded.change
            where version is null or excluded.version is null or version < excluded.version`,
      args: [customer, version, json],
    })),
  );
}

export async function readFeed(
  storage: Storage,
  cursor: string | null,
  newGeneration: () => string,
): Promise<FeedPage> {
  const generation = await generationOf(storage, newGeneration);
  const from = parseCursor(cursor, generation);
  const rows = await rowsOf(storage, "select n, change from feed where n > ? order by n limit ?", [
    from ?? 0,
    LIMITS.pullProfiles + 1,
  ]);
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += textOf(row, "change").length;
    return bytes > LIMITS.pullBytes;
  });
  const fitting = Math.min(LIMITS.pullProfiles, end === -1 ? rows.length : Math.max(1, end));
  const page = rows.slice(0, fitting);
  const last = page.at(-1);
  return {
    changes: page.map((row) => textOf(row, "change")),
    cursor: `${generation}.${last ? numberOf(last, "n") : (from ?? 0)}`,
    // A first pull has no cursor and nothing to forget.
    resync: cursor !== null && from === null,
    more: rows.length > page.length,
  };
}

/** A feed that was lost and began anew has another generation, so that old cursors are noticed. */
async function generationOf(storage: Storage, newGeneration: () => string): Promise<string> {
  const [row] = await rowsOf(storage, "select value from setting where name = 'generation'");
  if (row) return textOf(row, "value");
  const generation = newGeneration();
  await storage.write([
    {
      sql: "insert into setting (name, value) values ('generation', ?) on conflict do nothing",
      args: [generation],
    },
  ]);
  return generation;
}

function parseCursor(cursor: string | null, generation: string): number | null {
  const [ofGeneration, n] = cursor?.split(".") ?? [];
  const from = Number(n);
  return ofGeneration === generation && Number.isSafeInteger(from) ? from : null;
}
