import { expect, test } from "vitest";
import { createBackground, type RoundResult } from "./background.ts";

/** One alarm, as a Durable Object has: set anew it forgets when it was due before, and it comes only when the object is free. */
function openClock() {
  let alarmAtMs: number | null = null;
  const clock = {
    nowMs: 1_000,
    alarms: 0,
    deps: {
      setAlarm: (atMs: number) => {
        alarmAtMs = atMs;
        clock.alarms += 1;
        return Promise.resolve();
      },
      nowMs: () => clock.nowMs,
      wait: () => Promise.resolve(),
      random: () => 0,
      onError: (round: string, error: unknown) => {
        throw new Error(round, { cause: error });
      },
    },
    isDue: () => alarmAtMs !== null && alarmAtMs <= clock.nowMs,
    async fire(background: { alarm(): Promise<void> }) {
      alarmAtMs = null;
      await background.alarm();
    },
  };
  return clock;
}

test("EDG4: an alarm that is due and has not come yet is not moved away by a round that is due later", async () => {
  const clock = openClock();
  const retryAtMs = 1_200;
  let retried = 0;
  let isLong = true;
  const background = createBackground(clock.deps, {
    retry: {
      gapMs: 0,
      run: (): Promise<RoundResult> => {
        if (clock.nowMs < retryAtMs) return Promise.resolve({ atMs: retryAtMs });
        retried += 1;
        return Promise.resolve("idle");
      },
    },
    minutely: {
      gapMs: 0,
      // The object is busy for so long that the other round's moment passes.
      run: async (): Promise<RoundResult> => {
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        if (isLong) clock.nowMs = 5_000;
        isLong = false;
        return { atMs: clock.nowMs + 60_000 };
      },
    },
  });
  await clock.fire(background);
  expect(retried).toBe(0);
  expect(clock.isDue()).toBe(true);
  await clock.fire(background);
  expect(retried).toBe(1);
});

test("EDG4: an alarm that is a little late is waited for, however often somebody asks", async () => {
  const clock = openClock();
  const background = createBackground(clock.deps, {
    idle: { gapMs: 0, run: () => Promise.resolve("idle" as const) },
  });
  for (let kick = 0; kick < 100; kick++) {
    background.kick();
    clock.nowMs += 55; // beyond the alarm of the first one
  }
  await Promise.resolve();
  expect(clock.alarms).toBe(1);
});
