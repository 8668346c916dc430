/** A till as the edge sees it: numbered, chained items with the updates of real fragments. */
import { CLOCK_START, stampOf, tick } from "@regulars/shared/clock";
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import { identityKeysOf, type Identifiers } from "@regulars/shared/identity/key";
import { clientIdOf, writerOf } from "@regulars/shared/ids";
import type { Item } from "@regulars/shared/protocol/item";
import type { Push } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { env } from "cloudflare:workers";

type Body = RegularsEvent extends infer Event
  ? Event extends { kind: infer Kind; body: infer Content }
    ? { kind: Kind; body: Content }
    : never
  : never;

export const START_MS = Date.UTC(2026, 0, 5, 9);

export function keysOf(given: Identifiers): string[] {
  return [...identityKeysOf(given, { pepper: env.REGULARS_PEPPER, country: "GB" }).keys];
}

export function sale(totalMinor: number): Body {
  const line = { sku: "tea", quantity: "1", amountMinor: totalMinor };
  const body = { receipt: `r-${totalMinor}`, currency: "GBP", lines: [line], tenders: [] };
  return { kind: "sale", body: { ...body, totalMinor } };
}

export function openTill(source: string, store: string, epoch = 1) {
  const fragments = new Map<string, WrittenFragment>();
  /** What the till's clock shows next, where not a second after the row before. */
  const shown: { ms: number | null } = { ms: null };
  let clock = CLOCK_START;
  let head = { seq: 0, hash: chainStart(source, epoch) };

  function capture(subject: readonly string[], content: Body): Item {
    clock = tick(clock, shown.ms ?? START_MS + head.seq * 1000);
    const event: RegularsEvent = {
      source,
      epoch,
      seq: head.seq + 1,
      stamp: stampOf(clock, writerOf(source, epoch)),
      at: new Date(clock.ms).toISOString(),
      businessDay: "2026-01-05",
      zone: "Europe/London",
      store,
      channel: "till",
      subject: [...subject],
      flags: [],
      ...content,
    };
    const [key] = subject;
    const updates = key === undefined ? [] : [updateOf(event, key)];
    const body = JSON.stringify(event);
    const item = {
      seq: event.seq,
      prev: head.hash,
      hash: chainHash(head.hash, body),
      body,
      updates,
    };
    head = item;
    return item;
  }

  function updateOf(event: RegularsEvent, key: string) {
    const doc = fragments.get(key) ?? openWritten(null, clientIdOf(source, epoch));
    fragments.set(key, doc);
    const update = recordEvent(doc, event, key);
    return { key, update: bytesToBase64(update), sha256: sha256Hex(update) };
  }

  return {
    clock: shown,
    capture,
    /** The whole document of a fragment, as it stands at the till. */
    whole(key: string) {
      const doc = fragments.get(key);
      if (!doc) throw new Error("the till has no fragment of this key");
      const state = doc.state();
      return { key, update: bytesToBase64(state), sha256: sha256Hex(state) };
    },
    push: (items: readonly Item[]): Push => ({
      ...THIS_VERSION,
      store,
      source,
      epoch,
      sentAtMs: START_MS,
      items: [...items],
    }),
  };
}

export function resealed(item: Item, body: string): Item {
  return { ...item, body, hash: chainHash(item.prev, body) };
}
