/**
 * One shard of the profiles, as a state machine over the storage port: it merges fragments, serves the profiles that
 * result, remembers whom to tell, and moves customers when the centre says so.
 */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { createSerial } from "@regulars/shared/serial";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { createLoader, type LoadedCustomer, type LoadedFragment } from "./loaded.ts";
import { mergeUpdate, rebuildProfile } from "./merge.ts";
import type { MergeOutcome, MergeUpdate } from "./port.ts";
import {
  fragmentStatement,
  noticeStatements,
  profileStatement,
  undeliveredStatement,
} from "./statements.ts";

export interface ShardDeps {
  readonly storage: Storage;
  readonly policy: Policy;
  /** Told after the write: profiles that changed, for whoever listens at this moment. */
  readonly onChanged: (profiles: readonly Profile[]) => void;
}

/** The profile as JSON text: whoever asked passes it on as it is. */
export type ReadAnswer = { readonly profile: string } | { readonly redirect: CustomerId } | null;

/** What a customer, or one key of it, takes along to another customer. */
export interface Leaving {
  readonly fragments: readonly Omit<LoadedFragment, "doc">[];
  readonly keys: readonly IdentityKey[];
  readonly stores: readonly string[];
}

export function createProfileShard(deps: ShardDeps) {
  const { storage, policy } = deps;
  const loader = createLoader(storage);
  const serial = createSerial();

  /** One task at a time; memory that a failed write has left ahead of storage is dropped. */
  const exclusive = <Value>(task: () => Promise<Value>): Promise<Value> =>
    serial(async () => {
      try {
        return await task();
      } catch (error) {
        loader.forget();
        throw error;
      }
    });

  async function commit(changed: readonly LoadedCustomer[], statements: Statement[]) {
    const profiles: Profile[] = [];
    for (const customer of changed) {
      if (!customer.profile) continue;
      profiles.push(customer.profile);
      statements.push(profileStatement(customer), ...noticeStatements(customer));
    }
    await storage.write(statements);
    if (profiles.length > 0) deps.onChanged(profiles);
  }

  async function merge(updates: readonly MergeUpdate[]): Promise<MergeOutcome[]> {
    const customers = await loader.load(updates.map((update) => update.customer));
    const outcomes: MergeOutcome[] = [];
    const fragments = new Map<string, Statement[]>();
    const touched = new Set<LoadedCustomer>();
    const changed = new Set<LoadedCustomer>();
    for (const update of updates) {
      const customer = customerIn(customers, update.customer);
      const merged = mergeUpdate(customer, update);
      outcomes.push(merged.outcome);
      if (merged.outcome.outcome !== "merged") continue;
      if (addStore(customer, update.store)) changed.add(customer);
      if (!merged.changed) continue;
      touched.add(customer);
      fragments.set(`${update.customer}/${merged.changed.id}`, [
        fragmentStatement(update.customer, merged.changed),
        undeliveredStatement(update.customer, merged.changed),
      ]);
    }
    for (const customer of touched) {
      rebuildProfile(customer, policy);
      changed.add(customer);
    }
    await commit([...changed], [...fragments.values()].flat());
    return outcomes;
  }

  async function read(customer: CustomerId): Promise<ReadAnswer> {
    const [profiles = [], moved = []] = await storage.read([
      { sql: "select json from profile where customer = ?", args: [customer] },
      { sql: "select target from moved where customer = ? and key = ''", args: [customer] },
    ]);
    const [redirect] = moved;
    if (redirect) return { redirect: textOf(redirect, "target") };
    const [profile] = profiles;
    return profile ? { profile: textOf(profile, "json") } : null;
  }

  return {
    merge: (updates: readonly MergeUpdate[]) => exclusive(() => merge(updates)),
    read,

    /** The store keeps this customer in its working set from now on. */
    addInterest: (customerId: CustomerId, store: string): Promise<void> =>
      exclusive(async () => {
        const customer = customerIn(await loader.load([customerId]), customerId);
        if (customer.profile && addStore(customer, store)) await commit([customer], []);
      }),

    /** Answers where the customer lives on, if not here. */
    setGolden: (customerId: CustomerId, version: number): Promise<CustomerId | null> =>
      exclusive(async () => {
        const customer = customerIn(await loader.load([customerId]), customerId);
        const moved = customer.moved.get("");
        if (moved) return moved.target;
        const { profile } = customer;
        if (profile && profile.golden < version) {
          customer.profile = { ...profile, golden: version, version: profile.version + 1 };
          await commit([customer], []);
        }
        return null;
      }),

    /**
     * First step of a move: from here on, updates of these keys (of all, where `key` is null) are answered `busy`,
     * and what there is of them is handed out. Repeated, it hands out the same again.
     */
    leave: (from: CustomerId, key: IdentityKey | null, to: CustomerId): Promise<Leaving> =>
      exclusive(async () => {
        const customer = customerIn(await loader.load([from]), from);
        const known = customer.moved.get(key ?? "");
        if (!known?.done) {
          await storage.write([movedStatement(from, key, to, false)]);
          customer.moved.set(key ?? "", { target: to, done: false });
        }
        const fragments = leavingFragments(customer, key);
        return {
          fragments: fragments.map(({ doc: _doc, ...fragment }) => fragment),
          keys: [...new Set(fragments.flatMap((each) => Object.keys(each.contribution.keys)))],
          stores: customer.stores,
        };
      }),

    /** Second step: takes the fragments in. A copy that is already here and newer stays. */
    arrive: (to: CustomerId, leaving: Leaving): Promise<void> =>
      exclusive(async () => {
        const customer = customerIn(await loader.load([to]), to);
        const statements: Statement[] = [];
        let isRebuilt = false;
        for (const fragment of leaving.fragments) {
          if ((customer.fragments.get(fragment.id)?.clock ?? 0) >= fragment.clock) continue;
          customer.fragments.set(fragment.id, { ...fragment, doc: null });
          statements.push(fragmentStatement(to, fragment), undeliveredStatement(to, fragment));
          isRebuilt = true;
        }
        const keys = leaving.fragments.map(({ contribution }) => contribution.key);
        for (const key of new Set(["", ...keys])) statements.push(...backStatements(customer, key));
        if (customer.fragments.size === 0) return storage.write(statements);
        const isNews = leaving.stores.map((store) => addStore(customer, store)).includes(true);
        if (isRebuilt || !customer.profile) rebuildProfile(customer, policy);
        await commit(isNews || isRebuilt ? [customer] : [], statements);
      }),

    /** Last step: what has arrived elsewhere is dropped here, and the answer becomes `moved`. */
    left: (from: CustomerId, key: IdentityKey | null, to: CustomerId): Promise<void> =>
      exclusive(async () => {
        const customer = customerIn(await loader.load([from]), from);
        const gone = leavingFragments(customer, key);
        const statements: Statement[] = gone.flatMap(({ id }) => [
          { sql: "delete from fragment where customer = ? and id = ?", args: [from, id] },
          { sql: "delete from undelivered where customer = ? and id = ?", args: [from, id] },
        ]);
        for (const { id } of gone) customer.fragments.delete(id);
        const isEmpty = customer.fragments.size === 0;
        for (const movedKey of isEmpty ? [key, null] : [key]) {
          statements.push(movedStatement(from, movedKey, to, true));
          customer.moved.set(movedKey ?? "", { target: to, done: true });
        }
        if (isEmpty) statements.push(...noticeStatements(customer));
        else rebuildProfile(customer, policy);
        await commit(isEmpty ? [] : [customer], statements);
      }),
  };
}

