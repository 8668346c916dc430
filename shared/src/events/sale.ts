import { z } from "zod";
import { storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { receiptShape } from "./receipt.ts";

/** With `order` and `shop`: this sale pays that order of that shop. Older writers never say so. */
export const paidOrderShape = {
  order: z.string().min(1).max(LIMITS.orderIdChars).optional(),
  shop: storeIdSchema.optional(),
} as const;

/** Goods for money. A sale may hold negative lines; its kind is what the till said it was. */
export const saleSchema = z.object({ ...receiptShape, ...paidOrderShape });
export type Sale = z.infer<typeof saleSchema>;
