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
    /** As many pushes as are a queue begin now, and are answered then, or never. */
    push(untilMs: number | null, count: number = LIMITS.yieldPushes + 1) {
      const { promise, resolve } = Promise.withResolvers<string>();
      if (untilMs !== null) due.push({ atMs: untilMs, happens: () => resolve("taken") });
      for (let at = 1; at < count; at++) void yielding.pushing(() => promise);
      return yielding.pushing(() => promise);
    },
    async waited(maxMs: number) {
      const fromMs = nowMs;
      await yielding.untilFree(maxMs);
      return nowMs - fromMs;
    },
  };
}

test("SYN7: a round waits while pushes stand in a queue, and no longer than it may", async () => {
  const at = openYielding();
  expect(await at.waited(150)).toBe(0);
  const few = at.push(10, LIMITS.yieldPushes);
  expect(await at.waited(150)).toBe(0);
  const soon = at.push(20);
  const later = at.push(300);
  const ms = await at.waited(150);
  expect(ms).toBeGreaterThanOrEqual(150);
  expect(ms).toBeLessThan(150 + LIMITS.yieldLookMaxMs);
  expect(await Promise.all([few, soon])).toEqual(["taken", "taken"]);
  const rest = await at.waited(1_000);
  expect(ms + rest).toBeGreaterThanOrEqual(300);
  expect(ms + rest).toBeLessThan(300 + LIMITS.yieldLookMaxMs);
  expect(await later).toBe("taken");
});

test("SYN7: a push whose caller has hung up is not waited for", async () => {
  const at = openYielding();
  void at.push(null);
  await expect(at.yielding.pushing(() => Promise.reject(new Error("gone")))).rejects.toThrow(
    "gone",
  );
  expect(await at.waited(10_000)).toBeLessThan(LIMITS.yieldPushMs + 2 * LIMITS.yieldLookMaxMs);
  expect(await at.waited(10_000)).toBe(0);
});
