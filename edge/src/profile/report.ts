/** What a shard of the profiles says of itself to whoever watches. */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface ShardReport {
  readonly customers: number;
  /** Stores that have not been told of a change. */
  readonly notices: number;
  /** Fragments that the centre does not have yet. */
  readonly undelivered: number;
}

export async function reportOf(storage: Storage): Promise<ShardReport> {
  const [row = {}] = await rowsOf(
    storage,
    `select (select count(*) from profile) as customers, (select count(*) from notice) as notices,
       (select count(*) from undelivered) as undelivered`,
  );
  return {
    customers: numberOf(row, "customers"),
    notices: numberOf(row, "notices"),
    undelivered: numberOf(row, "undelivered"),
  };
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
