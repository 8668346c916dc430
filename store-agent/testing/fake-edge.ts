/**
 * An edge in memory that keeps its promises: it checks the chain, applies updates only in order, and merges profiles
 * with the real function. The real one is met in the tests across tiers.
 */
import { base64ToBytes } from "@regulars/shared/digest";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { applyUpdate, clockOf, openDocument } from "@regulars/shared/fragment/document";
import { readContribution } from "@regulars/shared/fragment/fragment";
import { decideUpdate } from "@regulars/shared/fragment/update";
import { clientIdOf, type CustomerId, customerIdOf, fragmentIdOf } from "@regulars/shared/ids";
import type { FragmentUpdate, Item } from "@regulars/shared/protocol/item";
import { type Marks, NO_MARKS } from "@regulars/shared/protocol/marks";
import type { Change, PullAnswer } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { fail, ok } from "@regulars/shared/result";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { buildProfile, type Profile } from "@regulars/shared/survivorship/profile";
import { NOON } from "./settings.ts";
import type { EdgeFailure, EdgePort } from "../src/sync/edge-port.ts";

export interface FakeEdge extends EdgePort {
  /** Of the first epoch. */
  readonly items: Item[];
  itemsOf(epoch: number): Item[];
  /** In the order of their numbers. */
  epochs(): number[];
  /** What it says that it has set aside. */
  quarantined: PushAnswer["quarantined"];
  /** What is asked for whole. */
  need: NonNullable<PullAnswer["need"]>;
  /** The next answers turn the till away, until it has begun this epoch. */
  nextEpoch: number | null;
  serverTimeMs: number;
  readonly pushes: Push[];
  readonly prepared: (readonly Item[])[];
  readonly fragments: Map<string, ReturnType<typeof openDocument>>;
  /** What the next pull brings, besides marks. */
  readonly changes: Change[];
  marks: Marks;
  /** If set, all rows but so many of the newest of each epoch are golden, whatever `marks` says. */
  goldenBut: number | null;
  failure: EdgeFailure | null;
  /** The answer is lost on its way back, after the push has taken effect. */
  losesAnswers: boolean;
  pace: PushAnswer["pace"];
  resync: boolean;
  more: boolean;
  /** Told to whoever has an older one. */
  policy: Policy | null;
  readonly known: Map<string, Profile>;
}

function itemsIn(byEpoch: Map<number, Item[]>, epoch: number): Item[] {
  const items = byEpoch.get(epoch) ?? [];
  byEpoch.set(epoch, items);
  return items;
}

export function createFakeEdge(): FakeEdge {
  let cursor = 0;
  const itemsByEpoch = new Map<number, Item[]>();
  const itemsOf = (epoch: number): Item[] => itemsIn(itemsByEpoch, epoch);
  const edge: FakeEdge = {
    items: itemsOf(1),
    itemsOf,
    epochs: () => [...itemsByEpoch.keys()].toSorted((a, b) => a - b),
    quarantined: [],
    need: [],
    nextEpoch: null,
    serverTimeMs: NOON,
    pushes: [],
    prepared: [],
    fragments: new Map(),
    changes: [],
    marks: NO_MARKS,
    goldenBut: null,
    failure: null,
    losesAnswers: false,
    pace: { maxBatchBytes: 1_000_000, retryAfterMs: 0 },
    resync: false,
    more: false,
    policy: null,
    known: new Map(),

    async push(push, onSent) {
      onSent?.();
      if (edge.failure) return fail(edge.failure);
      edge.pushes.push(push);
      const isFenced = edge.nextEpoch !== null && push.epoch < edge.nextEpoch && !push.closed;
      const verdict = isFenced ? { outcome: "fenced" as const } : accept(edge, push);
      const accepted = itemsOf(push.epoch).length;
      if (push.epoch === 1) edge.marks = { ...edge.marks, accepted };
      if (edge.losesAnswers) return fail({ code: "unreachable", retryAfterMs: 0 });
      return ok({
        ...THIS_VERSION,
        ...verdict,
        ...(edge.nextEpoch === null ? {} : { nextEpoch: edge.nextEpoch }),
        marks: marksOf(edge, push.epoch),
        quarantined: edge.quarantined,
        serverTimeMs: edge.serverTimeMs,
        pace: edge.pace,
      });
    },

    prepare: (items) => edge.prepared.push(items),

    async pull({ epoch, policy: version = 0 }) {
      if (edge.failure) return fail(edge.failure);
      cursor += 1;
      const { nextEpoch, need, policy } = edge;
      const fenced = nextEpoch !== null && epoch < nextEpoch ? { fenced: { nextEpoch } } : {};
      return ok({
        ...THIS_VERSION,
        changes: edge.changes.splice(0),
        cursor: `g1/${cursor}`,
        resync: edge.resync,
        more: edge.more,
        marks: marksOf(edge, epoch),
        serverTimeMs: edge.serverTimeMs,
        need,
        ...(policy && policy.version > version ? { policy } : {}),
        ...fenced,
      });
    },

    async lookup({ email = "" }) {
      if (edge.failure) return fail(edge.failure);
      return ok(edge.known.get(email) ?? null);
    },
  };
  return edge;
}

