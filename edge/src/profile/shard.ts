/**
 * One shard of the profiles, as a state machine over the storage port: it merges fragments, serves the profiles that
 * result, remembers whom to tell, and moves customers when the centre says so.
 */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { GoldenVersion } from "@regulars/shared/protocol/intake";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Statement } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { type BackgroundDeps, createBackground, type RoundResult } from "../background.ts";
import { comparePage, compareThese } from "./compare.ts";
import { type CentralPort, deliverRound, type NeedsPort } from "./deliver.ts";
import type { LoadedCustomer } from "./loaded.ts";
import { type Merged, mergeRun, rebuildProfile } from "./merge.ts";
import type { Scope } from "./markers.ts";
import { mend, type Mended } from "./mend.ts";
import { arrive, type Arriving, cede, leave, type Leaving, left, settle } from "./move.ts";
import { createOwed, type OwedFragment } from "./owed.ts";
import { notifyRound, type StoresPort } from "./notify.ts";
import { setOverrides } from "./overrides.ts";
import { held, point, standing, whereIs } from "./places.ts";
import { createPolicyKeeper, rebuildRound } from "./policy.ts";
import type { MergeOutcome, MergeUpdate } from "./port.ts";
import {
  type ReadAnswer,
  readProfile,
  readView,
  type ViewAnswer,
  type ViewQuestion,
} from "./read.ts";
import { reportOf, type ShardReport, unfinishedOf } from "./report.ts";
import { setGolden } from "./set-golden.ts";
import { addStore, createSession, type Session, type ShardDeps } from "./session.ts";
import { fragmentStatement, undeliveredStatement } from "./statements.ts";
import { PROFILE_MIGRATIONS } from "./tables.ts";

export interface ProfileShardDeps extends ShardDeps, BackgroundDeps {
  readonly stores: StoresPort & NeedsPort;
  readonly central: CentralPort;
  /** How long stores may wait for news that nobody waits for. */
  readonly quietNoticeMs: number;
  /** Lets go of listeners whose time is over; answers when the next one's is, or null. */
  readonly expireListeners?: (nowMs: number) => number | null;
}

// oxlint-disable-next-line max-lines-per-function -- a table of what a shard can do
export function createProfileShard(deps: ProfileShardDeps) {
  const { storage, stores, central } = deps;
  const policy = createPolicyKeeper(storage, deps.policy);
  const owed = createOwed(storage);
  const session = createSession(deps, owed, policy.current);
  const background = createBackground(deps, {
    notify: {
      gapMs: LIMITS.notifyGapMs,
      run: () => notifyRound(storage, owed, stores, deps.nowMs()),
    },
    deliver: {
      gapMs: LIMITS.deliverGapMs,
      doneGapMs: LIMITS.deliverDoneGapMs,
      run: () => deliverRound(storage, owed, central, stores, deps.onChanged),
    },
    listeners: { gapMs: 0, run: () => expireRound(deps) },
    rebuild: {
      gapMs: LIMITS.rebuildGapMs,
      run: async () => {
        const rebuilt = await session.exclusive(() => rebuildRound(session, times().quietMs));
        if (rebuilt) background.kick();
        return rebuilt ? "again" : "idle";
      },
    },
  });
  const times = (): Times => {
    const nowMs = deps.nowMs();
    return { nowMs, quietMs: nowMs + deps.quietNoticeMs };
  };
  /** What leaves notices or deliveries behind. */
  async function exclusive<Value>(task: () => Promise<Value>): Promise<Value> {
    const value = await session.exclusive(task);
    background.kick();
    return value;
  }
  return {
    async open() {
      await migrate(storage, PROFILE_MIGRATIONS);
      await policy.open();
      await owed.open();
    },
    merge: (updates: readonly MergeUpdate[]) => exclusive(() => merge(session, updates, times())),
    /** The stored profile; with a store, that store keeps the customer in its working set from now on. */
    async read(customer: CustomerId, store?: string): Promise<ReadAnswer> {
      if (store !== undefined) await exclusive(() => addInterest(session, customer, store));
      return readProfile(storage, customer);
    },
    /** The stored view, and how fresh it is; with a store as above. */
    async view(customer: CustomerId, question: ViewQuestion, store?: string): Promise<ViewAnswer> {
      if (store !== undefined) await exclusive(() => addInterest(session, customer, store));
      return readView(storage, owed, customer, question);
    },
    setGolden: (goldens: readonly GoldenVersion[]) =>
      exclusive(() => setGolden(session, goldens, times().quietMs)),
    whereIs: (customer: CustomerId, about: Scope) =>
      session.exclusive(() => whereIs(session, customer, about)),
    held: (customer: CustomerId, key: IdentityKey) =>
      session.exclusive(() => held(session, customer, key)),
    standing: (customer: CustomerId) => session.exclusive(() => standing(session, customer)),
    leave: (from: CustomerId, scope: Scope, to: CustomerId) =>
      session.exclusive(() => leave(session, from, scope, to)),
    cede: (from: CustomerId, key: IdentityKey, to: CustomerId) =>
      session.exclusive(() => cede(session, from, key, to)),
    arrive: (arriving: Arriving, leaving: Leaving) =>
      exclusive(() => arrive(session, arriving, leaving)),
    settle: (arriving: Arriving) => session.exclusive(() => settle(session, arriving)),
    left: (from: CustomerId, scope: Scope, to: CustomerId, keys: readonly IdentityKey[]) =>
      exclusive(() => left(session, from, scope, to, keys)),
    point: (customer: CustomerId, fragment: string, to: CustomerId) =>
      session.exclusive(() => point(session, customer, fragment, to)),
    setOverrides: (customer: CustomerId, overrides: readonly Override[]) =>
      exclusive(() => setOverrides(session, customer, overrides)),
    setPolicy: (published: Policy) => exclusive(() => policy.set(published)),
    comparePage: (after: string) =>
      comparePage(storage, owed.owes, policy.current().version, after),
    compareThese: (customers: readonly CustomerId[]) =>
      compareThese(storage, owed.owes, policy.current().version, customers),
    mend: (customers: readonly Mended[]) => exclusive(() => mend(session, customers, times())),
    async report(): Promise<ShardReport> {
      const { fragments, notices } = owed.all();
      const report = await reportOf(storage, deps.nowMs());
      return {
        ...report,
        notices: report.notices + notices.length,
        undelivered: report.undelivered + fragments.length,
      };
    },
    unfinished: () => unfinishedOf(storage),
    /** Looks for work whose alarm was lost, and when the next listener's time is over. */
    sweep: () => background.kick(),
    async alarm(): Promise<void> {
      await background.alarm();
      if (await session.exclusive(() => owed.settle())) background.kick();
    },
  };
}

