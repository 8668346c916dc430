/**
 * Why two source records are one customer, or are not: the weight field by field, the keys, what protection has refused, and
 * what stewards have decided (IDN5). Values are left out unless somebody asks for them.
 */
import { kindOfKey } from "@regulars/shared/identity/key";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Link, Refusal } from "../matching/clusters.ts";
import type { Features } from "../matching/features.ts";
import { keyRuleOf } from "../matching/policy.ts";
import type { FieldWeight } from "../matching/weigh.ts";
import { decisionOfTag } from "../resolve/arrivals.ts";
import type { MatchingContext } from "../resolve/matching-context.ts";
import { packFeatures } from "../resolve/unit.ts";
import type { UnitState } from "../resolve/unit-changes.ts";
import { type Evidence, readEvidence } from "./read-evidence.ts";

/** A link or a refusal between two source records. */
export interface Step {
  readonly records: readonly [string, string];
  readonly kind: Link["kind"];
  readonly by: string | null;
  readonly weight: number | null;
}

export interface PairExplanation {
  readonly customers: readonly [CustomerId, CustomerId];
  readonly isSame: boolean;
  /** Resolution cannot tell them apart: the same keys, the same values. */
  readonly isSameUnit: boolean;
  readonly model: string;
  readonly policy: number;
  readonly thresholds: { readonly match: number; readonly potential: number };
  /** From the odds of any two records to those of these: prior, each field, household, total. */
  readonly waterfall: {
    readonly prior: number;
    readonly fields: readonly FieldWeight[];
    readonly household: number;
    readonly total: number;
  };
  readonly keys: readonly {
    readonly key: IdentityKey;
    readonly strength: number;
    /** Whether it may tie anybody: its value is somebody's, and not too many have it. */
    readonly ties: boolean;
  }[];
  /** The links that lead from one to the other, in the order in which they lie; empty where none do. */
  readonly path: readonly Step[];
  /** What would have joined the two customers. */
  readonly refusals: readonly (Step & { readonly reason: Refusal["reason"] })[];
  /** Stewards' decisions that name both. */
  readonly decisions: readonly { readonly id: string; readonly kind: string }[];
  readonly values?: readonly [Partial<Features>, Partial<Features>];
}

/** Null when there is no such record. */
export async function explainPair(
  storage: Storage,
  a: string,
  b: string,
  context: MatchingContext,
  withValues: boolean,
): Promise<PairExplanation | null> {
  const rows = await rowsOf(
    storage,
    "select id, unit, customer from source_record where id in (?, ?)",
    [a, b],
  );
  const of = (id: string, column: string): string | null => {
    const row = rows.find((each) => each["id"] === id);
    return row ? textOf(row, column) : null;
  };
  const [unitA, unitB] = [of(a, "unit"), of(b, "unit")];
  const customers = [of(a, "customer"), of(b, "customer")] as const;
  if (unitA === null || unitB === null || customers[0] === null || customers[1] === null)
    return null;
  const evidence = await readEvidence(storage, "id in (?, ?)", [unitA, unitB], context);
  const [one, two] = [unitA, unitB].map((id) => evidence.units.find((unit) => unit.id === id));
  if (!one || !two) return null;
  const weighed = context.weigh(one, two);
  return {
    customers: [customers[0], customers[1]],
    isSame: customers[0] === customers[1],
    isSameUnit: unitA === unitB,
    model: context.model.version,
    policy: context.policy.version,
    thresholds: context.model.thresholds,
    waterfall: {
      prior: weighed.prior,
      fields: weighed.fields,
      household: weighed.household,
      total: weighed.weight,
    },
    keys: sharedKeys(one, two, evidence, context),
    path: pathBetween(unitA, unitB, evidence),
    refusals: refusalsBetween(unitA, unitB, evidence),
    decisions: decisionsOnBoth(one, two, evidence),
    ...(withValues ? { values: [packFeatures(one.features), packFeatures(two.features)] } : {}),
  };
}

