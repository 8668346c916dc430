/**
 * Potential matches: pairs of customers of whom probability or protection says that they may be one person, and of whom no
 * steward has said anything yet. Read from what resolution has stored; nothing is kept of it.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { POTENTIAL_REASONS, type PotentialReason, priorityOf } from "./potential-priority.ts";

export interface PotentialMatch {
  readonly customers: readonly [CustomerId, CustomerId];
  /** Of the evidence that weighs most. */
  readonly records: readonly [string, string];
  readonly reasons: readonly PotentialReason[];
  readonly weight: number | null;
  readonly sales: readonly [number, number];
  /** Newest stamps of both. */
  readonly asOf: readonly [string, string];
  readonly priority: number;
}

export interface PotentialPage {
  readonly matches: readonly PotentialMatch[];
  readonly count: number;
  /** Where the next page goes on; null on the last one. */
  readonly next: string | null;
}

export const potentialCursorSchema = z
  .string()
  .regex(
    /^\d{1,4}(\.\d{1,3})?~c[A-Za-z0-9_-]{22}~c[A-Za-z0-9_-]{22}$/,
    "is not a cursor of this list",
  );

interface Found {
  readonly customers: readonly [CustomerId, CustomerId];
  records: readonly [string, string];
  weight: number | null;
  readonly reasons: Set<PotentialReason>;
}

export async function readPotentialMatches(
  storage: Storage,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<PotentialPage> {
  const [pairs = [], refusals = [], decided = []] = await storage.read([
    {
      sql: `select 'probability' as reason, p.weight, ${BOTH} from pair p
            join unit a on a.id = p.a join unit b on b.id = p.b where a.customer <> b.customer`,
    },
    {
      sql: `select r.reason, coalesce(r.weight, p.weight) as weight, ${BOTH} from refusal r
            join unit a on a.id = r.a join unit b on b.id = r.b
            left join pair p on p.a = r.a and p.b = r.b
            where r.resolved_ms is null and a.customer <> b.customer
              and r.reason in (select value from json_each(?))`,
      args: [JSON.stringify(POTENTIAL_REASONS)],
    },
    {
      sql: `select distinct r1.customer as one, r2.customer as two from steward_decision d
            join steward_side s1 on s1.decision = d.id and s1.side = 0
            join steward_side s2 on s2.decision = d.id and s2.side = 1
            join source_record r1 on r1.id = s1.record join source_record r2 on r2.id = s2.record
            where d.undone_ms is null and d.kind = 'different'`,
    },
  ]);
  const isDecided = new Set(decided.map((row) => nameOf(textOf(row, "one"), textOf(row, "two"))));
  const found = [...foundIn([...pairs, ...refusals]).values()].filter(
    ({ customers: [one, two] }) => !isDecided.has(nameOf(one, two)),
  );
  const all = await withCustomers(storage, found);
  all.sort(byPriority);
  const from = after === null ? 0 : all.findIndex((match) => compareToCursor(match, after) > 0);
  const rest = from === -1 ? [] : all.slice(from);
  const matches = rest.slice(0, limit);
  const last = matches.at(-1);
  return { matches, count: all.length, next: rest.length > limit && last ? cursorOf(last) : null };
}

const BOTH = `a.customer as customer_a, b.customer as customer_b,
  a.first_record as record_a, b.first_record as record_b`;

const nameOf = (one: CustomerId, two: CustomerId): string =>
  one < two ? `${one}~${two}` : `${two}~${one}`;

function foundIn(rows: readonly Row[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const row of rows) {
    const [one, two] = [textOf(row, "customer_a"), textOf(row, "customer_b")];
    const ends = [textOf(row, "record_a"), textOf(row, "record_b")] as const;
    const isInOrder = one < two;
    const records = isInOrder ? ends : ([ends[1], ends[0]] as const);
    const weight = row["weight"] === null ? null : numberOf(row, "weight");
    const reason = POTENTIAL_REASONS.find((each) => each === row["reason"]) ?? "probability";
    const name = nameOf(one, two);
    const known = found.get(name);
    if (!known) {
      const customers = isInOrder ? ([one, two] as const) : ([two, one] as const);
      found.set(name, { customers, records, weight, reasons: new Set([reason]) });
      continue;
    }
    known.reasons.add(reason);
    // Of equal weights the first records, so that the order of rows says nothing.
    const isMore = (weight ?? -Infinity) - (known.weight ?? -Infinity);
    const isFirst = records.join(" ") < known.records.join(" ");
    if (isMore > 0 || ((isMore === 0 || Number.isNaN(isMore)) && isFirst)) {
      Object.assign(known, { records, weight });
    }
  }
  return found;
}

const totalsSchema = z.record(z.string(), z.object({ sales: z.int() }));

async function withCustomers(storage: Storage, found: readonly Found[]): Promise<PotentialMatch[]> {
  const ids = [...new Set(found.flatMap(({ customers }) => customers))];
  const [rows = []] = await storage.read([
    {
      sql: `select id, as_of, activity -> '$.totals' as totals from customer
            where id in (select value from json_each(?))`,
      args: [JSON.stringify(ids)],
    },
  ]);
  const known = new Map(
    rows.map((row) => {
      const totals = totalsSchema.parse(JSON.parse(String(row["totals"] ?? "{}")));
      const sales = Object.values(totals).reduce((sum, each) => sum + each.sales, 0);
      return [textOf(row, "id"), { sales, asOf: String(row["as_of"] ?? "") }];
    }),
  );
  const get = (id: CustomerId) => known.get(id) ?? { sales: 0, asOf: "" };
  return found.map(({ customers, records, weight, reasons }) => {
    const [one, two] = [get(customers[0]), get(customers[1])];
    const sales = [one.sales, two.sales] as const;
    const told = [...reasons].toSorted();
    return {
      customers,
      records,
      reasons: told,
      weight,
      sales,
      asOf: [one.asOf, two.asOf] as const,
      priority: priorityOf({ weight, reasons: told, sales }),
    };
  });
}

const byPriority = (x: PotentialMatch, y: PotentialMatch): number =>
  y.priority - x.priority || (nameOf(...x.customers) < nameOf(...y.customers) ? -1 : 1);

const cursorOf = ({ priority, customers }: PotentialMatch): string =>
  `${priority}~${nameOf(...customers)}`;

/** Above 0 when it comes after the place that the cursor names, also when what was there is gone. */
function compareToCursor(match: PotentialMatch, cursor: string): number {
  const [priority = "", one = "", two = ""] = cursor.split("~");
  const name = nameOf(...match.customers);
  return Number(priority) - match.priority || (name > `${one}~${two}` ? 1 : name < `${one}~${two}` ? -1 : 0); // prettier-ignore
}
