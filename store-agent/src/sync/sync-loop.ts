/**
 * When to push and pull. Three loops: what is sold now, what is left of closed epochs, and profiles coming down, so that
 * none holds back another (SYN7). Each waits by itself after a failure, and all start at once when one of them finds
 * the edge again.
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Result } from "@regulars/shared/result";
import { backoffMs } from "./backoff.ts";
import type { EdgeFailure } from "./edge-port.ts";
import type { Step } from "./step.ts";
import type { Sync } from "./sync.ts";

export interface SyncLoop {
  /** Something was captured. */
  readonly pushSoon: () => void;
  /** An epoch was closed. */
  readonly pushClosedSoon: () => void;
  /** The edge has something new. */
  readonly pullSoon: () => void;
  readonly isOnline: () => boolean;
  /** Resolves when the loops have ended; a call that is under way is waited for. */
  readonly stop: () => Promise<void>;
}

export interface SyncLoopDeps {
  readonly sync: Sync;
  readonly random: () => number;
  /** Resolves after the time, or as soon as the signal says. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onLink: (online: boolean, failure: EdgeFailure | null) => void;
  /** A broken invariant or a storage that cannot be written; the loop goes on. */
  readonly onError: (error: unknown) => void;
}

export function startSyncLoop(deps: SyncLoopDeps): SyncLoop {
  let online = false;
  let stopped = false;

  function heard(result: Result<Step, EdgeFailure>): void {
    if (result.ok && !result.value.called) return;
    const failure = result.ok ? null : result.reason;
    const before = online;
    online = failure === null || failure.code === "overloaded";
    if (online !== before || failure) deps.onLink(online, failure);
    if (online && !before) for (const each of loops) each.wake();
  }

  const loop = (step: () => Promise<Result<Step, EdgeFailure>>, pace: Pace) =>
    startLoop({ ...deps, ...pace, step, heard, isStopped: () => stopped });
  const push = loop(() => deps.sync.push(), { everyMs: Infinity, gapMs: LIMITS.pushGapMs });
  const pull = loop(() => deps.sync.pull(), {
    everyMs: LIMITS.pullEveryMs,
    gapMs: LIMITS.pullGapMs,
  });

  const closed = loop(() => deps.sync.pushClosed(), { everyMs: Infinity, gapMs: LIMITS.pushGapMs });
  const loops = [push, closed, pull];

  return {
    // During a backoff a capture is no reason to try earlier: the till may sell once a second for weeks offline.
    pushSoon: () => push.kick(),
    pushClosedSoon: () => closed.kick(),
    pullSoon: () => pull.kick(),
    isOnline: () => online,
    async stop() {
      stopped = true;
      for (const each of loops) each.wake();
      await Promise.all(loops.map((each) => each.ended));
    },
  };
}

interface Pace {
  /** Unasked, at least this often. */
  readonly everyMs: number;
  /** After a call, at least this long: what happens meanwhile shares the next one. */
  readonly gapMs: number;
}

interface LoopDeps extends SyncLoopDeps, Pace {
  readonly step: () => Promise<Result<Step, EdgeFailure>>;
  readonly heard: (result: Result<Step, EdgeFailure>) => void;
  readonly isStopped: () => boolean;
}

function startLoop(deps: LoopDeps) {
  let failures = 0;
  let kicked = false;
  /** What ends the wait at hand: a kick ends idling, only a wake ends a backoff. */
  let waiting: { readonly ends: AbortController; readonly idle: boolean } | null = null;

  async function rest(ms: number, idle: boolean): Promise<void> {
    if (deps.isStopped() || (idle && kicked)) return;
    const ends = new AbortController();
    waiting = { ends, idle };
    await deps.wait(ms, ends.signal);
    waiting = null;
  }

  async function turn(): Promise<void> {
    kicked = false;
    const result = await deps.step();
    deps.heard(result);
    if (!result.ok) return rest(backoffMs(result.reason, failures++, deps.random), false);
    failures = 0;
    const { called, more, retryAfterMs } = result.value;
    if (retryAfterMs > 0) await rest(retryAfterMs, false);
    else if (called && !more) await rest(deps.gapMs, false);
    if (!more) await rest(deps.everyMs, true);
  }

  async function run(): Promise<void> {
    while (!deps.isStopped()) {
      try {
        await turn();
      } catch (error) {
        deps.onError(error);
        await rest(
          backoffMs({ code: "unreachable", retryAfterMs: 0 }, failures++, deps.random),
          false,
        );
      }
    }
  }

  return {
    ended: run(),
    kick() {
      kicked = true;
      if (waiting?.idle) waiting.ends.abort();
    },
    wake() {
      kicked = true;
      waiting?.ends.abort();
    },
  };
}
