/** What fragments and profiles remember of web shop, app and programs: the newest of each, in short. */
import { z } from "zod";
import { stampSchema } from "../clock.ts";
import { behaviourSchema, itemSchema } from "../events/behaviour.ts";
import { cartSchema } from "../events/cart.ts";
import { channelSchema } from "../events/channel.ts";
import { loyaltySchema } from "../events/loyalty.ts";
import { orderSchema } from "../events/order.ts";
import { ownName, traitValueSchema } from "../events/trait.ts";
import { seqSchema, storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

/** Descriptions are shortened to this (code points), paths of pages as well. */
export const ITEM_CHARS = 40;
export const PAGE_CHARS = 100;
/** Of a behaviour or a sale, so many items are remembered. */
export const ITEMS = 3;

const happened = {
  at: z.iso.datetime(),
  stamp: stampSchema,
  store: storeIdSchema.nullable(),
  channel: channelSchema,
};

export const recentBehaviourSchema = z.object({
  ...happened,
  type: behaviourSchema.shape.type,
  name: behaviourSchema.shape.name,
  page: z.string().optional(),
  items: z.array(itemSchema).max(ITEMS),
});
export type RecentBehaviour = z.infer<typeof recentBehaviourSchema>;

/** A cart after its newest change. One that was ordered is no cart any more: it has no items, and profiles show it not. */
export const cartStateSchema = z.object({
  ...happened,
  cart: cartSchema.shape.cart,
  state: z.enum(["open", "abandoned", "ordered"]),
  /** The newest, which come last. */
  items: z.array(itemSchema).max(LIMITS.recentCartItems),
  /** How many there are. */
  lines: z.int().min(0),
  currency: cartSchema.shape.currency,
  totalMinor: cartSchema.shape.totalMinor,
});
export type CartState = z.infer<typeof cartStateSchema>;

/** An order as it stood when it was told of last. */
export const orderStateSchema = z.object({
  ...happened,
  ...orderSchema.omit({ reason: true }).shape,
});
export type OrderState = z.infer<typeof orderStateSchema>;

/** A member's points, by the newest word of the program. */
export const loyaltyStateSchema = loyaltySchema.omit({ program: true }).extend({
  at: z.iso.datetime(),
  stamp: stampSchema,
  seq: seqSchema,
});
export type LoyaltyState = z.infer<typeof loyaltyStateSchema>;
export const programSchema = ownName(LIMITS.programChars);

export const fragmentTraitSchema = z.object({
  value: traitValueSchema,
  stamp: stampSchema,
  seq: seqSchema,
});
