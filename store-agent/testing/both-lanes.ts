/** Sync of a till over both lanes, and what an edge then has of it. */
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { eventSchema } from "@regulars/shared/events/event";
import { LIMITS } from "@regulars/shared/limits";
import type { Item } from "@regulars/shared/protocol/item";
import { expect } from "vitest";
import { readStatus } from "../src/sync/status.ts";
import type { FakeEdge } from "./fake-edge.ts";
import { SOURCE } from "./settings.ts";
import type { Till } from "./till.ts";

/** Ten times what the longest test needs. */
const ROUNDS_MAX = 5_000;

/** Pushes both lanes until nothing is left; pauses that a backlog keeps pass on the till's clock. */
export async function pushAll(till: Till): Promise<void> {
  for (let round = 1; ; round++) {
    if (round > ROUNDS_MAX) throw new Error("the till pushes and pushes");
    const live = await till.sync.push();
    const closed = await till.sync.pushClosed();
    if (!live.ok || !closed.ok) continue;
    const { called, more, retryAfterMs } = closed.value;
    if (!called && retryAfterMs > 0) till.clock.ms += retryAfterMs;
    else if (!live.value.more && (!more || retryAfterMs === LIMITS.closedEveryMs)) return;
  }
}

export const statusOf = (till: Till) =>
  readStatus(till, {
    source: SOURCE,
    online: true,
    edge: { state: "reachable", since: null },
    clockOffsetMs: 0,
  });

/** All receipts at the edge, and that each journal there is whole. */
export function receiptsAt(edge: FakeEdge): string[] {
  const receipts: string[] = [];
  for (const epoch of edge.epochs()) {
    let prev = chainStart(SOURCE, epoch);
    for (const [at, item] of edge.itemsOf(epoch).entries()) {
      expect([item.seq, item.prev, item.hash]).toEqual([at + 1, prev, chainHash(prev, item.body)]);
      prev = item.hash;
      const event = eventSchema.parse(JSON.parse(item.body));
      expect([event.epoch, event.seq]).toEqual([epoch, item.seq]);
      if ("receipt" in event.body) receipts.push(event.body.receipt);
    }
  }
  return receipts;
}

/** Another machine's row after `before`, as it would look at the edge. */
export function strangerAfter(before: Item): Item {
  const body = before.body.replace(/"seq":\d+/, `"seq":${before.seq + 1}`);
  return {
    ...before,
    seq: before.seq + 1,
    prev: before.hash,
    hash: chainHash(before.hash, body),
    body,
  };
}
