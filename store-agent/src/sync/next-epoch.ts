/** Which epoch is sent next, and when a new one begins so that sales of now need not wait. */
import { LIMITS } from "@regulars/shared/limits";
import type { PullAnswer } from "@regulars/shared/protocol/pull";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import type { JournalDeps } from "../journal/find.ts";
import { readRow } from "../journal/read-row.ts";
import type { Ladder } from "./marks.ts";

/** The oldest with rows to send, then one with fragments that are needed, then each in turn to learn its marks. */
export function nextClosed(
  closed: readonly Ladder[],
  needed: NonNullable<PullAnswer["need"]>,
  turn: number,
): number | null {
  const next =
    closed.find(({ marks, seq }) => marks.accepted < seq) ??
    closed.find(({ epoch }) => needed.some((need) => need.epoch === epoch)) ??
    closed[turn % closed.length];
  return next?.epoch ?? null;
}

/** Whether something was sold a moment ago that is not merged yet: then a backlog has to wait (SYN7). */
export async function isSelling(storage: Storage, open: Ladder, nowMs: number): Promise<boolean> {
  if (open.marks.merged >= open.seq) return false;
  const [oldest] = await rowsOf(
    storage,
    "select captured_ms from journal where epoch = ? and seq = ?",
    [open.epoch, open.marks.merged + 1],
  );
  const agoMs = oldest ? nowMs - numberOf(oldest, "captured_ms") : Infinity;
  return agoMs >= 0 && agoMs < LIMITS.backlogYieldMs;
}

/**
 * A long time without network has left more than is sent in a moment (SYN7). Once only: while a closed epoch is on its
 * way, the till is as fast as its link, and further epochs would help nobody.
 */
export async function isBacklog(
  journal: JournalDeps,
  open: Ladder,
  closed: readonly Ladder[],
  nowMs: number,
): Promise<boolean> {
  if (open.seq - open.marks.accepted < LIMITS.backlogRows) return false;
  if (closed.some(({ marks, seq }) => marks.accepted < seq)) return false;
  // It may be archived: an edge that lost its disk has accepted less than is golden.
  const oldest = await readRow(journal, open.epoch, open.marks.accepted + 1);
  return oldest ? nowMs - oldest.capturedMs > LIMITS.backlogAgeMs : false;
}
