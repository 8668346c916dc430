/**
 * What a connector understood of what it was sent: the same captures that a till makes, and those that only a web shop,
 * an app or a file has. Which events they become is decided where they are taken in: an order that came before becomes none.
 */
import { z } from "zod";
import { lineInputSchema } from "../capture/input.ts";
import { behaviourSchema } from "../events/behaviour.ts";
import { cartSchema } from "../events/cart.ts";
import { claimSchema } from "../events/claim.ts";
import { consentSchema } from "../events/consent.ts";
import { FLAGS } from "../events/event.ts";
import { loyaltySchema } from "../events/loyalty.ts";
import { noteSchema } from "../events/note.ts";
import { orderSchema } from "../events/order.ts";
import { tenderSchema } from "../events/tender.ts";
import { storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { currencySchema } from "../money.ts";

export const connectCustomerSchema = z.looseObject({
  // Read like a till's customer part, field by field: what cannot be used is set aside, and refuses nothing (CAP4).
  email: z.unknown().optional(),
  phone: z.unknown().optional(),
  loyaltyNumber: z.unknown().optional(),
  /** Account in the realm of the connector: the shop's customer, the app's user. */
  userId: z.unknown().optional(),
  /** Browsers, app installations, carts: they say who it was only while nobody else says more. */
  anonymousIds: z.unknown().optional(),
  /** Named values beside the fields: text, numbers, booleans. */
  traits: z.unknown().optional(),
});

const said = {
  /** Business key within the account: the same key again has no second effect. */
  key: z.string().min(1).max(200),
  /** When it happened (UTC). */
  at: z.iso.datetime(),
  customer: connectCustomerSchema.optional(),
  consents: z.array(z.unknown()).max(50).optional(),
  flags: z.array(z.enum(FLAGS)).max(FLAGS.length).optional(),
  /** Where it happened, if in a store of the retailer's. */
  store: storeIdSchema.optional(),
  businessDay: z.iso.date().optional(),
  staff: z.string().max(64).optional(),
};

const receipt = {
  ...said,
  /** Number on the receipt or confirmation. */
  externalId: z.string().max(64).optional(),
  currency: currencySchema,
  lines: z.array(lineInputSchema).max(LIMITS.saleLines),
  tenders: z.array(tenderSchema).max(LIMITS.tenders).optional(),
};

const orderIdSchema = z.string().min(1).max(LIMITS.orderIdChars);

export const connectCaptureSchema = z.discriminatedUnion("kind", [
  /** A receipt of a drawer: counted as it is. */
  z.object({ kind: z.literal("sale"), ...receipt, order: orderIdSchema.optional() }),
  z.object({ kind: z.literal("return"), ...receipt, original: z.string().max(64).optional() }),
  /** The receipt with this `externalId`, of the same account, never happened. */
  z.object({
    kind: z.literal("void"),
    ...said,
    voids: z.string().min(1).max(64),
    reason: z.string().max(200).optional(),
  }),
  /**
   * An order as it stands now. Of several revisions the highest counts, whatever order they come in. Its lines add up to its
   * total: shipping, taxes on top, discounts, tips and what does not add up are lines as well.
   */
  z.object({
    kind: z.literal("order"),
    ...receipt,
    /** Every name of this order that another channel may use; the first is the account's own. */
    ids: z.array(orderIdSchema).min(1).max(LIMITS.orderIds),
    /** Grows with every change of the order at its origin: a version, or the time of the change in ms. */
    revision: z.int(),
    state: orderSchema.shape.state,
  }),
  /** Money back for an order: amounts are negative. */
  z.object({
    kind: z.literal("refund"),
    ...receipt,
    refund: z.string().min(1).max(LIMITS.orderIdChars),
    order: orderIdSchema,
  }),
  z.object({ kind: z.literal("claim"), ...said, verified: claimSchema.shape.verified }),
  z.object({ kind: z.literal("consent"), ...said, ...consentSchema.shape }),
  z.object({ kind: z.literal("note"), ...said, ...noteSchema.shape }),
  z.object({ kind: z.literal("behaviour"), ...said, ...behaviourSchema.shape }),
  z.object({ kind: z.literal("cart"), ...said, ...cartSchema.shape }),
  z.object({ kind: z.literal("loyalty"), ...said, ...loyaltySchema.shape }),
  /** Somebody exercises a right: work for a person, with a time limit. */
  z.object({
    kind: z.literal("privacy"),
    ...said,
    request: z.enum(["access", "erase", "erase_shop"]),
    orders: z.array(orderIdSchema).max(1_000).optional(),
  }),
]);
export type ConnectCapture = z.infer<typeof connectCaptureSchema>;

/** What the parts of a capture's money come to: its priority when somebody has to look at it. */
export function worthMinor(capture: ConnectCapture): number {
  if (!("lines" in capture)) return 0;
  return Math.abs(capture.lines.reduce((sum, line) => sum + (line.amountMinor ?? 0), 0));
}
