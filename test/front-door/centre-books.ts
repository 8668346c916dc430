/** What the centre has counted, and when everything that connectors brought has come that far. */
import { createClient } from "@libsql/client";
import { expect } from "vitest";
import { z } from "zod";
import type { House } from "../house.ts";
import type { Shop } from "../shop.ts";

const healthSchema = z.object({
  accounts: z.array(
    z.object({
      account: z.string(),
      waiting: z.int(),
      failed: z.int(),
      retrying: z.int(),
      notGolden: z.int(),
      stopped: z.string().nullable(),
    }),
  ),
});

const rowSchema = z.object({ source: z.string(), currency: z.string(), minor: z.int() });

/** By source, then by currency: sales less returns and voids, in minor units. What comes to nothing is left out. */
export type Books = Readonly<Record<string, Readonly<Record<string, number>>>>;

export async function booksOf(house: House): Promise<Books> {
  const database = createClient({ url: house.databaseUrl });
  try {
    const { rows } = await database.execute(
      `select source, currency, sum(total_minor) as minor from event
       where kind in ('sale', 'return', 'void', 'adjustment') and currency is not null
       group by source, currency having minor <> 0`,
    );
    const books: Record<string, Record<string, number>> = {};
    // Rows of the client have their columns by number as well.
    for (const row of rows) {
      const { source, currency, minor } = rowSchema.parse({ ...row });
      (books[source] ??= {})[currency] = minor;
    }
    return books;
  } finally {
    database.close();
  }
}

type Asking = { readonly secrets: Pick<House["secrets"], "centralToken"> };

const WAIT = { timeout: 40_000, interval: 100 };

/** Nothing waits to be read, or is tried again. */
export async function allRead(house: Asking, shop: Shop): Promise<void> {
  await untilNone(house, shop, ({ waiting, retrying }) => waiting + retrying > 0);
}

/** And every event of every account is in the golden record. */
export async function allCounted(house: Asking, shop: Shop): Promise<void> {
  await untilNone(
    house,
    shop,
    ({ waiting, retrying, notGolden, stopped }) =>
      waiting + retrying + notGolden > 0 || stopped !== null,
  );
}

type Health = z.infer<typeof healthSchema>["accounts"][number];

async function untilNone(
  house: Asking,
  shop: Shop,
  isBehind: (account: Health) => boolean,
): Promise<void> {
  const path = "/v1/intake/health";
  const behind = async () => {
    const { accounts } = await shop.get(path, house.secrets.centralToken, healthSchema);
    return accounts.filter(isBehind);
  };
  await expect.poll(behind, WAIT).toEqual([]);
}