const sharedKeys = (
  one: UnitState,
  two: UnitState,
  { around }: Evidence,
  context: MatchingContext,
) =>
  one.keyList
    .filter((key) => two.keyList.includes(key))
    .map((key) => ({
      key,
      strength: keyRuleOf(context.policy, kindOfKey(key)).strength,
      ties: !around.powerless.has(key),
    }));

function decisionsOnBoth(one: UnitState, two: UnitState, { around }: Evidence) {
  const named = new Set(two.tags.map(decisionOfTag));
  const ids = [...new Set(one.tags.map(decisionOfTag))].filter((id) => named.has(id));
  return ids.flatMap((id) => around.decisions.get(id) ?? []);
}

export const stepOf = ({ a, b, kind, by, weight }: Link, { around }: Evidence): Step => {
  const recordOf = (id: string): string => around.units.get(id)?.firstRecord ?? "";
  return { records: [recordOf(a), recordOf(b)], kind, by, weight };
};

/** Links of a cluster make a tree: there is one way, or none. */
function pathBetween(from: string, to: string, evidence: Evidence): Step[] {
  const links = evidence.components.flatMap(({ clustering }) => clustering.links);
  const ways = new Map<string, readonly Link[]>([[from, []]]);
  for (let size = 0; size !== ways.size && !ways.has(to);) {
    size = ways.size;
    for (const link of links) {
      for (const [here, there] of [
        [link.a, link.b],
        [link.b, link.a],
      ] as const) {
        const way = ways.get(here);
        if (way && !ways.has(there)) ways.set(there, [...way, link]);
      }
    }
  }
  return (ways.get(to) ?? []).map((link) => stepOf(link, evidence));
}

function refusalsBetween(unitA: string, unitB: string, evidence: Evidence) {
  const clusterOf = (id: string): ReadonlySet<string> =>
    new Set(
      evidence.components
        .flatMap(({ clustering }) => clustering.clusters)
        .find((cluster) => cluster.includes(id)),
    );
  const [one, two] = [clusterOf(unitA), clusterOf(unitB)];
  return evidence.components
    .flatMap(({ clustering }) => clustering.refusals)
    .filter(({ a, b }) => (one.has(a) && two.has(b)) || (one.has(b) && two.has(a)))
    .map((refusal) => ({ ...stepOf(refusal, evidence), reason: refusal.reason }));
}

export interface CustomerExplanation {
  readonly customer: CustomerId;
  /** Links in the order in which they were made, the strongest evidence first. */
  readonly links: readonly Step[];
  /** Units with the records that cannot be told apart. */
  readonly units: readonly { readonly record: string; readonly records: readonly string[] }[];
  /** What would have joined the customer to somebody else. */
  readonly refusals: readonly (Step & { readonly reason: Refusal["reason"] })[];
}

/** How a customer came to be. Null when nobody has the id. */
export async function explainCustomer(
  storage: Storage,
  id: CustomerId,
  context: MatchingContext,
): Promise<CustomerExplanation | null> {
  const evidence = await readEvidence(
    storage,
    "customer = (select coalesce(redirect_to, id) from customer where id = ?)",
    [id],
    context,
  );
  const own = new Set(evidence.units.map((unit) => unit.id));
  const customer = evidence.units[0]?.customer;
  if (!customer) return null;
  const clusterings = evidence.components.map(({ clustering }) => clustering);
  const recordsOf = Map.groupBy(evidence.around.records, ({ unit }) => unit);
  return {
    customer,
    links: clusterings
      .flatMap(({ links }) => links)
      .filter(({ a }) => own.has(a))
      .map((link) => stepOf(link, evidence)),
    units: evidence.units.map((unit) => ({
      record: unit.firstRecord,
      records: (recordsOf.get(unit.id) ?? []).map((record) => record.id).toSorted(),
    })),
    refusals: clusterings
      .flatMap(({ refusals }) => refusals)
      .filter(({ a, b }) => own.has(a) || own.has(b))
      .map((refusal) => ({ ...stepOf(refusal, evidence), reason: refusal.reason })),
  };
}
