/** What is stored, without what depends on when and how often something arrived. */
import { customerIdOf, parseFragmentId } from "@regulars/shared/ids";
import { type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { legibleRow } from "../db/event-body.ts";

export interface CentralState {
  readonly events: Row[];
  readonly writers: Row[];
  readonly records: Row[];
  readonly keys: Row[];
  readonly links: Row[];
  readonly customers: Row[];
  readonly units: Row[];
  readonly pairs: Row[];
  readonly refusals: Row[];
  readonly filed: Row[];
  readonly potential: Row[];
}

/**
 * Without redirects of ids that a record has given while its key was somebody else's: whether that was ever so is history,
 * and an id that was given out stays valid (IDN7).
 */
function needed(customers: readonly Row[], records: readonly Row[]): Row[] {
  const ofKeys = new Set(
    records.map((row) => customerIdOf(parseFragmentId(textOf(row, "id")).key)),
  );
  return customers.filter((row) => row["redirect_to"] === null || ofKeys.has(textOf(row, "id")));
}

export async function stateOf(storage: Storage): Promise<CentralState> {
  const [
    events = [],
    writers = [],
    records = [],
    keys = [],
    links = [],
    customers = [],
    units = [],
    pairs = [],
    refusals = [],
    blocks = [],
    unitKeys = [],
    blocked = [],
    potential = [],
  ] = await storage.read([
    // prettier-ignore
    { sql: "select * from event order by source, epoch, seq" },
    {
      sql: "select source, epoch, journaled, golden, published, head_hash from writer order by 1, 2",
    },
    {
      sql: "select id, clock, seq, sha256, customer, contribution from source_record order by 1",
    },
    {
      sql: `select k.key, r.id as record from unit_key k cross join unit u on u.n = k.unit
            cross join source_record r on r.unit = u.id order by 1, 2`,
    },
    { sql: "select a, b, kind, by, weight from link order by 1, 2" },
    { sql: "select id, redirect_to, digest, golden, activity from customer order by 1" },
    { sql: "select * from unit order by id" },
    { sql: "select a, b, weight from pair order by 1, 2" },
    {
      sql: `select reason, a, b, kind, by, weight from refusal where resolved_ms is null
              order by 1, 2, 3, 4, 5`,
    },
    {
      sql: "select m.block, u.id as unit from unit_block m left join unit u on u.n = m.unit order by 1, 2",
    },
    {
      sql: "select m.key, u.id as unit from unit_key m left join unit u on u.n = m.unit order by 1, 2",
    },
    { sql: "select key, unit from blocked_key order by 1, 2" },
    { sql: "select * from potential order by one, two" },
  ]);
  return {
    events: events.map((row) => told(legibleRow(row))), writers, records, keys, links, customers: needed(customers, records), units: units.map(({ n: _n, ...unit }) => unit), pairs,
    refusals, filed: [...blocks, ...unitKeys, ...blocked], potential,
  }; // prettier-ignore
}

const told = ({ source = "", epoch = 0, seq = 0, hash = "", quarantined = null, body = "" }: Row): Row => ({
  source, epoch, seq, hash, quarantined, body,
}); // prettier-ignore

export async function decisionsOf(storage: Storage): Promise<unknown[]> {
  const rows = await rowsOf(storage, "select payload from publication order by n");
  return rows.map((row) => JSON.parse(String(row["payload"])) as unknown);
}
