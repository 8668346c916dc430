/** The feed of a store: the newest state of each customer of its working set, in the order of change (SYN8). */
import { LIMITS } from "@regulars/shared/limits";
import { type Change, changeSchema } from "@regulars/shared/protocol/pull";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface FeedPage {
  readonly changes: Change[];
  readonly cursor: string;
  readonly resync: boolean;
  readonly more: boolean;
}

/** Changes that profile shards sent. An older version never replaces a newer one; sent again, nothing changes. */
export async function receiveChanges(storage: Storage, changes: readonly Change[]): Promise<void> {
  await storage.write(
    changes.map((change) => ({
      sql: `insert into feed (customer, n, change)
            values (?1, (select coalesce(max(n), 0) + 1 from feed), ?2)
            on conflict (customer) do update set n = excluded.n, change = excluded.change
            where coalesce(json_extract(change, '$.profile.version'), -1)
                < coalesce(json_extract(excluded.change, '$.profile.version'), 9e15)`,
      args: [customerOf(change), JSON.stringify(change)],
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
  const rows = await rowsOf(
    storage,
    "select n, change from feed where n > ? order by n limit ?",
    [from ?? 0, LIMITS.pullProfiles + 1],
  );
  let bytes = 0;
  const page = rows.slice(0, LIMITS.pullProfiles).filter((row, at) => {
    bytes += textOf(row, "change").length;
    return at === 0 || bytes <= LIMITS.pullBytes;
  });
  const last = page.at(-1);
  return {
    changes: page.map((row) => changeSchema.parse(JSON.parse(textOf(row, "change")))),
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

const customerOf = (change: Change): string =>
  "profile" in change ? change.profile.customer : change.customer;
