/** A journal row on arrival: what the centre counts it as. The body itself is stored as it came. */
import { clockOfStamp, stampToMs } from "@regulars/shared/clock";
import { eventSchema, moneyOf, receiptOf, type RegularsEvent } from "@regulars/shared/events/event";
import { LIMITS } from "@regulars/shared/limits";
import type { EventsIntake } from "@regulars/shared/protocol/intake";

export type ArrivedEvent = EventsIntake["events"][number];

export interface EventRow {
  readonly kind: string | null;
  /** Key of the fragment that must hold the event before it is golden; null when none must. */
  readonly key: string | null;
  readonly businessDay: string | null;
  readonly atMs: number | null;
  readonly zone: string | null;
  readonly currency: string | null;
  readonly totalMinor: number | null;
  readonly receipt: string | null;
  readonly externalId: string | null;
  /** The receipt that it takes back. */
  readonly refers: string | null;
  /** Payments that are looked for by what they say, as JSON; null where there are none. */
  readonly tenders: string | null;
  /** How far its stamp is ahead of `atMs`, and the stamp's counter. */
  readonly stampAheadMs: number;
  readonly stampCounter: number;
  readonly flags: readonly string[];
  readonly quarantined: string | null;
}

const UNREADABLE: EventRow = {
  kind: null,
  key: null,
  businessDay: null,
  atMs: null,
  zone: null,
  currency: null,
  totalMinor: null,
  receipt: null,
  externalId: null,
  refers: null,
  tenders: null,
  stampAheadMs: 0,
  stampCounter: 0,
  flags: [],
  quarantined: null,
};

export function eventRowOf(item: ArrivedEvent): EventRow {
  const event = readEvent(item.body);
  if (!event) return { ...UNREADABLE, quarantined: item.quarantined ?? "not_an_event" };
  if (event.source !== item.source || event.epoch !== item.epoch || event.seq !== item.seq) {
    return { ...UNREADABLE, quarantined: item.quarantined ?? "key_mismatch" };
  }
  const quarantined = item.quarantined ?? null;
  const money = moneyOf(event);
  const atMs = Date.parse(event.at);
  const clock = clockOfStamp(event.stamp);
  return {
    kind: event.kind,
    // An adjustment is about books, and what the edge set aside has not reached a fragment: neither is waited for.
    key: event.kind === "adjustment" || quarantined ? null : (event.subject[0] ?? null),
    businessDay: event.businessDay,
    atMs,
    zone: event.zone,
    currency: money?.currency ?? null,
    totalMinor: money?.totalMinor ?? null,
    receipt: receiptOf(event),
    externalId: "externalId" in event.body ? (event.body.externalId ?? null) : null,
    refers: refersOf(event),
    tenders: tendersOf(event),
    stampAheadMs: clock.ms - atMs,
    stampCounter: clock.counter,
    flags: flagsOf(event, item.acceptedAtMs),
    quarantined,
  };
}

function refersOf(event: RegularsEvent): string | null {
  if (event.kind === "return") return event.body.original ?? null;
  return event.kind === "void" ? event.body.voids : null;
}

/** Paid with points, or by a reference that a settlement file may name. */
function tendersOf({ body }: RegularsEvent): string | null {
  if (!("tenders" in body)) return null;
  const found = (body.tenders ?? []).flatMap(({ type, reference }) =>
    type !== "loyalty" && reference === undefined ? [] : [{ type, reference }],
  );
  return found.length === 0 ? null : JSON.stringify(found);
}

/** What the edge has clamped shows at the event as well (CLK1). */
function flagsOf({ flags, stamp }: RegularsEvent, acceptedAtMs: number): readonly string[] {
  const isAhead = stampToMs(stamp) > acceptedAtMs + LIMITS.clockAheadMs;
  return isAhead ? [...flags, "clock_ahead"] : flags;
}

function readEvent(body: string): RegularsEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = eventSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
