/** The pace that an inbox sets (SYN7), and what it refuses for a while when too much is waiting (EDG5). */
import { LIMITS } from "@regulars/shared/limits";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import type { Marks } from "./marks.ts";

/** Items that are accepted and not merged. */
export function waitingItems(marks: Marks): number {
  return marks.all().reduce((sum, { accepted, merged }) => sum + Math.max(0, accepted - merged), 0);
}

/** Never of an empty push: that one asks how far things have come. */
export function isOverloaded({ items, closed }: Push, waiting: number): boolean {
  if (items.length === 0) return false;
  return waiting > (closed ? LIMITS.waitingItems : LIMITS.overloadItems);
}

/**
 * A backlog comes in small pieces, and the slower, the more of it waits and the longer its rounds take: whatever it is
 * that slows them down, sales of now meet it as well.
 */
export function paceOf(
  { closed }: Push,
  waiting: number,
  closedRoundMs: number,
): PushAnswer["pace"] {
  if (!closed) return { maxBatchBytes: LIMITS.pushBytes, retryAfterMs: 0 };
  const share = waiting / LIMITS.waitingItems;
  const restMs = Math.max(LIMITS.backlogGapMs, LIMITS.backlogRestRounds * closedRoundMs);
  const retryAfterMs = Math.min(LIMITS.retryMaxMs, Math.round(restMs * (1 + 3 * share)));
  return { maxBatchBytes: LIMITS.backlogBytes, retryAfterMs };
}

/** A till from before `fenced` knows one word for "this number is taken". */
export function inProtocolOf(push: Push, answer: PushAnswer): PushAnswer {
  if (push.protocol > 1 || answer.outcome !== "fenced") return answer;
  const [first] = push.items;
  return { ...answer, outcome: "fork", ...(first ? { seq: first.seq } : {}) };
}
