import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";
import { tenderSchema } from "./tender.ts";

/** A receipt declared never to have happened. The voided event stays in the journal; this one takes its money back. */
export const voidSchema = z.object({
  receipt: z.string().min(1).max(64),
  voids: z.string().min(1).max(64),
  currency: currencySchema,
  /** Minus the voided receipt's total. */
  totalMinor: minorSchema,
  /** Minus the voided receipt's tenders; absent before schema 5. */
  tenders: z.array(tenderSchema).max(LIMITS.tenders).optional(),
  reason: z.string().max(200).optional(),
});
export type Void = z.infer<typeof voidSchema>;
