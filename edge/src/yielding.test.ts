import { LIMITS } from "@regulars/shared/limits";
import { expect, test } from "vitest";
import { createYielding } from "./yielding.ts";

/** A clock that moves only when somebody waits; what is due at a time happens then. */
function openYielding() {
  let nowMs = 1_000;
  const due: { readonly atMs: number; readonly happens: () => void }[] = [];
  const wait = async (ms: number): Promise<void> => {
    const untilMs = nowMs + ms;
    await new Promise((done) => setTimeout(done));
    nowMs = Math.max(nowMs, untilMs);
    for (const { atMs, happens } of due) if (atMs <= nowMs - 1_000) happens();
    await new Promise((done) => setTimeout(done));
  };
  const yielding = createYielding({ nowMs: () => nowMs, wait });
  return {
    yielding,
    wait,
    nowMs: () => nowMs,
    setBack(ms: number) {
      nowMs -= ms;
    },
    /** As many pushes as are a queue begin now, and are answered then, or never. */
    push(untilMs: number | null, count: number = LIMITS.yieldPushes + 1) {
      const { promise, resolve } = Promise.withResolvers<string>();
      if (untilMs !== null) due.push({ atMs: untilMs, happens: () => resolve("taken") });
      for (let at = 1; at < count; at++) void yielding.pushing(() => promise);
      return yielding.pushing(() => promise);
    },
    /** How long a round has waited, and then taken. */
    async round(ms = 0) {
      const fromMs = nowMs;
      return yielding.inTurn(async () => {
        const waitedMs = nowMs - fromMs;
        if (ms > 0) await wait(ms);
        return { waitedMs, fromMs: nowMs - ms, untilMs: nowMs };
      });
    },
  };
}

test("SYN7: a round waits while pushes stand in a queue, and no longer than it may", async () => {
  const at = openYielding();
  expect(await at.round()).toMatchObject({ waitedMs: 0 });
  const soon = at.push(20);
  const later = at.push(LIMITS.yieldMs + 300);
  const first = await at.round();
  expect(first.waitedMs).toBeGreaterThanOrEqual(LIMITS.yieldMs);
  expect(first.waitedMs).toBeLessThan(LIMITS.yieldMs + LIMITS.yieldLookMaxMs);
  expect(await soon).toBe("taken");
  const second = await at.round();
  expect(first.waitedMs + second.waitedMs).toBeGreaterThanOrEqual(LIMITS.yieldMs + 300);
  expect(second.waitedMs).toBeLessThan(LIMITS.yieldMs);
  expect(await later).toBe("taken");
});

test("SYN7: beside few pushes a round waits for a moment", async () => {
  const at = openYielding();
  const soon = at.push(5, 2);
  const { waitedMs } = await at.round();
  expect(waitedMs).toBeGreaterThanOrEqual(5);
  expect(waitedMs).toBeLessThan(5 + 2 * LIMITS.yieldLookMs);
  expect(await soon).toBe("taken");
  const never = at.push(null, 2);
  const second = await at.round();
  expect(second.waitedMs).toBeGreaterThanOrEqual(LIMITS.yieldMomentMs);
  expect(second.waitedMs).toBeLessThan(LIMITS.yieldMomentMs + LIMITS.yieldLookMs);
  expect(await Promise.race([never, Promise.resolve("not taken")])).toBe("not taken");
});

const isAfterCalm = ({ waitedMs }: { waitedMs: number }) =>
  waitedMs >= LIMITS.yieldCalmMs - LIMITS.yieldLookMaxMs &&
  waitedMs < LIMITS.yieldCalmMs + LIMITS.yieldLookMaxMs;

