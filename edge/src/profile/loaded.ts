/** Customers of a shard as they are in memory: their stored rows, parsed once, the least recently used given back. */
import type { CustomerId } from "@regulars/shared/ids";
import { type Clamps, NO_CLAMPS } from "@regulars/shared/fragment/clamp";
import type { FragmentCopy } from "@regulars/shared/fragment/copy";
import { LIMITS } from "@regulars/shared/limits";
import { bytesOf, numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { NO_ACTIVITY } from "@regulars/shared/survivorship/activity";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { parseOwn } from "../own-json.ts";
import { type Arrival, type Marker, type Scope, stageOf } from "./markers.ts";
import { parseContribution, type ReadContribution } from "./stored-contribution.ts";

export interface LoadedFragment extends ReadContribution {
  readonly id: string;
  readonly clock: number;
  readonly sha256: string;
  readonly state: Uint8Array;
  /** The stamps of the contribution are clamped by these. */
  readonly clamps: Clamps;
  /** Since it last changed, while the customer is loaded. */
  readonly copy: FragmentCopy | null;
}

export interface LoadedCustomer {
  readonly customer: CustomerId;
  profile: Profile | null;
  stores: readonly string[];
  readonly fragments: Map<string, LoadedFragment>;
  overrides: readonly Override[];
  /** What has arrived and may not have been dropped yet where it came from. */
  arrivals: readonly Arrival[];
  readonly moved: Map<Scope, Marker>;
}

export function createLoader(storage: Storage) {
  const loaded = new Map<CustomerId, LoadedCustomer>();
  return {
    /** All of the customers, from memory or in one read; those asked for are never the ones given back. */
    async load(customers: readonly CustomerId[]): Promise<Map<CustomerId, LoadedCustomer>> {
      const wanted = new Map<CustomerId, LoadedCustomer>();
      const missing: CustomerId[] = [];
      for (const customer of new Set(customers)) {
        const known = loaded.get(customer);
        if (known) wanted.set(customer, known);
        else missing.push(customer);
      }
      for (const read of await readCustomers(storage, missing)) wanted.set(read.customer, read);
      for (const [customer, value] of wanted) {
        loaded.delete(customer); // to the young end
        loaded.set(customer, value);
      }
      for (const customer of loaded.keys()) {
        if (loaded.size <= LIMITS.loadedCustomers || wanted.has(customer)) break;
        loaded.delete(customer);
      }
      return wanted;
    },
    loaded: (customer: CustomerId): LoadedCustomer | null => loaded.get(customer) ?? null,
    /** Forgets everything: memory may be ahead of a storage whose write failed. */
    forget(): void {
      loaded.clear();
    },
  };
}

async function readCustomers(
  storage: Storage,
  customers: readonly CustomerId[],
): Promise<LoadedCustomer[]> {
  if (customers.length === 0) return [];
  const args = [JSON.stringify(customers)];
  const among = "customer in (select value from json_each(?1))";
  const [profiles = [], fragments = [], others = []] = await storage.read([
    { sql: `select customer, json, stores from profile where ${among}`, args },
    {
      sql: `select customer, id, clock, sha256, state, contribution, clamps from fragment where ${among}`,
      args,
    },
    // What few have, in one question: each costs more than its rows.
    {
      sql: `select 'moved' as what, customer, key as name, target as value, done from moved where ${among}
            union all select 'arrival', customer, scope, origin, null from arrival where ${among}
            union all select 'overrides', customer, '', json, null from overrides where ${among}`,
      args,
    },
  ]);
  const profileRows = byCustomer(profiles);
  const fragmentRows = byCustomer(fragments);
  const rowsOfKind = (what: string) =>
    byCustomer(others.filter((row) => textOf(row, "what") === what));
  const movedRows = rowsOfKind("moved");
  const overridesRows = rowsOfKind("overrides");
  const arrivalRows = rowsOfKind("arrival");
  return customers.map((customer) => {
    const profileRow = profileRows.get(customer)?.[0];
    const overridesRow = overridesRows.get(customer)?.[0];
    return {
      customer,
      profile: profileRow
        ? { ...NO_ACTIVITY, ...parseOwn<Profile>(textOf(profileRow, "json")) }
        : null,
      stores: profileRow ? parseOwn<string[]>(textOf(profileRow, "stores")) : [],
      fragments: new Map(
        (fragmentRows.get(customer) ?? []).map((row) => [textOf(row, "id"), fragmentOf(row)]),
      ),
      overrides: overridesRow ? parseOwn<Override[]>(textOf(overridesRow, "value")) : [],
      arrivals: (arrivalRows.get(customer) ?? []).map((row) => ({
        from: textOf(row, "value"),
        scope: textOf(row, "name"),
      })),
      moved: new Map(
        (movedRows.get(customer) ?? []).map((row) => [
          textOf(row, "name"),
          { target: textOf(row, "value"), stage: stageOf(numberOf(row, "done")) },
        ]),
      ),
    };
  });
}

const byCustomer = (rows: readonly Row[]) => Map.groupBy(rows, (row) => textOf(row, "customer"));

function fragmentOf(row: Row): LoadedFragment {
  return {
    id: textOf(row, "id"),
    clock: numberOf(row, "clock"),
    sha256: textOf(row, "sha256"),
    state: bytesOf(row, "state"),
    ...parseContribution(textOf(row, "contribution")),
    clamps: row["clamps"] === null ? NO_CLAMPS : parseOwn<Clamps>(textOf(row, "clamps")),
    copy: null,
  };
}
