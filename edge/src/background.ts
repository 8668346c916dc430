/**
 * Work that an object has still to do after it has answered: rounds that run until nothing is waiting, are tried again
 * with backoff when they fail, and are found again by the alarm when the object is gone in between (EDG4).
 *
 * The alarm handler never throws: the platform gives an alarm up after six failures, this backoff does not.
 */
import { backoffMs } from "@regulars/shared/backoff";
import { createLoop } from "@regulars/shared/serial";
import { yielding } from "./yielding.ts";

/**
 * `again`: there may be more. `done`: all that waited when it began is done. `idle`: nothing waited. `later`: something waits that
 * cannot go on now. `atMs`: what waits is due then.
 */
export type RoundResult = "again" | "done" | "idle" | "later" | { readonly atMs: number };

export interface Round {
  readonly run: () => Promise<RoundResult>;
  /**
   * Least time between two rounds. The first after a rest starts at once; under load, what arrives within the gap
   * shares a round, and with it the one durable commit that each hop of a round costs.
   */
  readonly gapMs: number;
  /** The same after a round that has left nothing: what comes one by one may gather for longer than what stands in a queue. */
  readonly doneGapMs?: number;
  /** The same after a round that has found nothing to do, and so has cost no commit. */
  readonly idleGapMs?: number;
}

export interface BackgroundDeps {
  readonly setAlarm: (atMs: number) => Promise<void>;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Runs a round when it is its turn; without it, that is always. */
  readonly inTurn?: <Value>(round: () => Promise<Value>) => Promise<Value>;
  /** Makes room for pushes, for so long or as long as there are any; without it, it is `wait`. */
  readonly rest?: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly onError: (round: string, error: unknown) => void;
}

/** How long an object may be gone before its alarm looks for waiting work. */
const WAKE_MS = 5_000;
/** An alarm that is late by so much is asked for again. */
const LATE_MS = 1_000;

export function createBackground(deps: BackgroundDeps, rounds: Readonly<Record<string, Round>>) {
  const { nowMs, inTurn = (round) => round() } = deps;
  let alarmAtMs = 0;
  async function wakeAt(atMs: number): Promise<void> {
    const now = nowMs();
    const isOpen = alarmAtMs !== 0 && alarmAtMs <= atMs;
    if (isOpen && alarmAtMs > now - LATE_MS) return;
    // One that is due and has not come yet is another round's, which would be forgotten until the later moment.
    alarmAtMs = isOpen ? now : atMs;
    await deps.setAlarm(alarmAtMs);
  }

  const loops = Object.entries(rounds).map(([name, round]) => {
    let failures = 0;
    let notBeforeMs = 0;
    let restedMs = 0;
    async function runOne(): Promise<RoundResult> {
      const restMs = restedMs - nowMs();
      if (restMs > 0) await deps.wait(restMs);
      let startedMs = nowMs();
      const result = await inTurn(() => {
        startedMs = nowMs();
        restedMs = startedMs + round.gapMs;
        return round.run();
      });
      restedMs = startedMs + gapAfter(round, result);
      return result;
    }
    async function retryLater(): Promise<void> {
      const delayMs = backoffMs(failures, deps.random);
      failures += 1;
      notBeforeMs = nowMs() + delayMs;
      await wakeAt(notBeforeMs);
    }
    const loop = createLoop(
      async () => {
        if (nowMs() < notBeforeMs) return wakeAt(notBeforeMs);
        try {
          let result: RoundResult = "again";
          while (result === "again") {
            result = await runOne();
            if (result !== "later") failures = 0;
          }
          if (result === "later") await retryLater();
          else if (typeof result === "object") await wakeAt(result.atMs);
        } catch (error) {
          deps.onError(name, error);
          await retryLater();
        }
      },
      (error) => deps.onError(name, error),
    );
    return { name, loop };
  });

  return {
    /** Sets the alarm for what has to be done by then, and starts nothing. */
    wake: () => void wakeAt(nowMs() + WAKE_MS),
    /** Call after a write that leaves work: sets the alarm with that write and starts at once. Of these rounds only, where named. */
    kick(only?: readonly string[]): void {
      void wakeAt(nowMs() + WAKE_MS);
      for (const { name, loop } of loops) if (only?.includes(name) ?? true) void loop();
    },
    async alarm(): Promise<void> {
      alarmAtMs = 0;
      await Promise.all(loops.map(({ loop }) => loop()));
    },
  };
}

function gapAfter({ gapMs, doneGapMs, idleGapMs }: Round, result: RoundResult): number {
  if (result === "again" || result === "later") return gapMs;
  return (result === "done" ? doneGapMs : idleGapMs) ?? gapMs;
}

/** What a Durable Object gives its background: its alarm, the clock, chance, and its turn on the thread. */
export function backgroundOf(ctx: {
  readonly storage: { setAlarm(atMs: number): Promise<void> };
}): Omit<BackgroundDeps, "onError"> {
  return {
    setAlarm: (atMs) => ctx.storage.setAlarm(atMs),
    nowMs: () => Date.now(),
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    inTurn: (round) => yielding.inTurn(round),
    rest: (ms) => yielding.rest(ms),
    random: () => Math.random(),
  };
}
