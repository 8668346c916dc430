/**
 * An event: an immutable statement captured once, with the key (source, epoch, seq).
 *
 * Every hop carries the bytes that the till wrote, so fields that a hop does not know survive it (SYN9); this schema
 * is how a hop reads them.
 */
import { z } from "zod";
import { stampSchema } from "../clock.ts";
import {
  epochSchema,
  identityKeySchema,
  seqSchema,
  sourceIdSchema,
  storeIdSchema,
} from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { adjustmentSchema } from "./adjustment.ts";
import { behaviourSchema } from "./behaviour.ts";
import { cartSchema } from "./cart.ts";
import { channelSchema } from "./channel.ts";
import { claimSchema } from "./claim.ts";
import { closeSchema } from "./close.ts";
import { consentSchema } from "./consent.ts";
import { countSchema } from "./count.ts";
import { drawerSchema } from "./drawer.ts";
import { loyaltySchema } from "./loyalty.ts";
import { noteSchema } from "./note.ts";
import { openSchema } from "./open.ts";
import { orderSchema } from "./order.ts";
import { returnSchema } from "./return.ts";
import { saleSchema } from "./sale.ts";
import { sealSchema } from "./seal.ts";
import { voidSchema } from "./void.ts";

export const FLAGS = [
  /** Tenders do not add up to the total. */
  "tenders_differ",
  "negative_quantity",
  /** Lines carry different times. */
  "two_timestamps",
  /** A line's unit price has more decimals than the currency. */
  "fraction_of_minor",
  /** A customer field did not normalise; see `doubtful`. */
  "doubtful_field",
  /** The receipt's lines came apart in the input. */
  "split_receipt",
  /** The terminal's clock was off by more than a minute, as far as it knew; the stamp is corrected. */
  "clock_off",
  /** An order's lines do not come to its total; the rest is a line of its own. */
  "lines_differ",
  /** Its business day was closed at this terminal before: an amendment to that day's Z report (REC1). */
  "late",
] as const;
export type Flag = (typeof FLAGS)[number];

const envelopeShape = {
  source: sourceIdSchema,
  epoch: epochSchema,
  seq: seqSchema,
  stamp: stampSchema,
  /** The device's clock when captured (UTC). May be wrong; the stamp orders. */
  at: z.iso.datetime(),
  businessDay: z.iso.date(),
  /** IANA zone of the store. */
  zone: z.string().max(64),
  store: storeIdSchema.nullable(),
  channel: channelSchema,
  /** Strongest first; empty for an anonymous event. */
  subject: z.array(identityKeySchema).max(LIMITS.subjectKeys),
  /** Text, not the closed list: a newer till may flag what this reader does not know. */
  flags: z.array(z.string().max(40)).max(20),
  /** `epoch/seq` of the `open` that it came after; absent outside of shifts and for another day than the shift's (REC1). */
  shift: z
    .string()
    .regex(/^\d{1,16}\/\d{1,16}$/)
    .optional(),
  /**
   * Where this event was first numbered. Another machine's journal had taken that number, so it was sealed anew: same
   * receipt, same time, another key (SYN3).
   */
  resealed: z.object({ epoch: epochSchema, seq: seqSchema }).optional(),
} as const;

export const eventSchema = z.discriminatedUnion("kind", [
  z.object({ ...envelopeShape, kind: z.literal("sale"), body: saleSchema }),
  z.object({ ...envelopeShape, kind: z.literal("return"), body: returnSchema }),
  z.object({ ...envelopeShape, kind: z.literal("void"), body: voidSchema }),
  z.object({ ...envelopeShape, kind: z.literal("adjustment"), body: adjustmentSchema }),
  z.object({ ...envelopeShape, kind: z.literal("claim"), body: claimSchema }),
  z.object({ ...envelopeShape, kind: z.literal("consent"), body: consentSchema }),
  z.object({ ...envelopeShape, kind: z.literal("note"), body: noteSchema }),
  // From schema 4 on:
  z.object({ ...envelopeShape, kind: z.literal("behaviour"), body: behaviourSchema }),
  z.object({ ...envelopeShape, kind: z.literal("cart"), body: cartSchema }),
  z.object({ ...envelopeShape, kind: z.literal("order"), body: orderSchema }),
  z.object({ ...envelopeShape, kind: z.literal("loyalty"), body: loyaltySchema }),
  // From schema 5 on:
  z.object({ ...envelopeShape, kind: z.literal("open"), body: openSchema }),
  z.object({ ...envelopeShape, kind: z.literal("drawer"), body: drawerSchema }),
  z.object({ ...envelopeShape, kind: z.literal("count"), body: countSchema }),
  z.object({ ...envelopeShape, kind: z.literal("close"), body: closeSchema }),
  z.object({ ...envelopeShape, kind: z.literal("seal"), body: sealSchema }),
]);
/** The event without its body: all that a hop needs that only carries it on. */
export const envelopeSchema = z.object({
  ...envelopeShape,
  kind: z.enum(eventSchema.options.map((option) => option.shape.kind.value)),
});

export type RegularsEvent = z.infer<typeof eventSchema>;
export type EventKind = RegularsEvent["kind"];

/** The money that an event moves, or null when its kind moves none. */
export function moneyOf(event: RegularsEvent): { currency: string; totalMinor: number } | null {
  switch (event.kind) {
    case "sale":
    case "return":
    case "void":
    case "adjustment":
      return { currency: event.body.currency, totalMinor: event.body.totalMinor };
    case "claim":
    case "consent":
    case "note":
    case "behaviour":
    case "cart":
    case "order":
    case "loyalty":
    // What moves money through a drawer, and sells nothing:
    case "open":
    case "drawer":
    case "count":
    case "close":
    case "seal":
      return null;
  }
}

export function receiptOf(event: RegularsEvent): string | null {
  return "receipt" in event.body ? event.body.receipt : null;
}
