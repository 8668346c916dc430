/** What the edge hears of a resolution: moves, and again what it seems to have forgotten. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";
import { numberOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ArrivedRecord } from "../intake/source-record.ts";
import { customerAfter, type Resolution, targetAfter } from "./examine.ts";
import { decideMoves, keysToMove, type Placement } from "./moves.ts";

export async function decisionsForEdge(
  storage: Storage,
  resolution: Resolution,
  arrived: readonly ArrivedRecord[],
): Promise<Decision[]> {
  const placements = placementsOf(resolution, arrived);
  const targetOf = (id: CustomerId) => targetAfter(resolution, id);
  const keys = keysToMove(placements, targetOf);
  const owners = await readOwners(storage, resolution, keys);
  const told = new Set(resolution.resolved?.identity.redirects.map(({ from }) => from));
  return decideMoves(placements, targetOf, (key) => owners.get(key) === 1).filter(
    (decision) => decision.kind !== "redirect" || !told.has(decision.from),
  );
}

/** What has arrived, where the edge says it is; what has moved besides, where it was last seen and where it should have been. */
function placementsOf(resolution: Resolution, arrived: readonly ArrivedRecord[]): Placement[] {
  const isHere = new Set(arrived.map(({ id }) => id));
  const naming = resolution.resolved?.naming;
  const others = resolution.resolved?.around.records ?? [];
  const hasReturned = new Set(resolution.resolved?.identity.returned);
  return [
    ...arrived.map(({ id, edgeCustomer }) => ({
      id,
      customer: customerAfter(resolution, id),
      places: [edgeCustomer],
    })),
    ...others.flatMap(({ id, customer: was, placed }): Placement[] => {
      const customer = naming?.customerOfRecord.get(id);
      if (isHere.has(id) || customer === undefined || was === null) return [];
      if (was !== customer) return [{ id, customer, places: [was, placed] }];
      // The redirect that would have brought it here is no more, and may not have been heard of.
      return placed !== null && hasReturned.has(placed) ? [{ id, customer, places: [placed] }] : [];
    }),
  ];
}

/** How many customers have fragments of each key. */
async function readOwners(
  storage: Storage,
  { resolved }: Resolution,
  keys: readonly IdentityKey[],
): Promise<ReadonlyMap<IdentityKey, number>> {
  const owners = new Map<IdentityKey, number>();
  if (keys.length === 0) return owners;
  const around = new Map<IdentityKey, Set<CustomerId>>();
  for (const { id, key } of resolved?.around.records ?? []) {
    const customer = resolved?.naming.customerOfRecord.get(id) ?? "";
    around.set(key, (around.get(key) ?? new Set()).add(customer));
  }
  // Whoever names a key that ties nobody may be anywhere: it counts as shared.
  for (const [key, customers] of around) {
    owners.set(key, resolved?.around.powerless.has(key) ? Infinity : customers.size);
  }
  const unread = keys.filter((key) => !owners.has(key));
  if (unread.length === 0) return owners;
  const [rows = []] = await storage.read([
    {
      sql: `select own_key, count(distinct customer) as owners from unit
            where own_key in (select value from json_each(?)) group by own_key`,
      args: [JSON.stringify(unread)],
    },
  ]);
  for (const row of rows) owners.set(textOf(row, "own_key"), numberOf(row, "owners"));
  return owners;
}

/** Told once more what is golden: a fragment that comes again as it is here was sent by an edge that lost an answer, or its disk. */
export function remindersOfGolden(
  resolution: Resolution,
  arrived: readonly ArrivedRecord[],
  derived: ReadonlySet<CustomerId>,
): Decision[] {
  const { arrivals, resolved } = resolution;
  const customers = new Set(
    arrived
      .filter(({ id, clock }) => arrivals.stored.get(id)?.clock === clock)
      .map(({ id }) => customerAfter(resolution, id)),
  );
  return [...customers].flatMap((customer): Decision[] => {
    const stored = resolved?.naming.customers.get(customer) ?? arrivals.customers.get(customer);
    const version = stored?.version ?? 0;
    return version > 0 && !derived.has(customer) ? [{ kind: "golden", customer, version }] : [];
  });
}
