import { LIMITS } from "@regulars/shared/limits";
import { ok, type Result } from "@regulars/shared/result";
import { expect, onTestFinished, test, vi } from "vitest";
import { backoffMs } from "./backoff.ts";
import type { EdgeFailure } from "./edge-port.ts";
import { IDLE, type Step } from "./step.ts";
import { startSyncLoop } from "./sync-loop.ts";

const CALLED: Step = { called: true, more: false, retryAfterMs: 0 };
const unreachable: EdgeFailure = { code: "unreachable", retryAfterMs: 0 };

/** Loops whose waits end when the test says so. */
function loops(answer: { push: Result<Step, EdgeFailure>; pull: Result<Step, EdgeFailure> }) {
  const calls = { push: 0, pull: 0 };
  const waits: { ms: number; end: () => void }[] = [];
  const links: boolean[] = [];
  const loop = startSyncLoop({
    sync: {
      push: () => ((calls.push += 1), Promise.resolve(answer.push)),
      pushClosed: () => Promise.resolve(ok(IDLE)),
      pull: () => ((calls.pull += 1), Promise.resolve(answer.pull)),
      askFor: () => Promise.resolve(null),
    },
    random: () => 1,
    wait: (ms, signal) =>
      new Promise((end) => {
        const entry = { ms, end: () => (waits.splice(waits.indexOf(entry), 1), end()) };
        waits.push(entry);
        signal.addEventListener("abort", entry.end, { once: true });
      }),
    onLink: (online) => links.push(online),
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(() => loop.stop());
  /** Push, pull, and the slow lane, which has nothing to do. */
  const waiting = () => vi.waitUntil(() => waits.length === 3);
  return { loop, calls, waits, links, waiting };
}

test("SYN7: a sender that fails waits with full jitter, longer each time, up to a limit", () => {
  const spans = Array.from({ length: 12 }, (_, n) =>
    backoffMs({ code: "overloaded", retryAfterMs: 0 }, n, () => 1),
  );
  expect(spans.slice(0, 4)).toEqual([200, 400, 800, 1_600]);
  expect(spans.at(-1)).toBe(LIMITS.retryMaxMs);
  expect(backoffMs(unreachable, 99, () => 1)).toBe(LIMITS.probeMaxMs);
  expect(backoffMs(unreachable, 3, () => 0)).toBe(0);
  expect(backoffMs({ code: "overloaded", retryAfterMs: 9_000 }, 0, () => 0.5)).toBe(9_100);
});

test("SYN7: offline, captures do not make the till try earlier; the first answer wakes everything", async () => {
  const answer = {
    push: { ok: false, reason: unreachable } as Result<Step, EdgeFailure>,
    pull: { ok: false, reason: unreachable } as Result<Step, EdgeFailure>,
  };
  const { loop, calls, waits, links, waiting } = loops(answer);
  await waiting();
  for (let n = 0; n < 50; n++) loop.pushSoon();
  await new Promise(setImmediate);
  expect(calls).toEqual({ push: 1, pull: 1 });
  expect(loop.isOnline()).toBe(false);

  answer.push = ok(CALLED);
  answer.pull = ok(CALLED);
  waits.find(({ ms }) => ms !== Infinity)?.end();
  await vi.waitUntil(() => calls.push > 1 && calls.pull > 1);
  expect(loop.isOnline()).toBe(true);
  expect(links.at(-1)).toBe(true);
});

test("SYN7: the server's pause is kept although there is more to send", async () => {
  const { calls, waits, waiting } = loops({
    push: ok({ called: true, more: true, retryAfterMs: 1_234 }),
    pull: ok(CALLED),
  });
  await waiting();
  expect(waits.map(({ ms }) => ms)).toContain(1_234);
  expect(calls.push).toBe(1);
});

test("a capture ends idling at once, and what comes during the gap after a call shares the next one", async () => {
  const { loop, calls, waits, waiting } = loops({ push: ok(CALLED), pull: ok(CALLED) });
  const spans = () => new Set(waits.map(({ ms }) => ms));
  await waiting();
  expect(spans()).toEqual(new Set([LIMITS.pushGapMs, LIMITS.pullGapMs, Infinity]));
  await vi.waitUntil(() => {
    for (const { ms, end } of waits.slice()) if (ms !== Infinity && ms < LIMITS.pullEveryMs) end();
    return spans().has(Infinity) && spans().has(LIMITS.pullEveryMs);
  });
  const before = { ...calls };

  loop.pushSoon();
  await vi.waitUntil(() => spans().has(LIMITS.pushGapMs));
  for (let n = 0; n < 20; n++) loop.pushSoon();
  expect(calls).toEqual({ ...before, push: before.push + 1 });

  waits.find(({ ms }) => ms === LIMITS.pushGapMs)?.end();
  await vi.waitUntil(() => calls.push === before.push + 2);
  loop.pullSoon();
  await vi.waitUntil(() => calls.pull === before.pull + 1);
});