function expireRound({ expireListeners, nowMs }: ProfileShardDeps): Promise<RoundResult> {
  const atMs = expireListeners?.(nowMs()) ?? null;
  return Promise.resolve(atMs === null ? "idle" : { atMs });
}

export type ProfileShardMachine = ReturnType<typeof createProfileShard>;

interface Times {
  readonly nowMs: number;
  /** When stores are told what nobody waits for. */
  readonly quietMs: number;
}

async function merge(
  session: Session,
  updates: readonly MergeUpdate[],
  { nowMs, quietMs }: Times,
): Promise<MergeOutcome[]> {
  const customerOf = await session.load(updates.map((update) => update.customer));
  const outcomes: MergeOutcome[] = [];
  const markers: Statement[] = [];
  const statements = new Map<string, Statement>();
  const undelivered = new Map<string, OwedFragment>();
  const touched = new Set<LoadedCustomer>();
  const changed = new Set<LoadedCustomer>();
  function take(customer: LoadedCustomer, { store }: MergeUpdate, merged: Merged): void {
    outcomes.push(merged.outcome);
    markers.push(...(merged.markers ?? []));
    if (merged.outcome.outcome !== "merged") return;
    if (store !== null && addStore(customer, store)) changed.add(customer);
    const { changed: fragment = merged.again } = merged;
    if (!fragment) return;
    const name = `${customer.customer}/${fragment.id}`;
    const { id, clock } = fragment;
    undelivered.set(name, { customer: customer.customer, id, clock });
    if (!merged.changed) return;
    touched.add(customer);
    // Of several updates to one fragment only the last state is written.
    statements.set(name, fragmentStatement(customer.customer, fragment));
  }
  for (const run of runsOf(updates)) {
    const customer = customerOf(run.customer);
    for (const [at, merged] of mergeRun(customer, run.updates, nowMs).entries()) {
      take(customer, run.updates[at] ?? run.first, merged);
    }
  }
  for (const customer of touched) {
    rebuildProfile(customer, session.policy());
    changed.add(customer);
  }
  const isBacklog = updates.every(({ backlog = false }) => backlog);
  const written = [...markers, ...statements.values()];
  const fragments = [...undelivered.values()];
  if (isBacklog) {
    written.push(...fragments.map((each) => undeliveredStatement(each)));
    await session.commit([...changed], written, quietMs);
  } else await session.commitNow([...changed], written, fragments);
  return outcomes;
}

interface Run {
  readonly customer: CustomerId;
  readonly first: MergeUpdate;
  readonly updates: MergeUpdate[];
}

/** Updates of one fragment that follow each other, together. */
function runsOf(updates: readonly MergeUpdate[]): Run[] {
  const runs: Run[] = [];
  for (const update of updates) {
    const run = runs.at(-1);
    if (run && isOfOne(run.first, update)) run.updates.push(update);
    else runs.push({ customer: update.customer, first: update, updates: [update] });
  }
  return runs;
}

const isOfOne = (one: MergeUpdate, other: MergeUpdate): boolean =>
  one.customer === other.customer &&
  one.key === other.key &&
  one.source === other.source &&
  one.epoch === other.epoch;

async function addInterest(session: Session, id: CustomerId, store: string): Promise<void> {
  const customer = (await session.load([id]))(id);
  if (customer.profile && addStore(customer, store)) await session.commit([customer], []);
}
