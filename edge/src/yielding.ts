/**
 * Pushes go first. On a machine of one's own, Worker and objects share one thread and one disk: what a till has still to send is
 * safe nowhere else, and what is accepted can be merged a moment later. Where objects have isolates of their own, nothing waits.
 */
import { LIMITS } from "@regulars/shared/limits";

export interface Yielding {
  /** A push that this isolate has begun to take, until it is answered. */
  pushing<Value>(push: () => Promise<Value>): Promise<Value>;
  /** Until no push is under way; not much longer than so long, for there may always be one (ms). */
  untilFree(maxMs: number): Promise<void>;
}

export interface YieldingDeps {
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

export function createYielding({ nowMs, wait }: YieldingDeps): Yielding {
  const underWay = new Set<{ readonly sinceMs: number }>();
  function isTaking(): boolean {
    for (const push of underWay) {
      // Whoever hangs up has its push ended wherever it is, and nothing of it runs any more.
      if (nowMs() - push.sinceMs > LIMITS.yieldPushMs) underWay.delete(push);
    }
    return underWay.size > 0;
  }
  return {
    async pushing(push) {
      const begun = { sinceMs: nowMs() };
      underWay.add(begun);
      try {
        return await push();
      } finally {
        underWay.delete(begun);
      }
    },
    async untilFree(maxMs) {
      const untilMs = nowMs() + maxMs;
      let lookMs: number = LIMITS.yieldLookMs;
      while (isTaking() && nowMs() < untilMs) {
        await wait(lookMs);
        lookMs = Math.min(2 * lookMs, LIMITS.yieldLookMaxMs);
      }
    },
  };
}

/** Of this isolate. */
export const yielding = createYielding({
  nowMs: () => Date.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
