/**
 * Identity resolution of what has arrived, or is looked at again: from records to units, pairs, components, clusters and
 * customers. Reads only the neighbourhood, and ends where one batch over all records would (IDN2).
 */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { type Arrivals, type Occasion, readArrivals } from "./arrivals.ts";
import { type Component, componentsOf } from "./components.ts";
import { readFiling } from "./filing.ts";
import { letGoEmpty } from "./empty-units.ts";
import { decideIdentity, type IdentityDecision } from "./identity.ts";
import type { MatchingContext } from "./matching-context.ts";
import { type Naming, nameCustomers } from "./naming.ts";
import { decidePairs } from "./pair-changes.ts";
import { type PotentialChange, potentialChangeOf } from "./potential.ts";
import { readSurroundings, type Surroundings } from "./surroundings.ts";
import { readUnitChanges, type UnitState } from "./unit-changes.ts";
import { identityStatements, recordStatements } from "./write-identity.ts";
import { evidenceStatements, pairStatements, unitStatements } from "./write-units.ts";

export interface Resolution {
  readonly arrivals: Arrivals;
  /** Null when nothing that has arrived is news to resolution: everybody stays who they were. */
  readonly resolved: Resolved | null;
}

export interface Resolved {
  readonly around: Surroundings;
  readonly naming: Naming;
  readonly identity: IdentityDecision;
  readonly unitOfRecord: ReadonlyMap<string, string>;
  readonly components: readonly Component[];
  readonly potential: PotentialChange;
  /** But for those of the records that have arrived, and golden records. */
  readonly statements: readonly Statement[];
}

export async function examine(
  storage: Storage,
  occasion: Occasion,
  context: MatchingContext,
  nowMs: number,
): Promise<Resolution> {
  const arrivals = await readArrivals(storage, occasion, context);
  if (arrivals.moving.length === 0) return { arrivals, resolved: null };
  const units = await readUnitChanges(storage, arrivals.moving, occasion.again);
  /** As if they had never been. */
  const without = async (empty: readonly UnitState[]): Promise<Resolution> => {
    await letGoEmpty(storage, empty, context, nowMs);
    return examine(storage, occasion, context, nowMs);
  };
  if (units.empty.length > 0) return without(units.empty);
  const filing = await readFiling(storage, units, context);
  const pairs = await decidePairs(storage, units, filing, context);
  const { pending } = occasion;
  const around = await readSurroundings(storage, { units, filing, pairs, pending }, context);
  if (around.empty.length > 0) return without(around.empty);
  const components: Component[] = componentsOf(around, context);
  const naming = await nameCustomers(storage, around, components);
  const identity = decideIdentity(naming, around.records);
  const moving = new Set(arrivals.moving.map(({ id }) => id));
  const statements = [
    ...identityStatements(identity, nowMs),
    ...unitStatements(units, filing, components, naming),
    ...pairStatements(pairs, units),
    ...evidenceStatements(around, components, nowMs),
    ...recordStatements(around.records, naming, moving),
  ];
  const unitOfRecord = new Map(around.records.map(({ id, unit }) => [id, unit]));
  const customerOf = new Map(
    naming.clusters.flatMap(({ customer, units: ids }) => ids.map((id) => [id, customer] as const)),
  );
  const potential = potentialChangeOf(units, pairs, around, components, (id) => customerOf.get(id));
  return {
    arrivals,
    resolved: { around, naming, identity, unitOfRecord, components, potential, statements },
  };
}

/** Whose a record is after all. */
export function customerAfter({ arrivals, resolved }: Resolution, record: string): CustomerId {
  const customer =
    resolved?.naming.customerOfRecord.get(record) ?? arrivals.stored.get(record)?.customer;
  if (customer === undefined) throw new Error("a record without a customer");
  return customer;
}

/** Where an id leads after all; nothing where it was never given out by the centre. */
export function targetAfter(
  { arrivals, resolved }: Resolution,
  id: CustomerId,
): CustomerId | undefined {
  const target = resolved?.naming.targets.get(id);
  if (target !== undefined) return target;
  const stored = resolved?.naming.customers.get(id) ?? arrivals.customers.get(id);
  if (!stored) return undefined;
  const next = stored.redirectTo ?? id;
  return resolved?.naming.targets.get(next) ?? next;
}
