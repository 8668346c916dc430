/**
 * Pushes go first, and rounds one after the other. On a machine of one's own, Worker and objects share one thread and one disk: what
 * a till has still to send is safe nowhere else, and what is accepted can be merged a moment later. Where objects have isolates of
 * their own, nothing waits.
 */
import { LIMITS } from "@regulars/shared/limits";

export interface Yielding {
  /** A push that comes in. Whoever has a slow line has time. */
  arriving<Value>(push: () => Promise<Value>): Promise<Value>;
  /** A push of so many rows that this isolate has begun to take, until it is answered. */
  pushing<Value>(push: () => Promise<Value>, rows?: number): Promise<Value>;
  /**
   * Runs it when no push is under way, or a moment later, for one always may be; where pushes stand in a queue, a while later. Rounds
   * that have waited for a queue run one by one: all at once, they would hold the thread for as long as all of them together, and
   * pushes behind them.
   */
  inTurn<Value>(round: () => Promise<Value>): Promise<Value>;
}

export interface YieldingDeps {
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** What is over then, whether it says so or not: whoever hangs up has its call ended wherever it is, and nothing of it runs any more. */
interface Limited {
  readonly untilMs: number;
}

export function createYielding({ nowMs, wait }: YieldingDeps): Yielding {
  const underWay = new Set<Limited>();
  let turn: Limited | null = null;
  /** When there was a queue last. */
  let queueMs = -Infinity;
  /** When the last pushes have begun, larger ones several times. */
  let begunMs: number[] = [];

  /** While a round holds the thread, nobody sees how many pushes wait: they come one by one, each soon after the one before. */
  function begin(rows: number): void {
    const times = Math.ceil(rows / LIMITS.yieldPushRows);
    const count = Math.max(1, Math.min(times, LIMITS.yieldPushTimes));
    const all = [...begunMs, ...Array.from({ length: count }, () => nowMs())];
    begunMs = all.slice(-LIMITS.yieldPushes);
    const [firstMs = -Infinity] = all.slice(-LIMITS.yieldPushes - 1, -LIMITS.yieldPushes);
    if (nowMs() - firstMs < LIMITS.yieldCalmMs) queueMs = nowMs();
  }

  function pushes(): number {
    for (const push of underWay) if (push.untilMs < nowMs()) underWay.delete(push);
    if (underWay.size > LIMITS.yieldPushes) queueMs = nowMs();
    return underWay.size;
  }
  /** Also between two pushes of the same tills, when it is short for a moment. */
  const isQueue = (): boolean =>
    pushes() > LIMITS.yieldPushes || nowMs() - queueMs < LIMITS.yieldCalmMs;
  const isTaken = (): boolean => turn !== null && nowMs() < turn.untilMs;

  async function during<Value>(maxMs: number, push: () => Promise<Value>): Promise<Value> {
    const begun = { untilMs: nowMs() + maxMs };
    underWay.add(begun);
    try {
      return await push();
    } finally {
      underWay.delete(begun);
    }
  }

  const isToWait = (waitedMs: number): boolean =>
    // The last ones of a queue as well: the rounds that follow from it take ten times as long.
    ((pushes() > 0 || isQueue()) && waitedMs < LIMITS.yieldMs) ||
    (isTaken() && waitedMs < 2 * LIMITS.yieldMs);

  async function untilMoment(): Promise<void> {
    const fromMs = nowMs();
    const isToLook = () => pushes() > 0 && !isQueue() && nowMs() - fromMs < LIMITS.yieldMomentMs;
    while (isToLook()) await wait(LIMITS.yieldLookMs);
  }

  async function untilFree(): Promise<void> {
    const fromMs = nowMs();
    let lookMs: number = LIMITS.yieldLookMs;
    while (isToWait(nowMs() - fromMs)) {
      await wait(lookMs);
      lookMs = Math.min(2 * lookMs, LIMITS.yieldLookMaxMs);
    }
  }
  return {
    arriving: (push) => during(LIMITS.yieldArrivalMs, push),
    pushing(push, rows = 1) {
      begin(rows);
      return during(LIMITS.yieldPushMs, push);
    },
    async inTurn(round) {
      await untilMoment();
      if (!isQueue()) return round();
      await untilFree();
      // One that calls another machine holds nobody up for longer.
      const mine = { untilMs: nowMs() + LIMITS.yieldTurnMs };
      turn = mine;
      try {
        return await round();
      } finally {
        if (turn === mine) turn = null;
      }
    },
  };
}

/** Of this isolate. */
export const yielding = createYielding({
  nowMs: () => Date.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
