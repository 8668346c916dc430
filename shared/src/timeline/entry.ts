/** One entry of a customer's timeline: what happened, without what only the books need. Edge and centre write the same. */
import { z } from "zod";
import { stampSchema } from "../clock.ts";
import { CLAIM_FIELDS } from "../events/claim.ts";
import { consentSchema } from "../events/consent.ts";
import type { RegularsEvent } from "../events/event.ts";
import { recentSaleSchema } from "../fragment/contribution.ts";
import { itemsOf } from "../fragment/record-sale.ts";
import { eventKeyOf, storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";

const said = {
  /** Key of the event: source, epoch, number. */
  event: z.string(),
  /** When it happened (UTC). */
  at: z.iso.datetime(),
};

const receipt = {
  ...said,
  store: storeIdSchema.nullable(),
  channel: z.string().optional(),
  receipt: z.string(),
  currency: currencySchema,
  totalMinor: minorSchema,
  lines: z.int(),
  items: recentSaleSchema.shape.items,
  voided: z.boolean().optional(),
};

export const timelineEntrySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("sale"), ...receipt }),
  z.object({ kind: z.literal("return"), ...receipt }),
  z.object({
    kind: z.literal("void"),
    ...said,
    /** Number of the receipt that never was. */
    voids: z.string(),
    currency: currencySchema,
    totalMinor: minorSchema,
  }),
  z.object({
    kind: z.literal("note"),
    ...said,
    text: z.string(),
    staff: z.string().optional(),
  }),
  z.object({
    kind: z.literal("consent"),
    ...said,
    /** `purpose/channel`. */
    name: z.string(),
    state: consentSchema.shape.state,
  }),
  /** Names of what was said; the values are in the profile, as far as they stand. */
  z.object({
    kind: z.literal("claim"),
    ...said,
    fields: z.array(z.string()),
    traits: z.array(z.string()),
  }),
]);
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** With what orders it: by stamp, and by the name of the event where two have the same. */
export const timelineItemSchema = z.object({ stamp: stampSchema, entry: timelineEntrySchema });
export type TimelineItem = z.infer<typeof timelineItemSchema>;

/** Newest first. */
export const compareItems = (a: TimelineItem, b: TimelineItem): number =>
  isBefore(a, placeOf(b)) ? 1 : isBefore(b, placeOf(a)) ? -1 : 0;

/** A place in a timeline: entries before it are the older ones. */
export const timelinePlaceSchema = z.object({ stamp: stampSchema, event: z.string().max(200) });
export type TimelinePlace = z.infer<typeof timelinePlaceSchema>;

export const placeOf = ({ stamp, entry }: TimelineItem): TimelinePlace => ({
  stamp,
  event: entry.event,
});

export const isBefore = ({ stamp, entry }: TimelineItem, place: TimelinePlace): boolean =>
  stamp === place.stamp ? entry.event < place.event : stamp < place.stamp;

/** `GET /v1/customers/:id/timeline` at the centre, for the edge. */
export const timelinePageSchema = z.object({
  items: z.array(timelineItemSchema).max(LIMITS.timelineRows),
  more: z.boolean(),
});
export type TimelinePage = z.infer<typeof timelinePageSchema>;

/** Null for what is about books, and about nobody. */
export function entryOfEvent(event: RegularsEvent): TimelineEntry | null {
  const { source, epoch, seq, at } = event;
  const common = { event: eventKeyOf(source, epoch, seq), at };
  switch (event.kind) {
    case "sale":
    case "return": {
      const { receipt: number, currency, totalMinor, lines } = event.body;
      const place = { store: event.store, ...channelOf(event) };
      const money = { receipt: number, currency, totalMinor, lines: lines.length };
      return { kind: event.kind, ...common, ...place, ...money, items: itemsOf(lines) };
    }
    case "void": {
      const { voids, currency, totalMinor } = event.body;
      return { kind: "void", ...common, voids, currency, totalMinor };
    }
    case "note":
      return { kind: "note", ...common, ...event.body };
    case "consent": {
      const { purpose, channel, state } = event.body;
      return { kind: "consent", ...common, name: `${purpose}/${channel}`, state };
    }
    case "claim": {
      const { claims } = event.body;
      const fields = CLAIM_FIELDS.filter((field) => claims[field] !== undefined);
      return { kind: "claim", ...common, fields, traits: [] };
    }
    case "adjustment":
      return null;
  }
}

/** A till's is left out, as a profile leaves it out. */
const channelOf = ({ channel }: RegularsEvent) => (channel === "till" ? {} : { channel });
