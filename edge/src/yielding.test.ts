import { LIMITS } from "@regulars/shared/limits";
import { expect, test } from "vitest";
import { createYielding } from "./yielding.ts";

/** A clock that moves only when somebody waits; what is due at a time happens then. */
function openYielding() {
  let nowMs = 1_000;
  const due: { readonly atMs: number; readonly happens: () => void }[] = [];
  const yielding = createYielding({
    nowMs: () => nowMs,
    async wait(ms) {
      nowMs += ms;
      for (const { atMs, happens } of due) if (atMs <= nowMs - 1_000) happens();
      await new Promise((done) => setTimeout(done));
    },
  });
  return {
    yielding,
    /** A push that begins now and is answered then, or never. */
    push(untilMs: number | null) {
      const { promise, resolve } = Promise.withResolvers<string>();
      if (untilMs !== null) due.push({ atMs: untilMs, happens: () => resolve("taken") });
      return yielding.pushing(() => promise);
    },
    async waited(maxMs: number) {
      const fromMs = nowMs;
      await yielding.untilFree(maxMs);
      return nowMs - fromMs;
    },
  };
}

test("SYN7: a round waits for the pushes that are under way, and no longer than it may", async () => {
  const { waited, push } = openYielding();
  expect(await waited(150)).toBe(0);
  const soon = push(20);
  const later = push(300);
  const ms = await waited(150);
  expect(ms).toBeGreaterThanOrEqual(150);
  expect(ms).toBeLessThan(150 + LIMITS.yieldLookMaxMs);
  expect(await soon).toBe("taken");
  const rest = await waited(1_000);
  expect(ms + rest).toBeGreaterThanOrEqual(300);
  expect(ms + rest).toBeLessThan(300 + LIMITS.yieldLookMaxMs);
  expect(await later).toBe("taken");
});

test("SYN7: a push whose caller has hung up is not waited for", async () => {
  const { waited, push, yielding } = openYielding();
  void push(null);
  await expect(yielding.pushing(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(await waited(10_000)).toBeLessThan(LIMITS.yieldPushMs + 2 * LIMITS.yieldLookMaxMs);
  expect(await waited(10_000)).toBe(0);
});