test("SYN7: pushes that come one by one, each soon after the one before, are a queue as well", async () => {
  const at = openYielding();
  const come = async (count: number, gapMs: number) => {
    for (let push = 0; push < count; push++) {
      await at.yielding.pushing(() => Promise.resolve());
      if (gapMs > 0) await at.wait(gapMs);
    }
  };
  const waited = () => at.yielding.pushing(() => at.wait(LIMITS.yieldSlowMs));
  await waited();
  await come(LIMITS.yieldPushes, Math.ceil(LIMITS.yieldCalmMs / LIMITS.yieldPushes));
  expect(await at.round()).toMatchObject({ waitedMs: 0 });
  await at.wait(LIMITS.yieldCalmMs);
  // Unless none of them has taken long: then none has waited.
  await come(LIMITS.yieldPushes + 1, 1);
  expect(await at.round()).toMatchObject({ waitedMs: 0 });
  await at.wait(LIMITS.yieldCalmMs);
  await waited();
  await come(LIMITS.yieldPushes, 1);
  expect(await at.round()).toSatisfy(isAfterCalm);
  await at.wait(LIMITS.yieldCalmMs);
  // And fewer that bring many rows, but never one alone.
  await waited();
  await at.wait(LIMITS.yieldCalmMs - 2);
  await at.yielding.pushing(() => Promise.resolve(), 500);
  expect(await at.round()).toMatchObject({ waitedMs: 0 });
  for (let push = 0; push < 2; push++) {
    await at.yielding.pushing(() => Promise.resolve(), 500);
  }
  expect(await at.round()).toSatisfy(isAfterCalm);
});

test("SYN7: a push whose caller has hung up is not waited for", async () => {
  const at = openYielding();
  void at.push(null);
  await expect(at.yielding.pushing(() => Promise.reject(new Error("gone")))).rejects.toThrow(
    "gone",
  );
  for (let waitedMs = 0; waitedMs <= LIMITS.yieldPushMs;) waitedMs += (await at.round()).waitedMs;
  expect(await at.round()).toMatchObject({ waitedMs: 0 });
});

test("SYN7: a push that is coming in is one of the queue, unless it comes slowly", async () => {
  const at = openYielding();
  const { promise, resolve } = Promise.withResolvers<string>();
  const arriving = Array.from({ length: LIMITS.yieldPushes + 1 }, () =>
    at.yielding.arriving(() => promise),
  );
  const { waitedMs } = await at.round();
  expect(waitedMs).toBeGreaterThanOrEqual(LIMITS.yieldArrivalMs);
  const longestMs = LIMITS.yieldArrivalMs + LIMITS.yieldCalmMs;
  expect(waitedMs).toBeLessThan(longestMs + 2 * LIMITS.yieldLookMaxMs);
  resolve("read");
  expect(new Set(await Promise.all(arriving))).toEqual(new Set(["read"]));
});

test("SYN7: rounds that have waited run one after the other, and no other waits for one that does not end", async () => {
  const at = openYielding();
  void at.push(20);
  const lengthMs = 30;
  const rounds = await Promise.all([1, 2, 3].map(() => at.round(lengthMs)));
  const [one, two, three] = rounds.toSorted((a, b) => a.fromMs - b.fromMs);
  expect(one?.waitedMs).toBeGreaterThanOrEqual(20);
  expect(two?.fromMs).toBeGreaterThanOrEqual(one?.untilMs ?? Infinity);
  expect(three?.fromMs).toBeGreaterThanOrEqual(two?.untilMs ?? Infinity);
  void at.push(20);
  void at.yielding.inTurn(() => new Promise<never>(() => undefined));
  await at.wait(20 + LIMITS.yieldLookMaxMs);
  const { waitedMs } = await at.round();
  expect(waitedMs).toBeGreaterThan(0);
  expect(waitedMs).toBeLessThanOrEqual(LIMITS.yieldTurnMs + LIMITS.yieldLookMaxMs);
});

test("SYN7: a clock that is set back holds nobody up", async () => {
  const at = openYielding();
  const held = at.push(null);
  const round = at.round();
  at.setBack(60_000);
  await round;
  expect(await at.round()).toMatchObject({ waitedMs: 0 });
  expect(await Promise.race([held, Promise.resolve("not taken")])).toBe("not taken");
});

test("SYN7: whoever makes room for pushes rests as long as they come, and no longer than it may", async () => {
  const at = openYielding();
  const restedMs = async (ms: number): Promise<number> => {
    const fromMs = at.nowMs();
    await at.yielding.rest(ms);
    return at.nowMs() - fromMs;
  };
  // The thread is let go in any case: one that has come in has not been seen by anybody yet.
  expect(await restedMs(1_000)).toBe(LIMITS.yieldLookMaxMs);
  const push = at.push(100, 1);
  expect(await restedMs(60)).toBe(60);
  const rested = await restedMs(1_000);
  expect(await push).toBe("taken");
  // Until some time after the last one, for the next may be on its way.
  expect(60 + rested).toBeGreaterThanOrEqual(100 + LIMITS.yieldCalmMs);
  expect(60 + rested).toBeLessThan(100 + LIMITS.yieldCalmMs + 4 * LIMITS.yieldLookMaxMs);
});
