/** Whether a till is the one that has been writing its journal (SYN3). Pure. */
import type { Life } from "@regulars/shared/protocol/life";

export interface KnownLife {
  /** Of whoever wrote last; null before the first, and while all have been older than lives. */
  readonly life: Life | null;
  /** Rows that are durable here. */
  readonly accepted: number;
}

/** `new`: the next life of the same folder. `fenced`: a copy of the folder, or the folder before a restore. */
export type LifeVerdict = "same" | "new" | "fenced";

export function decideLife(known: KnownLife, life: Life, head: number): LifeVerdict {
  if (known.life?.start === life.start && known.life.nonce === life.nonce) return "same";
  // A folder counts its starts: who has not counted further than the one before is not its successor.
  if (known.life && life.start <= known.life.start) return "fenced";
  // Durable there before it was sent here: a successor has all of it.
  return head < known.accepted ? "fenced" : "new";
}
