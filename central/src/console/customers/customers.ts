/** Lists of customers: the latest to be active, and those whom a search finds. */
import type { Stamp } from "@regulars/shared/clock";
import { type IdentityOptions, identityKeysOf } from "@regulars/shared/identity/key";
import { customerIdSchema, type CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { activityText, goldenText } from "../../db/packed-columns.ts";
import { type Activity, activitySchema, goldenSchema } from "../../golden/golden.ts";
import { readZones } from "./lineage.ts";
import { nameOf } from "../words.ts";

export interface CustomerSummary {
  readonly customer: CustomerId;
  readonly name: string | null;
  readonly version: number;
  readonly asOf: Stamp;
  /** Zone of the store where the customer was seen last. */
  readonly zone: string | null;
  readonly totals: Activity["totals"];
  /** Latest purchase that is remembered. */
  readonly latest: Activity["recent"][number] | null;
}

export interface CustomersPage {
  readonly customers: readonly CustomerSummary[];
  /** Where the next page goes on; null on the last one. */
  readonly next: string | null;
}

/** Customers by their newest event, latest first. */
export async function readCustomers(
  storage: Storage,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<CustomersPage> {
  const [rows = []] = await storage.read([customersQuery(before, limit + 1)]);
  const customers = await summariesOf(storage, rows.slice(0, limit));
  const last = customers.at(-1);
  return { customers, next: rows.length > limit && last ? `${last.asOf} ${last.customer}` : null };
}

/** Left to itself, SQLite takes the index on redirects, and reads and sorts all customers for each page. */
export function customersQuery(before: string | null, limit: number): Statement {
  const cursor = before === null ? [] : cursorOf(before);
  return {
    sql: `select id, version, as_of, golden, activity from customer indexed by customer_active
          where redirect_to is null ${before === null ? "" : "and (as_of, id) < (?, ?)"}
          order by as_of desc, id desc limit ?`,
    args: [...cursor, limit],
  };
}

/**
 * Active ids of whoever is known by what was typed: a card, an e-mail address, a phone number, a customer id. One more than is
 * shown; of a value that very many have, some of them.
 */
export async function findCustomers(
  storage: Storage,
  typed: string,
  identity: IdentityOptions,
): Promise<CustomerId[]> {
  const [rows = []] = await storage.read([findQuery(typed, identity)]);
  return rows.map((row) => textOf(row, "customer"));
}

export function findQuery(typed: string, identity: IdentityOptions): Statement {
  const text = typed.trim();
  const { keys } = identityKeysOf({ loyaltyNumber: text, email: text, phone: text }, identity);
  const id = customerIdSchema.safeParse(text);
  return {
    sql: `select distinct customer from (
            select r.customer from json_each(?1) j cross join unit_key k on k.key = j.value
            cross join unit u on u.n = k.unit cross join source_record r on r.unit = u.id limit ?3)
          union select coalesce(redirect_to, id) from customer where id = ?2 limit ?4`,
    args: [
      JSON.stringify(keys),
      id.success ? id.data : "",
      LIMITS.foundRecords,
      LIMITS.foundCustomers + 1,
    ],
  };
}

export async function readCustomersById(
  storage: Storage,
  ids: readonly CustomerId[],
): Promise<CustomerSummary[]> {
  const rows = await rowsOf(
    storage,
    `select id, version, as_of, golden, activity from customer
     where redirect_to is null and id in (select value from json_each(?)) order by as_of desc`,
    [JSON.stringify(ids)],
  );
  return summariesOf(storage, rows);
}

function cursorOf(before: string): [string, string] {
  const at = before.indexOf(" ");
  return at === -1 ? [before, ""] : [before.slice(0, at), before.slice(at + 1)];
}

async function summariesOf(storage: Storage, rows: readonly Row[]): Promise<CustomerSummary[]> {
  const zoneOf = await readZones(
    storage,
    rows.map((row) => textOf(row, "as_of")),
  );
  return rows.map((row) => {
    const asOf = textOf(row, "as_of");
    const activity = activitySchema.parse(JSON.parse(activityText(row)));
    return {
      customer: textOf(row, "id"),
      name: nameOf(goldenSchema.parse(JSON.parse(goldenText(row))).fields),
      version: numberOf(row, "version"),
      asOf,
      zone: zoneOf(asOf),
      totals: activity.totals,
      latest: activity.recent[0] ?? null,
    };
  });
}
