/** What of a writer's arrived rows continues its journal (SYN1, SYN2). */
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import type { ArrivedEvent } from "./event-row.ts";

export interface JournalHead {
  readonly source: string;
  readonly epoch: number;
  readonly journaled: number;
  readonly headHash: string;
}

export interface JournalDecision {
  readonly head: JournalHead;
  readonly accepted: readonly ArrivedEvent[];
  /** Some of it was here, now or once: an answer was lost, or one of the two has lost what it knew. */
  readonly repeated: boolean;
  /**
   * `fork`: another row has this number, or the row follows another one than ours. `broken_chain`: its hash does not
   * cover its body and predecessor. Nothing of the writer is taken from here on.
   */
  readonly refused?: { readonly code: "fork" | "broken_chain"; readonly item: ArrivedEvent };
}

export function emptyJournal(source: string, epoch: number): JournalHead {
  return { source, epoch, journaled: 0, headHash: chainStart(source, epoch) };
}

/** `hashBySeq` holds the hashes of stored rows, where an arrived row has the same number. */
export function decideJournal(
  head: JournalHead,
  arrived: readonly ArrivedEvent[],
  hashBySeq: ReadonlyMap<number, string>,
): JournalDecision {
  const hashes = new Map(hashBySeq);
  const accepted: ArrivedEvent[] = [];
  let { journaled, headHash } = head;
  let repeated = false;
  const decision = (refused?: JournalDecision["refused"]): JournalDecision => ({
    head: { ...head, journaled, headHash },
    accepted,
    repeated,
    ...(refused ? { refused } : {}),
  });
  for (const item of arrived.toSorted((a, b) => a.seq - b.seq)) {
    if (hashes.get(item.seq) === item.hash) {
      repeated = true;
      continue;
    }
    if (item.seq > journaled + 1) {
      // A gap: the sender learns from the watermark where to go on. What is before it was here, and is lost.
      repeated = true;
      break;
    }
    if (chainHash(item.prev, item.body) !== item.hash) {
      return decision({ code: "broken_chain", item });
    }
    if (item.seq <= journaled || item.prev !== headHash) return decision({ code: "fork", item });
    accepted.push(item);
    hashes.set(item.seq, item.hash);
    journaled = item.seq;
    headHash = item.hash;
  }
  return decision();
}
