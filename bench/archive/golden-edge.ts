/** An edge that checks what it is sent, keeps nothing of it, and takes all but the newest rows for golden. */
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import type { Marks } from "@regulars/shared/protocol/marks";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { ok } from "@regulars/shared/result";
import type { EdgePort } from "../../store-agent/src/sync/edge-port.ts";

export const GOLDEN_BUT = 1_000;

export interface GoldenEdge extends EdgePort {
  accepted(): number;
  /** Whether head office is there. */
  setGolden(there: boolean): void;
}

export function createGoldenEdge(source: string): GoldenEdge {
  let accepted = 0;
  let prev = chainStart(source, 1);
  let isGolden = true;
  let cursor = 0;
  const marks = (): Marks => {
    const golden = isGolden ? Math.max(0, accepted - GOLDEN_BUT) : 0;
    return { accepted, merged: golden, golden };
  };
  return {
    accepted: () => accepted,
    setGolden(there) {
      isGolden = there;
    },
    async push({ epoch, items }) {
      if (epoch !== 1) throw new Error("the till has begun another epoch");
      for (const { seq, prev: follows, hash, body } of items) {
        if (seq <= accepted) continue;
        const isNext = seq === accepted + 1 && follows === prev && chainHash(prev, body) === hash;
        if (!isNext) throw new Error("a row does not follow the row before");
        accepted = seq;
        prev = hash;
      }
      return ok({
        ...THIS_VERSION,
        outcome: "accepted",
        marks: marks(),
        quarantined: [],
        serverTimeMs: Date.now(),
        pace: { maxBatchBytes: 2 * 1024 * 1024, retryAfterMs: 0 },
      });
    },
    async pull() {
      cursor += 1;
      return ok({
        ...THIS_VERSION,
        changes: [],
        cursor: `g1/${cursor}`,
        resync: false,
        more: false,
        marks: marks(),
        serverTimeMs: Date.now(),
      });
    },
    lookup: async () => ok(null),
  };
}
