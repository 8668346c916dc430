/** What is stored, without what depends on when and how often something arrived. */
import { type Row, rowsOf, type Storage } from "@regulars/shared/storage/port";

export interface CentralState {
  readonly events: Row[];
  readonly writers: Row[];
  readonly records: Row[];
  readonly keys: Row[];
  readonly links: Row[];
  readonly customers: Row[];
}

export async function stateOf(storage: Storage): Promise<CentralState> {
  const [events = [], writers = [], records = [], keys = [], links = [], customers = []] =
    await storage.read([
      { sql: "select source, epoch, seq, hash, quarantined, body from event order by 1, 2, 3" },
      {
        sql: "select source, epoch, journaled, golden, published, head_hash from writer order by 1, 2",
      },
      {
        sql: "select id, clock, seq, sha256, customer, contribution from source_record order by 1",
      },
      { sql: "select key, record from record_key order by 1, 2" },
      { sql: "select key, record_a, record_b from link order by 1, 2, 3" },
      { sql: "select id, redirect_to, digest, golden, activity from customer order by 1" },
    ]);
  return { events, writers, records, keys, links, customers };
}

export async function decisionsOf(storage: Storage): Promise<unknown[]> {
  const rows = await rowsOf(storage, "select payload from publication order by n");
  return rows.map((row) => JSON.parse(String(row["payload"])) as unknown);
}
