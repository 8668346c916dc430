/**
 * Who is who after clustering: the customer id of each cluster, and what becomes of every other id that was or may have been
 * given out. The earliest record that has a better key than a device's names the customer, by its key - or by itself where the
 * key has no one owner (IDN7).
 */
import { isDeviceKey } from "@regulars/shared/identity/key";
import { type CustomerId, customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import { type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { customerOf, type StoredCustomer } from "./arrivals.ts";
import type { Component } from "./components.ts";
import type { Surroundings } from "./surroundings.ts";
import { compareFirst, type UnitRecord } from "./unit-changes.ts";

export interface NamedCluster {
  readonly customer: CustomerId;
  readonly units: readonly string[];
  /** Earliest first. */
  readonly records: readonly UnitRecord[];
}

export interface Naming {
  readonly clusters: readonly NamedCluster[];
  readonly customerOfRecord: ReadonlyMap<string, CustomerId>;
  /** Where each id leads that these records account for; an active one to itself. */
  readonly targets: ReadonlyMap<CustomerId, CustomerId>;
  readonly customers: ReadonlyMap<CustomerId, StoredCustomer>;
}

export async function nameCustomers(
  storage: Storage,
  around: Surroundings,
  components: readonly Component[],
): Promise<Naming> {
  const recordsOf = Map.groupBy(around.records, ({ unit }) => unit);
  const firstOfKey = earliestOf(around.records);
  const clusters = components.flatMap(({ clustering }) =>
    clustering.clusters.map((units): NamedCluster => {
      const records = units.flatMap((id) => recordsOf.get(id) ?? []).toSorted(compareFirst);
      // Somebody's id must not change when it turns out that others use the browser, too.
      const first = records.find(({ key }) => !isDeviceKey(key)) ?? records[0];
      if (!first) throw new Error("a cluster without records");
      const isOwner = !around.powerless.has(first.key) && firstOfKey.get(first.key) === first;
      return { customer: idOf(isOwner ? first.key : first.id), units, records };
    }),
  );
  const customerOfRecord = new Map(
    clusters.flatMap(({ customer, records }) => records.map(({ id }) => [id, customer] as const)),
  );
  const [strangers, customers] = await readNamed(storage, around, [...firstOfKey.keys()]);
  const targets = new Map<CustomerId, CustomerId>();
  for (const record of around.records) {
    // An id that a record gave is there only if it was ever needed.
    const own = idOf(record.id);
    if (customers.has(own)) targets.set(own, customerOfRecord.get(record.id) ?? own);
  }
  for (const [key, first] of firstOfKey) {
    const stranger = strangers.get(key);
    const isEarlier = stranger && compareFirst({ ...stranger, key }, first) < 0;
    const target = isEarlier ? stranger.customer : customerOfRecord.get(first.id);
    if (target !== undefined) targets.set(idOf(key), target);
  }
  for (const { customer } of clusters) targets.set(customer, customer);
  return { clusters, customerOfRecord, targets, customers };
}

function earliestOf(records: readonly UnitRecord[]): Map<IdentityKey, UnitRecord> {
  const earliest = new Map<IdentityKey, UnitRecord>();
  for (const record of records) {
    const known = earliest.get(record.key);
    if (!known || compareFirst(record, known) < 0) earliest.set(record.key, record);
  }
  return earliest;
}

interface Stranger {
  readonly id: string;
  readonly first: string;
  readonly customer: CustomerId;
}

/** The earliest records outside of keys that tie nobody, and the rows of all ids concerned. */
async function readNamed(
  storage: Storage,
  around: Surroundings,
  ownKeys: readonly IdentityKey[],
): Promise<[ReadonlyMap<IdentityKey, Stranger>, ReadonlyMap<CustomerId, StoredCustomer>]> {
  const loose = ownKeys.filter((key) => around.powerless.has(key));
  const ids = new Set([
    ...ownKeys.map(idOf),
    ...around.records.map(({ id }) => idOf(id)),
    ...around.records.flatMap(({ customer, placed }) => [customer, placed]),
  ]);
  const [customers = [], strangers = []] = await storage.read([
    {
      sql: `select id, redirect_to, version, digest from customer
            where id in (select value from json_each(?))`,
      args: [JSON.stringify([...ids])],
    },
    ...(loose.length === 0 ? [] : [strangersQuery(loose, [...around.units.keys()])]),
  ]);
  return [
    new Map(
      strangers.map((row) => [
        textOf(row, "own_key"),
        {
          id: textOf(row, "first_record"),
          first: textOf(row, "first"),
          customer: textOf(row, "customer"),
        },
      ]),
    ),
    new Map(customers.map((row) => [textOf(row, "id"), customerOf(row)])),
  ];
}

/** The earliest unit of each key, of those that are not among these. */
const strangersQuery = (keys: readonly IdentityKey[], besides: readonly string[]): Statement => ({
  sql: `select own_key, first, first_record, customer from unit where id in (
          select (select u.id from unit u where u.own_key = k.value
              and u.id not in (select value from json_each(?2))
            order by u.first, u.first_record limit 1) from json_each(?1) k)`,
  args: [JSON.stringify(keys), JSON.stringify(besides)],
});

/** Of a key, or of a source record where its key will not do. */
const idOf = (name: string): CustomerId => customerIdOf(name);
