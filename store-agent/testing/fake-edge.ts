/**
 * An edge in memory that keeps its promises: it checks the chain, applies updates only in order, and merges profiles
 * with the real function. The real one is met in the tests across tiers.
 */
import { base64ToBytes } from "@regulars/shared/digest";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import {
  type FragmentDoc,
  openFragment,
  readContribution,
} from "@regulars/shared/fragment/fragment";
import { applyUpdate, clockOf, decideUpdate } from "@regulars/shared/fragment/update";
import { clientIdOf, customerIdOf } from "@regulars/shared/ids";
import type { FragmentUpdate, Item } from "@regulars/shared/protocol/item";
import { type Marks, NO_MARKS } from "@regulars/shared/protocol/marks";
import type { Change } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { fail, ok } from "@regulars/shared/result";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { buildProfile, type Profile } from "@regulars/shared/survivorship/profile";
import type { EdgeFailure, EdgePort } from "../src/sync/edge-port.ts";

export interface FakeEdge extends EdgePort {
  readonly items: Item[];
  readonly pushes: Push[];
  readonly fragments: Map<string, FragmentDoc>;
  /** What the next pull brings, besides marks. */
  readonly changes: Change[];
  marks: Marks;
  failure: EdgeFailure | null;
  /** The answer is lost on its way back, after the push has taken effect. */
  losesAnswers: boolean;
  pace: PushAnswer["pace"];
  resync: boolean;
  more: boolean;
  readonly known: Map<string, Profile>;
}

export function createFakeEdge(): FakeEdge {
  let cursor = 0;
  const edge: FakeEdge = {
    items: [],
    pushes: [],
    fragments: new Map(),
    changes: [],
    marks: NO_MARKS,
    failure: null,
    losesAnswers: false,
    pace: { maxBatchBytes: 1_000_000, retryAfterMs: 0 },
    resync: false,
    more: false,
    known: new Map(),

    async push(push) {
      if (edge.failure) return fail(edge.failure);
      edge.pushes.push(push);
      const verdict = accept(edge, push);
      edge.marks = { ...edge.marks, accepted: edge.items.length };
      if (edge.losesAnswers) return fail({ code: "unreachable", retryAfterMs: 0 });
      return ok({
        ...THIS_VERSION,
        ...verdict,
        marks: edge.marks,
        quarantined: [],
        serverTimeMs: push.sentAtMs,
        pace: edge.pace,
      });
    },

    async pull() {
      if (edge.failure) return fail(edge.failure);
      cursor += 1;
      return ok({
        ...THIS_VERSION,
        changes: edge.changes.splice(0),
        cursor: `g1/${cursor}`,
        resync: edge.resync,
        more: edge.more,
        marks: edge.marks,
        serverTimeMs: 0,
      });
    },

    async lookup({ email = "" }) {
      if (edge.failure) return fail(edge.failure);
      return ok(edge.known.get(email) ?? null);
    },
  };
  return edge;
}

function accept(edge: FakeEdge, push: Push): { outcome: PushAnswer["outcome"]; seq?: number } {
  for (const item of push.items) {
    const known = edge.items[item.seq - 1];
    if (known && known.hash !== item.hash) return { outcome: "fork", seq: item.seq };
    if (known) continue;
    if (item.seq !== edge.items.length + 1) return { outcome: "gap" };
    const prev = edge.items.at(-1)?.hash ?? chainStart(push.source, push.epoch);
    if (item.prev !== prev || chainHash(prev, item.body) !== item.hash) {
      return { outcome: "broken_chain", seq: item.seq };
    }
    edge.items.push(item);
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
  const doc = edge.fragments.get(key) ?? openFragment(null);
  const bytes = base64ToBytes(update);
  const clock = clockOf(doc, clientId);
  const { verdict } = decideUpdate({ update: bytes, sha256, clientId, clock });
  if (verdict === "duplicate") return;
  if (verdict !== "next") throw new Error(`the till sent an update that is ${verdict}`);
  applyUpdate(doc, bytes);
  edge.fragments.set(key, doc);
}

/** The profile as this edge has merged it, of the customer of one key. */
export function profileAt(edge: FakeEdge, key: string, version: number): Profile {
  const doc = edge.fragments.get(key);
  if (!doc) throw new Error("the edge has no fragment of this key");
  const content = buildProfile([readContribution(doc)], DEFAULT_POLICY);
  return { ...content, customer: customerIdOf(key), version, golden: 0 };
}
