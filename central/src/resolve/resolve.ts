/** Identity resolution of what has arrived, as one decision: no I/O, nothing changed. */
import type { CustomerId } from "@regulars/shared/ids";
import type { ArrivedRecord, SourceRecord } from "../intake/source-record.ts";
import { type Cluster, clustersOf } from "./clusters.ts";
import { type Assign, decideAssigns, decideIdentity, type IdentityDecision } from "./identity.ts";
import { decideLinks, type LinkChanges } from "./links.ts";
import { isNewKey, type Neighbourhood } from "./neighbourhood.ts";

export interface Resolution {
  readonly records: readonly ResolvedRecord[];
  readonly customers: readonly ResolvedCustomer[];
  readonly assigns: readonly Assign[];
}

/** An arrived record that says something new, and whose it is. */
export interface ResolvedRecord {
  readonly record: ArrivedRecord;
  readonly customer: CustomerId;
}

/** A customer of whom something new was said. */
export interface ResolvedCustomer {
  readonly cluster: Cluster<SourceRecord>;
  readonly identity: IdentityDecision;
  readonly links: LinkChanges;
}

export function resolve(around: Neighbourhood, arrived: readonly ArrivedRecord[]): Resolution {
  // A lower clock than stored is old news; the same one is the same fragment, for it has one writer (FRG1).
  const changed = arrived.filter(({ id, clock }) => clock > (around.records.get(id)?.clock ?? 0));
  const records = new Map<string, SourceRecord>(around.records);
  for (const record of changed) records.set(record.id, record);
  const changedIds = new Set(changed.map(({ id }) => id));

  const customers: ResolvedCustomer[] = [];
  const customerById = new Map<string, CustomerId>();
  const redirects = new Map([...around.customers].map(([id, { redirectTo }]) => [id, redirectTo]));
  for (const cluster of clustersOf([...records.values()])) {
    for (const { id } of cluster.records) customerById.set(id, cluster.customer);
    if (!cluster.records.some(({ id }) => changedIds.has(id))) continue;
    const identity = decideIdentity(cluster, around.customers);
    const links = decideLinks(cluster.records, (record, key) => isNewKey(around, record, key));
    customers.push({ cluster, identity, links });
    redirects.set(cluster.customer, null);
    for (const { from, to } of identity.redirects) redirects.set(from, to);
  }

  const customerOf = ({ id }: SourceRecord): CustomerId => {
    const customer = customerById.get(id);
    if (customer === undefined) throw new Error("an arrived record is in no cluster");
    return customer;
  };
  return {
    records: changed.map((record) => ({ record, customer: customerOf(record) })),
    customers,
    assigns: decideAssigns(
      arrived,
      customerOf,
      (id) => redirects.get(id) ?? id,
      around.assignments,
    ),
  };
}
