/** What a shard of the profiles says of itself to whoever watches. */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface ShardReport {
  /** Of many, as they were within the last hour. */
  readonly customers: number;
  /** Stores that have not been told of a change. */
  readonly notices: number;
  /** Fragments that the centre does not have yet. */
  readonly undelivered: number;
}

export async function reportOf(storage: Storage, nowMs: number): Promise<ShardReport> {
  const customers = await customersIn(storage, nowMs);
  const [row = {}] = await rowsOf(
    storage,
    `select (select count(*) from notice) as notices,
       (select count(*) from undelivered) as undelivered`,
  );
  return {
    customers,
    notices: numberOf(row, "notices"),
    undelivered: numberOf(row, "undelivered"),
  };
}

/** To count is to read each of them, and the centre asks twice a minute: of many, the last count stands for a while. */
async function customersIn(storage: Storage, nowMs: number): Promise<number> {
  const [last] = await rowsOf(
    storage,
    `select value ->> 'customers' as customers, value ->> 'at' as at from setting
     where name = 'counted'`,
  );
  if (last && nowMs - numberOf(last, "at") < LIMITS.customersCountedMs)
    return numberOf(last, "customers");
  const [row = {}] = await rowsOf(storage, "select count(*) as customers from profile");
  const customers = numberOf(row, "customers");
  if (customers < LIMITS.fewCustomers) return customers;
  const value = JSON.stringify({ customers, at: nowMs });
  await storage.write([
    {
      sql: `insert into setting (name, value) values ('counted', ?)
            on conflict (name) do update set value = excluded.value`,
      args: [value],
    },
  ]);
  return customers;
}

/** Customers with a move that was begun and not ended: the centre that decided it may have forgotten it. */
export async function unfinishedOf(storage: Storage): Promise<CustomerId[]> {
  const rows = await rowsOf(
    storage,
    `select customer from moved where done in (0, 3) and target <> customer
     union select customer from arrival order by customer`,
  );
  return rows.map((row) => textOf(row, "customer"));
}
