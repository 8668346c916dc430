/** Which pages are opened, with ids drawn from all over the database. */
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { z } from "zod";
import { storeOf } from "./names.ts";

export type Pages = Readonly<Record<string, (round: number) => string>>;

const SAMPLES = 100;
const idsSchema = z.array(z.object({ id: z.string() }));

const day = (round: number): string => `2026-11-${String(1 + (round % 20)).padStart(2, "0")}`;

/** Ids of customers from all over the database. */
export async function someCustomers(file: string, count: number): Promise<string[]> {
  const client = createClient({ url: pathToFileURL(file).href });
  try {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) {
      const { rows } = await client.execute(SOMEBODY);
      ids.push(...idsSchema.parse(rows).map(({ id }) => id));
    }
    return ids;
  } finally {
    client.close();
  }
}

const SOMEBODY = `select id from customer where id >= 'c' || substr(hex(randomblob(2)), 1, 3)
  and redirect_to is null limit 1`;

export async function pagesOf(file: string): Promise<Pages> {
  const client = createClient({ url: pathToFileURL(file).href });
  const rows = async (sql: string) => idsSchema.parse((await client.execute(sql)).rows);
  try {
    const customers = await someCustomers(file, SAMPLES);
    const stores = (await rows("select distinct store as id from writer")).length;
    const customer = (round: number): string => customers[round % SAMPLES] ?? "";
    const store = (round: number): string => storeOf((round * 37) % stores);
    return {
      today: () => "/",
      "a day": (round) => `/?day=${day(round)}`,
      "store-day": (round) => `/stores/${store(round)}/${day(round)}`,
      rows: (round) => `/stores/${store(round)}/${day(round)}/rows`,
      store: (round) => `/stores/${store(round)}`,
      exceptions: () => "/exceptions",
      settlement: () => "/settlement",
      customers: () => "/customers",
      customer: (round) => `/customers/${customer(round)}`,
      matches: () => "/matches",
      sources: () => "/sources",
      quality: () => "/quality",
      policy: () => "/policy/survivorship",
      intake: () => "/intake",
      alerts: () => "/alerts",
      audit: () => "/audit",
      people: () => "/people",
    };
  } finally {
    client.close();
  }
}
