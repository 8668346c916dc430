/** A till in memory: captures events as a store agent does, and hands out what the edge would deliver of them. */
import { CLOCK_START, stampOf, tick } from "@regulars/shared/clock";
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { eventSchema, type EventKind, type RegularsEvent } from "@regulars/shared/events/event";
import { recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import { clientIdOf, customerIdOf, type IdentityKey, writerOf } from "@regulars/shared/ids";
import { identityKeyOf, type KeyKind } from "@regulars/shared/identity/key";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import type { EventsIntake, FragmentsIntake } from "@regulars/shared/protocol/intake";
import type { ArrivedEvent } from "../intake/event-row.ts";
import type { ArrivedFragment } from "../intake/source-record.ts";

export const PEPPER = "pepper of the tests";
export const START_MS = Date.UTC(2026, 10, 21, 9);

export const keyOf = (kind: KeyKind, value: string): IdentityKey =>
  identityKeyOf(kind, value, PEPPER);

export interface Captured {
  readonly item: ArrivedEvent;
  /** The fragment as it stood after this event. */
  readonly fragment: ArrivedFragment | null;
}

export interface CaptureOptions {
  readonly kind: EventKind;
  readonly subject?: readonly IdentityKey[];
  readonly body: object;
  readonly atMs?: number;
}

export interface Till {
  readonly source: string;
  readonly epoch: number;
  readonly store: string;
  readonly captured: readonly Captured[];
  capture(options: CaptureOptions): Captured;
  sale(totalMinor: number, subject?: readonly IdentityKey[], atMs?: number): Captured;
  claim(claims: object, subject: readonly IdentityKey[], atMs?: number): Captured;
}

export function createTill(source: string, { store = "store-1", epoch = 1 } = {}): Till {
  const docs = new Map<IdentityKey, WrittenFragment>();
  const captured: Captured[] = [];
  let clock = CLOCK_START;
  let head = chainStart(source, epoch);
  let receipts = 0;

  function capture(options: CaptureOptions): Captured {
    const atMs = options.atMs ?? START_MS + captured.length * 60_000;
    clock = tick(clock, atMs);
    const event = eventSchema.parse({
      source,
      epoch,
      seq: captured.length + 1,
      stamp: stampOf(clock, writerOf(source, epoch)),
      at: new Date(atMs).toISOString(),
      businessDay: new Date(atMs).toISOString().slice(0, 10),
      zone: "Europe/London",
      store,
      channel: "till",
      subject: options.subject ?? [],
      flags: [],
      kind: options.kind,
      body: options.body,
    });
    const body = JSON.stringify(event);
    const hash = chainHash(head, body);
    const item = { source, epoch, seq: event.seq, prev: head, hash, body, acceptedAtMs: atMs + 5 };
    head = hash;
    const one = { item, fragment: record(event) };
    captured.push(one);
    return one;
  }

  function record(event: RegularsEvent): ArrivedFragment | null {
    const [key] = event.subject;
    if (key === undefined || event.kind === "adjustment") return null;
    const clientId = clientIdOf(source, epoch);
    const doc = docs.get(key) ?? openWritten(null, clientId);
    docs.set(key, doc);
    recordEvent(doc, event, key);
    return fragmentOf(doc, source, epoch, key);
  }

  return {
    source,
    epoch,
    store,
    captured,
    capture,
    sale(totalMinor, subject = [], atMs) {
      receipts += 1;
      const body = {
        receipt: `${source}-${receipts}`,
        currency: "GBP",
        lines: [{ sku: "A1", description: "Tea", quantity: "1", amountMinor: totalMinor }],
        tenders: [{ type: "card", amountMinor: totalMinor }],
        totalMinor,
      };
      const time = atMs === undefined ? {} : { atMs };
      return capture({ kind: totalMinor < 0 ? "return" : "sale", subject, body, ...time });
    },
    claim(claims, subject, atMs) {
      const time = atMs === undefined ? {} : { atMs };
      return capture({ kind: "claim", subject, body: { claims }, ...time });
    },
  };
}

export function fragmentOf(
  doc: WrittenFragment,
  source: string,
  epoch: number,
  key: IdentityKey,
): ArrivedFragment {
  const state = doc.state();
  return {
    source,
    epoch,
    key,
    customer: customerIdOf(key),
    clock: doc.clock(),
    state: bytesToBase64(state),
    sha256: sha256Hex(state),
  };
}

export const eventsOf = (store: string, events: readonly ArrivedEvent[]): EventsIntake => ({
  ...THIS_VERSION,
  store,
  events: [...events],
});

export const fragmentsOf = (fragments: readonly ArrivedFragment[]): FragmentsIntake => ({
  ...THIS_VERSION,
  fragments: [...fragments],
});
