/**
 * One shard of the profiles, as a state machine over the storage port: it merges fragments, serves the profiles that
 * result, remembers whom to tell, and moves customers when the centre says so.
 */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { LoadedCustomer } from "./loaded.ts";
import { mergeUpdate, rebuildProfile } from "./merge.ts";
import { arrive, leave, type Leaving, left } from "./move.ts";
import type { MergeOutcome, MergeUpdate } from "./port.ts";
import { addStore, createSession, type Session, type ShardDeps } from "./session.ts";
import { fragmentStatement, undeliveredStatement } from "./statements.ts";

/** The profile as JSON text: whoever asked passes it on as it is. */
export type ReadAnswer = { readonly profile: string } | { readonly redirect: CustomerId } | null;

export function createProfileShard(deps: ShardDeps) {
  const session = createSession(deps);
  const exclusive: Session["exclusive"] = (task) => session.exclusive(task);
  return {
    merge: (updates: readonly MergeUpdate[]) => exclusive(() => merge(session, updates)),
    read: (customer: CustomerId) => read(deps.storage, customer),
    addInterest: (customer: CustomerId, store: string) =>
      exclusive(() => addInterest(session, customer, store)),
    setGolden: (customer: CustomerId, version: number) =>
      exclusive(() => setGolden(session, customer, version)),
    leave: (from: CustomerId, key: IdentityKey | null, to: CustomerId) =>
      exclusive(() => leave(session, from, key, to)),
    arrive: (to: CustomerId, leaving: Leaving) => exclusive(() => arrive(session, to, leaving)),
    left: (from: CustomerId, key: IdentityKey | null, to: CustomerId) =>
      exclusive(() => left(session, from, key, to)),
  };
}

export type ProfileShardMachine = ReturnType<typeof createProfileShard>;

async function merge(session: Session, updates: readonly MergeUpdate[]): Promise<MergeOutcome[]> {
  const customerOf = await session.load(updates.map((update) => update.customer));
  const outcomes: MergeOutcome[] = [];
  const statements = new Map<string, Statement[]>();
  const touched = new Set<LoadedCustomer>();
  const changed = new Set<LoadedCustomer>();
  for (const update of updates) {
    const customer = customerOf(update.customer);
    const merged = mergeUpdate(customer, update);
    outcomes.push(merged.outcome);
    if (merged.outcome.outcome !== "merged") continue;
    if (addStore(customer, update.store)) changed.add(customer);
    if (!merged.changed) continue;
    touched.add(customer);
    // Of several updates to one fragment only the last state is written.
    statements.set(`${update.customer}/${merged.changed.id}`, [
      fragmentStatement(update.customer, merged.changed),
      undeliveredStatement(update.customer, merged.changed),
    ]);
  }
  for (const customer of touched) {
    rebuildProfile(customer, session.policy);
    changed.add(customer);
  }
  await session.commit([...changed], [...statements.values()].flat());
  return outcomes;
}

/** While a customer is on the move, the old place still answers. */
async function read(storage: Storage, customer: CustomerId): Promise<ReadAnswer> {
  const [profiles = [], moved = []] = await storage.read([
    { sql: "select json from profile where customer = ?", args: [customer] },
    {
      sql: "select target from moved where customer = ? and key = '' and done = 1",
      args: [customer],
    },
  ]);
  const [redirect] = moved;
  if (redirect) return { redirect: textOf(redirect, "target") };
  const [profile] = profiles;
  return profile ? { profile: textOf(profile, "json") } : null;
}

async function addInterest(session: Session, id: CustomerId, store: string): Promise<void> {
  const customer = (await session.load([id]))(id);
  if (customer.profile && addStore(customer, store)) await session.commit([customer], []);
}

/** Answers where the customer lives on, if not here. */
async function setGolden(
  session: Session,
  id: CustomerId,
  version: number,
): Promise<CustomerId | null> {
  const customer = (await session.load([id]))(id);
  const moved = customer.moved.get("");
  if (moved) return moved.target;
  const { profile } = customer;
  if (profile && profile.golden < version) {
    customer.profile = { ...profile, golden: version, version: profile.version + 1 };
    await session.commit([customer], []);
  }
  return null;
}
