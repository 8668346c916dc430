/** Golden records derived anew from what is stored: for a policy that is new, or for a steward who has decided something. */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { goldenText } from "../db/packed-columns.ts";
import { hexOf } from "../db/packed.ts";
import { contributionIn } from "../db/packed-columns.ts";
import { type Golden, goldenOf, goldenSchema, type GoldenState } from "./golden.ts";
import { overrideOf, overridesQuery, type PendingOverrides, withPending } from "./overrides.ts";
import type { StandingGolden } from "./write-golden.ts";

export interface Derived {
  readonly customer: CustomerId;
  readonly standing: StandingGolden;
  /** What stands now. */
  readonly golden: Golden | null;
  /** What is derived. */
  readonly state: GoldenState;
  readonly overrides: readonly Override[];
}

/**
 * Ids of the next customers, in order: a page of all of them. The plus keeps SQLite from the index on redirects, by which it
 * would read and sort all customers for each page.
 */
export async function nextCustomers(
  storage: Storage,
  after: string,
  limit: number,
): Promise<CustomerId[]> {
  const rows = await rowsOf(
    storage,
    "select id from customer where id > ? and +redirect_to is null order by id limit ?",
    [after, limit],
  );
  return rows.map((row) => textOf(row, "id"));
}

/** What is damaged is as good as nothing: it is derived anew. */
function readGolden(text: string): Golden | null {
  try {
    return goldenSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Customers that redirect have nothing of their own, and are left out; the plus is there for the same reason. */
export async function deriveCustomers(
  storage: Storage,
  ids: readonly CustomerId[],
  policy: Policy,
  pending: PendingOverrides = {},
): Promise<Derived[]> {
  const args = [JSON.stringify(ids)];
  const these = "(select value from json_each(?))";
  const [customers = [], records = [], overrides = []] = await storage.read([
    {
      sql: `select id, version, digest, golden from customer
            where id in ${these} and +redirect_to is null order by id`,
      args,
    },
    {
      sql: `select id, customer, contribution from source_record where customer in ${these}`,
      args,
    },
    overridesQuery(`select id from source_record where customer in ${these}`, args),
  ]);
  const recordsOf = Map.groupBy(records, (row) => textOf(row, "customer"));
  const decided = withPending(
    overrides.map((row) => overrideOf(row)),
    pending,
  );
  return customers.flatMap((row): Derived[] => {
    const customer = textOf(row, "id");
    const own = recordsOf.get(customer) ?? [];
    if (own.length === 0) return [];
    const contributions = own.map((record) => contributionIn(record));
    const recordIds = new Set(own.map((record) => textOf(record, "id")));
    const ofCustomer = decided.filter(({ fragment }) => recordIds.has(fragment));
    return [
      {
        customer,
        standing: {
          version: numberOf(row, "version"),
          digest: row["digest"] === null ? null : hexOf(row, "digest"),
        },
        golden: row["golden"] === null ? null : readGolden(goldenText(row)),
        state: goldenOf(contributions, policy, ofCustomer),
        overrides: ofCustomer,
      },
    ];
  });
}