function marksOf(edge: FakeEdge, epoch: number): Marks {
  const accepted = edge.itemsOf(epoch).length;
  if (edge.goldenBut !== null) {
    const golden = Math.max(0, accepted - edge.goldenBut);
    return { accepted, merged: golden, golden };
  }
  return epoch === 1 ? edge.marks : { accepted, merged: 0, golden: 0 };
}

type Verdict = Pick<PushAnswer, "outcome" | "seq">;

function accept(edge: FakeEdge, push: Push): Verdict {
  const items = edge.itemsOf(push.epoch);
  for (const fragment of push.fragments ?? []) merge(edge, push, fragment);
  for (const item of push.items) {
    const known = items[item.seq - 1];
    if (known && known.hash !== item.hash) return { outcome: "fork", seq: item.seq };
    if (known) continue;
    if (item.seq !== items.length + 1) return { outcome: "gap" };
    const prev = items.at(-1)?.hash ?? chainStart(push.source, push.epoch);
    if (item.prev !== prev || chainHash(prev, item.body) !== item.hash) {
      return { outcome: "broken_chain", seq: item.seq };
    }
    items.push(item);
    for (const update of item.updates) merge(edge, push, update);
  }
  return { outcome: "accepted" };
}

function merge(
  edge: FakeEdge,
  { source, epoch }: Push,
  { key, update, sha256 }: FragmentUpdate,
): void {
  const clientId = clientIdOf(source, epoch);
  const id = fragmentIdOf(source, epoch, key);
  const doc = edge.fragments.get(id) ?? openDocument(null);
  const bytes = base64ToBytes(update);
  const clock = clockOf(doc, clientId);
  const { verdict } = decideUpdate({ update: bytes, sha256, clientId, clock });
  if (verdict === "duplicate") return;
  if (verdict !== "next") throw new Error(`the till sent an update that is ${verdict}`);
  applyUpdate(doc, bytes);
  edge.fragments.set(id, doc);
}

/** The profile as this edge has merged it, of the customer of one key. */
export function profileAt(edge: FakeEdge, key: string, version: number): Profile {
  const ids = [...edge.fragments.keys()].filter((id) => id.endsWith(`/${key}`));
  return profileWith(edge, customerIdOf(key), ids, version);
}

/** The profile of a customer to whom these fragments belong. */
export function profileWith(
  edge: FakeEdge,
  customer: CustomerId,
  ids: readonly string[],
  version: number,
): Profile {
  const docs = ids.flatMap((id) => edge.fragments.get(id) ?? []);
  if (docs.length === 0) throw new Error("the edge has none of these fragments");
  const content = buildProfile(docs.map(readContribution), edge.policy ?? DEFAULT_POLICY);
  return { ...content, customer, version, golden: 0 };
}