export type ProfileShardMachine = ReturnType<typeof createProfileShard>;

/** Profiles changed for stores that do not know it yet, by store. */
export async function waitingNotices(storage: Storage, max: number) {
  return rowsOf(
    storage,
    `select n.store, n.customer, n.version, p.json, p.version as profile_version, m.target
     from notice n left join profile p on p.customer = n.customer
     left join moved m on m.customer = n.customer and m.key = '' and m.done = 1
     order by n.store limit ?`,
    [max],
  );
}

function leavingFragments(customer: LoadedCustomer, key: IdentityKey | null): LoadedFragment[] {
  return [...customer.fragments.values()].filter(
    ({ contribution }) => key === null || contribution.key === key,
  );
}

/** A key that comes back (a decision undone) is at home again; '' stands for the customer. */
function backStatements(customer: LoadedCustomer, key: IdentityKey | ""): Statement[] {
  if (!customer.moved.delete(key)) return [];
  const sql = "delete from moved where customer = ? and key = ?";
  return [{ sql, args: [customer.customer, key] }];
}

function movedStatement(
  from: CustomerId,
  key: IdentityKey | null,
  to: CustomerId,
  done: boolean,
): Statement {
  return {
    sql: `insert into moved (customer, key, target, done) values (?, ?, ?, ?)
          on conflict (customer, key) do update set target = excluded.target, done = excluded.done`,
    args: [from, key ?? "", to, done ? 1 : 0],
  };
}

function addStore(customer: LoadedCustomer, store: string): boolean {
  if (customer.stores.includes(store)) return false;
  customer.stores = [...customer.stores, store].toSorted();
  return true;
}

function customerIn(
  customers: ReadonlyMap<CustomerId, LoadedCustomer>,
  id: CustomerId,
): LoadedCustomer {
  const customer = customers.get(id);
  if (!customer) throw new Error("a customer that was loaded is not there");
  return customer;
}
