import { LIMITS } from "@regulars/shared/limits";
import type { Push } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { expect, test } from "vitest";
import { isOverloaded, paceOf } from "./pace.ts";

const push = (more: Partial<Push> = {}): Push => ({
  ...THIS_VERSION,
  store: "store-1",
  source: "till-1",
  epoch: 1,
  sentAtMs: 0,
  items: [],
  ...more,
});
const rest = (waiting: number, roundMs: number): number =>
  paceOf(push({ closed: true }), waiting, roundMs).retryAfterMs;
const item = { seq: 1, prev: "", hash: "", body: "{}", updates: [] };

test("SYN7: sales of now are never slowed down", () => {
  expect(paceOf(push(), LIMITS.waitingItems, 60_000)).toEqual({
    maxBatchBytes: LIMITS.pushBytes,
    retryAfterMs: 0,
  });
});

test("SYN7: a backlog comes the slower, the more of it waits and the longer its rounds take", () => {
  expect(rest(0, 0)).toBe(LIMITS.backlogGapMs);
  expect(rest(LIMITS.waitingItems, 0)).toBe(4 * LIMITS.backlogGapMs);
  expect(rest(0, 1_000)).toBe(1_000 * LIMITS.backlogRestRounds);
  expect(rest(LIMITS.waitingItems, 60_000)).toBe(LIMITS.retryMaxMs);
});

test("EDG5: a backlog is turned away long before sales of now, and a question never", () => {
  const waiting = LIMITS.waitingItems + 1;
  expect(isOverloaded(push({ closed: true, items: [item] }), waiting)).toBe(true);
  expect(isOverloaded(push({ items: [item] }), waiting)).toBe(false);
  expect(isOverloaded(push({ items: [item] }), LIMITS.overloadItems + 1)).toBe(true);
  expect(isOverloaded(push({ closed: true }), LIMITS.overloadItems + 1)).toBe(false);
});
