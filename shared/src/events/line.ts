/** One line of a receipt. */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { decimalSchema, minorSchema } from "../money.ts";

export const lineSchema = z.object({
  sku: z.string().min(1).max(64),
  description: z.string().max(LIMITS.fieldChars).optional(),
  quantity: decimalSchema,
  /** Major units, as printed; may have more decimals than the currency. */
  unitPrice: decimalSchema.optional(),
  amountMinor: minorSchema,
  /** UTC instant, where the line's differs from the receipt's. */
  at: z.iso.datetime().optional(),
});
export type Line = z.infer<typeof lineSchema>;
