/** One entry of a customer's timeline: what happened, without what only the books need. Edge and centre write the same. */
import { z } from "zod";
import { stampSchema } from "../clock.ts";
import { CLAIM_FIELDS } from "../events/claim.ts";
import { cartSchema } from "../events/cart.ts";
import { channelSchema } from "../events/channel.ts";
import { consentSchema } from "../events/consent.ts";
import type { RegularsEvent } from "../events/event.ts";
import { loyaltySchema } from "../events/loyalty.ts";
import { orderSchema } from "../events/order.ts";
import { cartStateSchema, recentBehaviourSchema } from "../fragment/activity.ts";
import { shortBehaviour } from "../fragment/record-activity.ts";
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

const where = { store: storeIdSchema.nullable(), channel: channelSchema.optional() };
const receipt = { ...said, ...recentSaleSchema.omit({ kind: true, at: true, stamp: true }).shape };

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
  z.object({
    kind: z.literal("behaviour"),
    ...said,
    ...where,
    ...recentBehaviourSchema.pick({ type: true, name: true, page: true, items: true }).shape,
  }),
  /** What became of the cart. */
  z.object({
    kind: z.literal("cart"),
    ...said,
    ...where,
    ...cartSchema.pick({ cart: true, currency: true, totalMinor: true }).shape,
    state: cartStateSchema.shape.state,
  }),
  /** How far an order had come. */
  z.object({
    kind: z.literal("order"),
    ...said,
    ...where,
    ...orderSchema.omit({ reason: true }).shape,
  }),
  /** What a program said of a member's points. */
  z.object({ kind: z.literal("loyalty"), ...said, ...loyaltySchema.shape }),
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
  const { source, epoch, seq, at, store, channel } = event;
  const common = { event: eventKeyOf(source, epoch, seq), at };
  const happenedAt = { store, channel };
  switch (event.kind) {
    case "sale":
    case "return":
      return { kind: event.kind, ...common, store, ...channelOf(event), ...receiptOf(event) };
    case "void": {
      const { voids, currency, totalMinor } = event.body;
      return { kind: "void", ...common, voids, currency, totalMinor };
    }
    case "note":
      return { kind: "note", ...common, ...event.body };
    case "consent": {
      const { purpose, channel: over, state } = event.body;
      return { kind: "consent", ...common, name: `${purpose}/${over}`, state };
    }
    case "claim": {
      const { claims, traits = {} } = event.body;
      const fields = CLAIM_FIELDS.filter((field) => claims[field] !== undefined);
      return { kind: "claim", ...common, fields, traits: Object.keys(traits) };
    }
    case "behaviour":
      return { kind: "behaviour", ...common, ...happenedAt, ...shortBehaviour(event.body) };
    case "cart": {
      const { cart, change, currency, totalMinor } = event.body;
      const state = change === "ordered" || change === "abandoned" ? change : "open";
      return { kind: "cart", ...common, ...happenedAt, cart, state, currency, totalMinor };
    }
    case "order": {
      const { reason: _reason, ...order } = event.body;
      return { kind: "order", ...common, ...happenedAt, ...order };
    }
    case "loyalty":
      return { kind: "loyalty", ...common, ...event.body };
    case "adjustment":
    case "open":
    case "drawer":
    case "count":
    case "close":
    case "seal":
      return null;
  }
}

function receiptOf({ body }: Extract<RegularsEvent, { kind: "sale" | "return" }>) {
  const { receipt: number, currency, totalMinor, lines } = body;
  const paid = "order" in body ? { order: body.order, shop: body.shop } : {};
  return {
    receipt: number,
    currency,
    totalMinor,
    lines: lines.length,
    items: itemsOf(lines),
    ...paid,
  };
}

/** A till's is left out, as a profile leaves it out. */
const channelOf = ({ channel }: RegularsEvent) => (channel === "till" ? {} : { channel });
