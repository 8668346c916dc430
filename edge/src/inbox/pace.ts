/** The pace that an inbox sets (SYN7), and what it refuses for a while when too much is waiting (EDG5). */
import { LIMITS } from "@regulars/shared/limits";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";

/** Items that are accepted and not merged. */
export async function waitingItems(storage: Storage): Promise<number> {
  const [row] = await rowsOf(
    storage,
    "select coalesce(sum(accepted - merged), 0) as waiting from mark where accepted > merged",
  );
  return row ? numberOf(row, "waiting") : 0;
}

/** Never of an empty push: that one asks how far things have come. */
export function isOverloaded({ items, closed }: Push, waiting: number): boolean {
  if (items.length === 0) return false;
  return waiting > (closed ? LIMITS.waitingItems : LIMITS.overloadItems);
}

/** A backlog comes the slower, the more of it waits. */
export function paceOf({ closed }: Push, waiting: number): PushAnswer["pace"] {
  const share = closed ? waiting / LIMITS.waitingItems : 0;
  const retryAfterMs = share > 0.5 ? Math.round(share * LIMITS.overloadRetryMs) : 0;
  return { maxBatchBytes: LIMITS.pushBytes, retryAfterMs };
}

/** A till from before `fenced` knows one word for "this number is taken". */
export function inProtocolOf(push: Push, answer: PushAnswer): PushAnswer {
  if (push.protocol > 1 || answer.outcome !== "fenced") return answer;
  const [first] = push.items;
  return { ...answer, outcome: "fork", ...(first ? { seq: first.seq } : {}) };
}
