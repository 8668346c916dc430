/**
 * What one row adds to the figures of its day. Pure, so that a row that was counted as refused and is read anew later can be
 * taken back to the last figure.
 */
import { FLAGS } from "@regulars/shared/events/event";
import { CHANNELS, fieldsOfKind, type QualityField } from "./fields.ts";

export interface Delta {
  readonly measure: CountedMeasure;
  readonly part: string;
  readonly count: number;
  readonly of: number;
}

/** Figures that grow with the journal, as opposed to those that are taken of a whole once in a while. */
export const COUNTED = ["accepted", "field", "flag", "merges", "splits"] as const;
type CountedMeasure = (typeof COUNTED)[number];

/** What is read of a body. Nothing of it leaves this folder but counts. */
export interface Said {
  readonly kind: string | null;
  readonly channel: string | null;
  readonly flags: readonly string[];
  readonly filled: ReadonlySet<QualityField>;
}

const NOTHING: Said = { kind: null, channel: null, flags: [], filled: new Set() };

/** As far as it can be read: of a row that is no event, perhaps its kind and channel. */
export function saidBy(body: string): Said {
  const event = objectOf(parse(body));
  if (!event) return NOTHING;
  const kind = typeof event["kind"] === "string" ? event["kind"] : null;
  const channel = CHANNELS.find((each) => each === event["channel"]) ?? null;
  const flags = listOf(event["flags"]).filter((flag) => typeof flag === "string");
  return { kind, channel, flags, filled: new Set(filledIn(kind, event)) };
}

function filledIn(kind: string | null, event: Record<string, unknown>): QualityField[] {
  const body = objectOf(event["body"]) ?? {};
  const claims = objectOf(body["claims"]) ?? {};
  return fieldsOfKind(kind).filter((field) => {
    switch (field) {
      case "customer":
        return listOf(event["subject"]).length > 0;
      case "staff":
        return isSaid(body["staff"]);
      case "payment":
        return listOf(body["tenders"]).length > 0;
      default:
        return isSaid(claims[field]);
    }
  });
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

export function acceptedDeltas({ kind, flags, filled }: Said, channel: string): Delta[] {
  return [
    { measure: "accepted", part: channel, count: 1, of: 1 },
    ...fieldsOfKind(kind).map((field) => ({
      measure: "field" as const,
      part: `${channel}/${field}`,
      count: filled.has(field) ? 1 : 0,
      of: 1,
    })),
    // A flag that a day has not seen has no row there: its share is of the accepted rows, whatever they say.
    ...[...new Set(flags.map(knownFlag))].map((flag) => ({
      measure: "flag" as const,
      part: `${channel}/${flag}`,
      count: 1,
      of: 0,
    })),
  ];
}

const KNOWN_FLAGS: ReadonlySet<string> = new Set([...FLAGS, "clock_ahead"]);

/** A till may write anything there; what this build does not know is one flag (SEC2, SYN10). */
const knownFlag = (flag: string): string => (KNOWN_FLAGS.has(flag) ? flag : "other");

/** Received, and of no use so far. */
export const refusedDeltas = (kind: string | null, channel: string): Delta[] => [
  { measure: "accepted", part: channel, count: 0, of: 1 },
  ...fieldsOfKind(kind).map((field) => ({
    measure: "field" as const,
    part: `${channel}/${field}`,
    count: 0,
    of: 1,
  })),
];

export const takenBack = (deltas: readonly Delta[]): Delta[] =>
  deltas.map((delta) => ({ ...delta, count: -delta.count, of: -delta.of }));

/** The day in UTC on which it was accepted: it says nothing that can be wrong, and no day changes once it is over. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // counted as what cannot be read
  }
}

function objectOf(value: unknown): Record<string, unknown> | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value)) : null;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
