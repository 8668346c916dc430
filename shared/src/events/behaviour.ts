import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { decimalSchema } from "../money.ts";

/** A product that somebody looked at, put into a cart or wished for. */
export const itemSchema = z.object({
  sku: z.string().min(1).max(64),
  description: z.string().max(LIMITS.fieldChars).optional(),
  quantity: decimalSchema.optional(),
  /** Major units, as shown. */
  unitPrice: decimalSchema.optional(),
});
export type Item = z.infer<typeof itemSchema>;

/** What somebody did in app or web shop. Never money: what was bought is a sale. */
export const behaviourSchema = z.object({
  type: z.enum(["track", "page", "screen", "group"]),
  /** In the words of its source, such as "Product Viewed". */
  name: z.string().min(1).max(200),
  /** Path of the page, without its query: queries name people. */
  page: z.string().max(LIMITS.fieldChars).optional(),
  items: z.array(itemSchema).max(LIMITS.behaviourItems).optional(),
  properties: z
    .record(
      z.string().min(1).max(100),
      z.union([z.string().max(LIMITS.fieldChars), z.number(), z.boolean(), z.null()]),
    )
    .optional(),
});
export type Behaviour = z.infer<typeof behaviourSchema>;
