/**
 * What somebody has looked at before they decide. Sales come all day and change nothing of who two customers are; records,
 * values and decisions do, and a decision that was taken by older ones is refused, in words that say what has happened.
 */
import { sha256Hex } from "@regulars/shared/digest";
import type { CustomerId } from "@regulars/shared/ids";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { causeSchema } from "../golden/cause.ts";

export const seenQuery = (customers: readonly CustomerId[]): Statement => ({
  sql: `select c.id, c.redirect_to, c.version,
          (select json_group_array(id) from (
             select id from source_record where customer = c.id order by id)) as records,
          (select json_group_array(decision) from (
             select distinct s.decision from source_record r
             cross join steward_side s on s.record = r.id
             where r.customer = c.id order by s.decision)) as decisions
        from customer c where c.id in (select value from json_each(?)) order by c.id`,
  args: [JSON.stringify(customers)],
});

/** Short enough for a form; says nothing of anybody. */
export async function seenOf(storage: Storage, customers: readonly CustomerId[]): Promise<string> {
  const { sql, args = [] } = seenQuery(customers);
  return sha256Hex(JSON.stringify(await rowsOf(storage, sql, args))).slice(0, 24);
}

export interface Meanwhile {
  readonly kind: "same" | "different" | "undone" | "pin" | "ignore" | "changed";
  /** Null where it was no person. */
  readonly by: string | null;
  readonly atMs: number;
  /** The two are one by now. */
  readonly isOne: boolean;
}

const HAPPENED = `
  select d.kind, d.decided_by, d.at_ms, d.undone_ms, d.undone_by from steward_decision d
  where d.id in (
    select s.decision from source_record r cross join steward_side s on s.record = r.id
    where r.customer in (select value from json_each(?1)))
  order by d.n desc limit 1`;

/** The newest of what has made them other than they were. Null where nothing is known of them. */
export async function readMeanwhile(
  storage: Storage,
  customers: readonly CustomerId[],
): Promise<Meanwhile | null> {
  const rows = await rowsOf(
    storage,
    "select id, coalesce(redirect_to, id) as active from customer where id in (select value from json_each(?))",
    [JSON.stringify(customers)],
  );
  const active = [...new Set(rows.map((row) => textOf(row, "active")))];
  const args = [JSON.stringify([...new Set([...active, ...customers])])];
  const [decided = [], versions = []] = await storage.read([
    { sql: HAPPENED, args },
    {
      sql: `select h.at_ms, h.cause from json_each(?1) j
            cross join golden_history h on h.customer = j.value
            order by h.at_ms desc, h.version desc limit 1`,
      args,
    },
  ]);
  const isOne = rows.length > 1 && active.length === 1;
  const caused = await causedBy(storage, versions[0]);
  const all = [...decided.map((row) => happenedOf(row)), ...caused].toSorted(
    (x, y) => y.atMs - x.atMs,
  );
  return all[0] ? { ...all[0], isOne } : null;
}

type Happened = Omit<Meanwhile, "isOne">;

async function causedBy(storage: Storage, version: Row | undefined): Promise<Happened[]> {
  if (!version) return [];
  const atMs = numberOf(version, "at_ms");
  const cause =
    version["cause"] === null ? null : causeSchema.parse(JSON.parse(textOf(version, "cause")));
  if (cause?.kind !== "decision") return [{ kind: "changed", by: null, atMs }];
  const rows = await rowsOf(
    storage,
    "select kind, decided_by, at_ms, undone_ms, undone_by from steward_decision where id = ?",
    [cause.decision],
  );
  return rows.map((row) => happenedOf(row));
}

function happenedOf(row: Row): Happened {
  if (row["undone_ms"] !== null) {
    return { kind: "undone", by: textOf(row, "undone_by"), atMs: numberOf(row, "undone_ms") };
  }
  const kind = textOf(row, "kind");
  const known = (["same", "different", "pin", "ignore"] as const).find((each) => each === kind);
  return { kind: known ?? "changed", by: textOf(row, "decided_by"), atMs: numberOf(row, "at_ms") };
}
