/** What is stored around arrived records: every customer that they could be part of, in one round trip. */
import { contributionSchema } from "@regulars/shared/fragment/contribution";
import { type CustomerId, customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ArrivedRecord, SourceRecord } from "../intake/source-record.ts";

export interface StoredRecord extends SourceRecord {
  readonly customer: CustomerId;
}

export interface StoredCustomer {
  readonly id: CustomerId;
  readonly redirectTo: CustomerId | null;
  readonly version: number;
  readonly digest: string | null;
}

export interface Neighbourhood {
  readonly records: ReadonlyMap<string, StoredRecord>;
  readonly customers: ReadonlyMap<CustomerId, StoredCustomer>;
  /** `key from` → customer that the edge was told to move the key to. */
  readonly assignments: ReadonlyMap<string, CustomerId>;
}

export const assignmentKey = (key: IdentityKey, from: CustomerId): string => `${key} ${from}`;

/** The record did not name the key until now; keys of a fragment are only ever added. */
export function isNewKey(
  around: Pick<Neighbourhood, "records">,
  { id }: { readonly id: string },
  key: IdentityKey,
): boolean {
  return !(key in (around.records.get(id)?.contribution.keys ?? {}));
}

/** Customers whose records name any of the keys of the arrived ones. */
const AROUND = `select r.customer from record_key k join source_record r on r.id = k.record
  where k.key in (select value from json_each(?))`;
const ASSIGNED = "from assignment where key in (select value from json_each(?))";

export async function readNeighbourhood(
  storage: Storage,
  arrived: readonly ArrivedRecord[],
): Promise<Neighbourhood> {
  const ownKeys = [...new Set(arrived.map(({ contribution }) => contribution.key))];
  const named = arrived.flatMap(({ contribution }) => Object.keys(contribution.keys));
  const keys = JSON.stringify([...new Set(named)]);
  const own = JSON.stringify(ownKeys);
  const ids = [...ownKeys.map(customerIdOf), ...arrived.map(({ edgeCustomer }) => edgeCustomer)];
  const [records = [], customers = [], assignments = []] = await storage.read([
    {
      sql: `select id, clock, customer, contribution from source_record where customer in (${AROUND})`,
      args: [keys],
    },
    {
      sql: `with around as (${AROUND})
            select id, redirect_to, version, digest from customer
            where id in (select value from json_each(?) union select customer from around
              union select to_customer ${ASSIGNED})
            union
            select id, redirect_to, version, digest from customer
            where redirect_to in (select customer from around)`,
      args: [keys, JSON.stringify(ids), own],
    },
    { sql: `select key, from_customer, to_customer ${ASSIGNED}`, args: [own] },
  ]);
  return {
    records: new Map(records.map((row) => [textOf(row, "id"), recordOf(row)])),
    customers: new Map(customers.map((row) => [textOf(row, "id"), customerOf(row)])),
    assignments: new Map(
      assignments.map((row) => [
        assignmentKey(textOf(row, "key"), textOf(row, "from_customer")),
        textOf(row, "to_customer"),
      ]),
    ),
  };
}

const recordOf = (row: Row): StoredRecord => ({
  id: textOf(row, "id"),
  clock: numberOf(row, "clock"),
  customer: textOf(row, "customer"),
  contribution: contributionSchema.parse(JSON.parse(textOf(row, "contribution"))),
});

const customerOf = (row: Row): StoredCustomer => ({
  id: textOf(row, "id"),
  redirectTo: row["redirect_to"] === null ? null : textOf(row, "redirect_to"),
  version: numberOf(row, "version"),
  digest: row["digest"] === null ? null : textOf(row, "digest"),
});
