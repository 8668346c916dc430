/**
 * Deterministic resolution: source records that name one identity key are one customer. A pure function of the set
 * of records, so that no order, repetition or partition of arrivals can change its result (IDN2).
 */
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { type CustomerId, customerIdOf, type IdentityKey } from "@regulars/shared/ids";

export interface Linkable {
  readonly id: string;
  readonly contribution: Pick<Contribution, "key" | "keys" | "first">;
}

export interface Cluster<Item extends Linkable> {
  /** The id of the customer: that of the key whose record is the earliest. */
  readonly customer: CustomerId;
  /** Ids of the other keys of its records, which may have been given out as well: they redirect to `customer`. */
  readonly redirects: readonly CustomerId[];
  readonly records: readonly Item[];
}

export function clustersOf<Item extends Linkable>(records: readonly Item[]): Cluster<Item>[] {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  const recordByKey = new Map<IdentityKey, string>();
  for (const { id, contribution } of records) {
    for (const key of Object.keys(contribution.keys)) {
      const other = recordByKey.get(key);
      if (other === undefined) recordByKey.set(key, id);
      else if (rootOf(other) !== rootOf(id)) parents.set(rootOf(id), rootOf(other));
    }
  }
  const groups = Map.groupBy(records, ({ id }) => rootOf(id));
  return [...groups.values()].map((group) => clusterOf(group));
}

/** Orders by first appearance. Stamps of one writer differ, and name their writer; the id settles the rest. */
export function compareFirst(a: Linkable, b: Linkable): number {
  const [left, right] = [a, b].map(({ id, contribution: { first, key } }) => [first, key, id]);
  for (const [at, text] of (left ?? []).entries()) {
    const other = right?.[at] ?? "";
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

function clusterOf<Item extends Linkable>(group: readonly Item[]): Cluster<Item> {
  const records = group.toSorted(compareFirst);
  const keys = new Set(records.map(({ contribution }) => contribution.key));
  const [customer, ...redirects] = [...keys].map((key) => customerIdOf(key));
  if (customer === undefined) throw new Error("a cluster without records");
  return { customer, redirects, records };
}
