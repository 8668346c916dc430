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
  /** For whoever makes room for pushes: resolves after so long, or when none has been under way for a moment. */
  rest(ms: number): Promise<void>;
}

export interface YieldingDeps {
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** What is over then, whether it says so or not: whoever hangs up has its call ended wherever it is, and nothing of it runs any more. */
interface Limited {
  readonly fromMs: number;
  readonly ms: number;
}

export function createYielding({ nowMs, wait }: YieldingDeps): Yielding {
  const isWithin = withinOf(nowMs);
  const pushes = createPushes(nowMs);
  let turn: Limited | null = null;
  const isTaken = (): boolean => turn !== null && isWithin(turn.fromMs, turn.ms);

  const isToWait = (fromMs: number): boolean =>
    // The last ones of a queue as well: the rounds that follow from it take ten times as long.
    ((pushes.underWay() > 0 || pushes.isQueue()) && isWithin(fromMs, LIMITS.yieldMs)) ||
    (isTaken() && isWithin(fromMs, 2 * LIMITS.yieldMs));

  async function untilMoment(): Promise<void> {
    const fromMs = nowMs();
    const isMoment = () => !pushes.isQueue() && isWithin(fromMs, LIMITS.yieldMomentMs);
    while (pushes.underWay() > 0 && isMoment()) await wait(LIMITS.yieldLookMs);
  }

  async function untilFree(): Promise<void> {
    const fromMs = nowMs();
    let lookMs: number = LIMITS.yieldLookMs;
    while (isToWait(fromMs)) {
      await wait(lookMs);
      lookMs = Math.min(2 * lookMs, LIMITS.yieldLookMaxMs);
    }
  }
  return {
    arriving: (push) => pushes.during(LIMITS.yieldArrivalMs, push),
    async pushing(push, rows = 1) {
      pushes.begin(rows);
      const fromMs = nowMs();
      try {
        return await pushes.during(LIMITS.yieldPushMs, push);
      } finally {
        pushes.ended(fromMs);
      }
    },
    async inTurn(round) {
      await untilMoment();
      if (!pushes.isQueue()) return round();
      await untilFree();
      // One that calls another machine holds nobody up for longer.
      const mine = { fromMs: nowMs(), ms: LIMITS.yieldTurnMs };
      turn = mine;
      try {
        return await round();
      } finally {
        if (turn === mine) turn = null;
      }
    },
    async rest(ms) {
      const fromMs = nowMs();
      // First of all the thread is let go: one that has come in meanwhile has not been seen by anybody yet.
      do await wait(Math.min(ms, LIMITS.yieldLookMaxMs));
      while (isWithin(fromMs, ms) && pushes.areComing());
    },
  };
}

/** Whether that was so long ago and no longer; a clock that was set back meanwhile makes it long ago. */
const withinOf = (nowMs: () => number) => (fromMs: number, ms: number) => {
  const age = nowMs() - fromMs;
  return age >= 0 && age < ms;
};

/** What pushes there are, and whether more stand behind them. */
function createPushes(nowMs: () => number) {
  const isWithin = withinOf(nowMs);
  const all = new Set<Limited>();
  /** When there was a queue last, and when a push has ended that took long. */
  let queueMs = -Infinity;
  let slowMs = -Infinity;
  /** When the last one ended. */
  let endedMs = -Infinity;
  /** When the last pushes have begun, larger ones several times. */
  let begunMs: number[] = [];

  function underWay(): number {
    for (const push of all) if (!isWithin(push.fromMs, push.ms)) all.delete(push);
    if (all.size > LIMITS.yieldPushes) queueMs = nowMs();
    return all.size;
  }
  return {
    underWay,
    /** One is under way, or was a moment ago: whoever looks mostly gets to it when one has just ended. */
    areComing: (): boolean => underWay() > 0 || isWithin(endedMs, LIMITS.yieldCalmMs),
    /** Also between two pushes of the same tills, when it is short for a moment. */
    isQueue: (): boolean =>
      underWay() > LIMITS.yieldPushes || isWithin(queueMs, LIMITS.yieldCalmMs),
    /**
     * While a round holds the thread, nobody sees how many pushes wait: they come one by one, each soon after the one before. Where
     * none of them takes long, none has waited.
     */
    begin(rows: number): void {
      const times = Math.ceil(rows / LIMITS.yieldPushRows);
      const count = Math.max(1, Math.min(times, LIMITS.yieldPushTimes));
      const begun = [...begunMs, ...Array.from({ length: count }, () => nowMs())];
      begunMs = begun.slice(-LIMITS.yieldPushes);
      const [firstMs = -Infinity] = begun.slice(-LIMITS.yieldPushes - 1, -LIMITS.yieldPushes);
      const haveWaited = isWithin(slowMs, LIMITS.yieldCalmMs);
      if (haveWaited && isWithin(firstMs, LIMITS.yieldCalmMs)) queueMs = nowMs();
    },
    ended(fromMs: number): void {
      if (!isWithin(fromMs, LIMITS.yieldSlowMs)) slowMs = nowMs();
    },
    async during<Value>(ms: number, push: () => Promise<Value>): Promise<Value> {
      const begun = { fromMs: nowMs(), ms };
      all.add(begun);
      try {
        return await push();
      } finally {
        all.delete(begun);
        endedMs = nowMs();
      }
    },
  };
}

/** Of this isolate. */
export const yielding = createYielding({
  nowMs: () => Date.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
