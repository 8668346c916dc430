/** Stores that have tills here, with the zone that these have told. */
import { type Statement, type Storage, textOf } from "@regulars/shared/storage/port";

/** As many rows as there are writers, which are few. */
export const storesQuery = (): Statement => ({
  sql: `select store, max(zone) as zone from writer indexed by writer_store group by store order by store`,
});

export async function readStoreZones(storage: Storage): Promise<Map<string, string | null>> {
  const [rows = []] = await storage.read([storesQuery()]);
  return new Map(
    rows.map((row) => [textOf(row, "store"), row["zone"] === null ? null : textOf(row, "zone")]),
  );
}
