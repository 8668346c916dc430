import { z } from "zod";
import { currencySchema, minorSchema } from "../money.ts";

/** A receipt declared never to have happened. The voided event stays in the journal; this one takes its money back. */
export const voidSchema = z.object({
  receipt: z.string().min(1).max(64),
  voids: z.string().min(1).max(64),
  currency: currencySchema,
  /** Minus the voided receipt's total. */
  totalMinor: minorSchema,
  reason: z.string().max(200).optional(),
});
export type Void = z.infer<typeof voidSchema>;
