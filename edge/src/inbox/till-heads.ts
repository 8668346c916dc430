/**
 * How far each till has come that has more to send than it has sent. It is a hint, kept in memory: who comes home with hours of
 * sales has many of the same customers among them, and nobody waits for the news of each (SYN7).
 */
import { writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Push } from "@regulars/shared/protocol/push";
import type { Mark, Writer } from "./marks.ts";

/** By writer: the last row at its till. No more of them than a store has tills that are behind. */
export type TillHeads = Map<string, number>;

export function rememberHead(
  heads: TillHeads,
  { source, epoch, head = 0 }: Pick<Push, "source" | "epoch" | "head">,
  accepted: number,
): void {
  const writer = writerOf(source, epoch);
  heads.delete(writer);
  if (head - accepted > LIMITS.waitingItems) heads.set(writer, head);
  for (const known of heads.keys()) {
    if (heads.size <= LIMITS.storeTerminals) break;
    heads.delete(known);
  }
}

/** Whether the till of the writer has a good deal more to send. */
export const isSending = (heads: TillHeads, { source, epoch }: Writer): boolean =>
  heads.has(writerOf(source, epoch));

/** And what waits of it here already is not too much. */
export const comesFast = (heads: TillHeads, mark: Mark): boolean =>
  isSending(heads, mark) && mark.accepted - mark.merged < LIMITS.overloadItems / 2;

/** Whether so much of the writer waits, here and at its till, that a sale of it is one of a backlog. */
export function isBehind(heads: TillHeads, mark: Mark): boolean {
  const last = Math.max(mark.accepted, heads.get(writerOf(mark.source, mark.epoch)) ?? 0);
  return last - mark.merged > LIMITS.waitingItems;
}
