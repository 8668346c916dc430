/** What a shard of the profiles says of itself to whoever watches. */
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";

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
