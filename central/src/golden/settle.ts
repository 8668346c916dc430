/** Golden records of those whom a resolution has changed, and what the edge hears of it: the rest of the one write. */
import type { Contribution } from "@regulars/shared/fragment/contribution";
import type { CustomerId } from "@regulars/shared/ids";
import { type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { contributionIn } from "../db/packed-columns.ts";
import { customerAfter, type Resolution, targetAfter } from "../resolve/examine.ts";
import { type Cause, causeOfArrival } from "./cause.ts";
import { goldenOf, type GoldenState } from "./golden.ts";
import { overrideOf, overridesQuery, publishOverrides } from "./overrides.ts";
import { goldenStatements, versionAfter } from "./write-golden.ts";

export interface Settled {
  /** Whose golden records were derived. */
  readonly customers: ReadonlySet<CustomerId>;
  /** Which version each of them has now. */
  readonly versions: ReadonlyMap<CustomerId, number>;
  /** What was derived. */
  readonly states: ReadonlyMap<CustomerId, GoldenState>;
  readonly statements: readonly Statement[];
}

export async function settleGolden(
  storage: Storage,
  resolution: Resolution,
  policy: Policy,
  nowMs: number,
  cause: Cause | null = null,
): Promise<Settled> {
  const moved = movedRecords(resolution);
  const customers = customersToDerive(resolution, moved);
  const members = membersOf(resolution, customers);
  const { contributions, overrides } = await readMembers(storage, resolution, members);
  const arrived = new Set(resolution.arrivals.changed.map(({ id }) => id));
  const versions = new Map<CustomerId, number>();
  const states = new Map<CustomerId, GoldenState>();
  const statements = [...members].flatMap(([customer, ids]) => {
    const records = ids.map((id) => ({ id, clock: 0, contribution: contributions(id) }));
    const own = overrides.filter(({ fragment }) => ids.includes(fragment));
    const state = goldenOf(records.map(({ contribution }) => contribution), policy, own); // prettier-ignore
    const standing = standingOf(resolution, customer);
    const reason = cause ?? causeOfArrival(records, (id) => arrived.has(id));
    versions.set(customer, versionAfter(standing, state));
    states.set(customer, state);
    return goldenStatements(customer, standing, state, nowMs, reason);
  });
  return {
    customers,
    versions,
    states,
    statements: [...statements, ...overridesMoved(moved, members, overrides)],
  };
}

interface Moved {
  readonly id: string;
  readonly from: CustomerId;
  readonly to: CustomerId;
}

/** Records that were another customer's. */
function movedRecords({ resolved }: Resolution): Moved[] {
  return (resolved?.around.records ?? []).flatMap(({ id, customer: from }) => {
    const to = resolved?.naming.customerOfRecord.get(id);
    return from === null || to === undefined || from === to ? [] : [{ id, from, to }];
  });
}

function customersToDerive(resolution: Resolution, moved: readonly Moved[]): Set<CustomerId> {
  const { arrivals, resolved } = resolution;
  const customers = new Set(arrivals.changed.map(({ id }) => customerAfter(resolution, id)));
  for (const { from, to } of moved) {
    customers.add(to);
    if (targetAfter(resolution, from) === from) customers.add(from);
  }
  // An id that is active again, under whatever records.
  for (const { customer } of resolved?.naming.clusters ?? []) {
    if ((resolved?.naming.customers.get(customer)?.digest ?? null) === null)
      customers.add(customer);
  }
  return customers;
}

function membersOf(
  { arrivals, resolved }: Resolution,
  customers: ReadonlySet<CustomerId>,
): Map<CustomerId, string[]> {
  const members = new Map<CustomerId, string[]>();
  for (const { customer, records } of resolved?.naming.clusters ?? []) {
    if (customers.has(customer)) members.set(customer, records.map(({ id }) => id)); // prettier-ignore
  }
  for (const { id, customer } of arrivals.stored.values()) {
    if (!customers.has(customer) || resolved?.naming.customerOfRecord.has(id)) continue;
    members.set(customer, [...(members.get(customer) ?? []), id]);
  }
  return members;
}

async function readMembers(
  storage: Storage,
  { arrivals }: Resolution,
  members: ReadonlyMap<CustomerId, readonly string[]>,
) {
  const ids = [...members.values()].flat();
  const known = new Map<string, Contribution>();
  for (const { id, contribution } of arrivals.stored.values()) known.set(id, contribution);
  for (const { id, contribution } of arrivals.changed) known.set(id, contribution);
  const unknown = ids.filter((id) => !known.has(id));
  const [decided = [], rows = []] = await storage.read([
    overridesQuery("select value from json_each(?)", [JSON.stringify(ids)]),
    ...(unknown.length === 0
      ? []
      : [
          {
            sql: `select id, contribution from source_record
                  where id in (select value from json_each(?))`,
            args: [JSON.stringify(unknown)],
          },
        ]),
  ]);
  for (const row of rows) {
    const contribution = contributionIn(row);
    known.set(textOf(row, "id"), contribution);
  }
  return {
    overrides: decided.map((row) => overrideOf(row)),
    contributions: (id: string): Contribution => {
      const contribution = known.get(id);
      if (!contribution) throw new Error("a record without a contribution");
      return contribution;
    },
  };
}

const standingOf = ({ arrivals, resolved }: Resolution, customer: CustomerId) =>
  resolved?.naming.customers.get(customer) ?? arrivals.customers.get(customer);

/** Where a record with decisions has come to a customer or left it, the edge has to hear what holds there now. */
function overridesMoved(
  moved: readonly Moved[],
  members: ReadonlyMap<CustomerId, readonly string[]>,
  overrides: readonly Override[],
): Statement[] {
  const decided = moved.filter(({ id }) => overrides.some(({ fragment }) => fragment === id));
  const affected = new Set(decided.flatMap(({ from, to }) => [from, to]));
  return [...affected].flatMap((customer) => {
    const ids = members.get(customer);
    if (!ids) return [];
    return [
      publishOverrides(
        customer,
        overrides.filter(({ fragment }) => ids.includes(fragment)),
      ),
    ];
  });
}
