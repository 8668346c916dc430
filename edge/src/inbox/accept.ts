/** Accepting a push: what of it follows on what is there, and is whole. Pure; the inbox writes what it decides. */
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { envelopeSchema } from "@regulars/shared/events/event";
import type { Item } from "@regulars/shared/protocol/item";
import type { Push, PushAnswer, QuarantineCode } from "@regulars/shared/protocol/push";

export interface Head {
  readonly accepted: number;
  readonly hash: string;
}

export interface AcceptDecision {
  readonly outcome: PushAnswer["outcome"];
  /** The item that a fork or a broken chain is about. */
  readonly seq?: number;
  /** New items, contiguous after the head. */
  readonly fresh: readonly Item[];
  readonly head: Head;
}

/** Before anything of a writer has been accepted. */
export function startHead(source: string, epoch: number): Head {
  return { accepted: 0, hash: chainStart(source, epoch) };
}

/**
 * Rows before the head are repetitions when their hash is the known one, forks otherwise. Rows after it are taken as
 * long as each follows the one before: what is good before a bad row is kept (SYN1, SYN2).
 */
export function decideAccept(
  head: Head,
  items: readonly Item[],
  knownHashes: ReadonlyMap<number, string>,
): AcceptDecision {
  const fresh: Item[] = [];
  let { accepted, hash } = head;
  const stop = (outcome: PushAnswer["outcome"], seq: number): AcceptDecision => ({
    outcome,
    seq,
    fresh,
    head: { accepted, hash },
  });
  for (const item of items) {
    if (item.seq <= head.accepted) {
      if (knownHashes.get(item.seq) === item.hash) continue;
      const isWhole = chainHash(item.prev, item.body) === item.hash;
      return stop(isWhole ? "fork" : "broken_chain", item.seq);
    }
    if (item.seq !== accepted + 1) return stop("gap", item.seq);
    // First what the row says of itself: bent on its way, it would look like another machine's.
    if (chainHash(item.prev, item.body) !== item.hash) return stop("broken_chain", item.seq);
    if (item.prev !== hash) return stop("fork", item.seq);
    fresh.push(item);
    accepted = item.seq;
    hash = item.hash;
  }
  return { outcome: "accepted", fresh, head: { accepted, hash } };
}

export interface ReadItem {
  readonly subject: readonly string[];
  /** Why the event cannot be used; it is kept whole and counted all the same (SYN6). */
  readonly code: QuarantineCode | null;
}

/** The edge reads the envelope; the body is between till and centre. */
export function readItem(push: Pick<Push, "source" | "epoch">, item: Item): ReadItem {
  const envelope = parseEnvelope(item.body);
  if (!envelope) return { subject: [], code: "not_an_event" };
  const { source, epoch, seq, subject } = envelope;
  const isItsOwn = source === push.source && epoch === push.epoch && seq === item.seq;
  if (!isItsOwn) return { subject: [], code: "key_mismatch" };
  return { subject, code: null };
}

function parseEnvelope(body: string) {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null; // told to the sender as `not_an_event`
  }
  const parsed = envelopeSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
