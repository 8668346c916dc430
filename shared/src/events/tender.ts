/** How a receipt was paid. Amounts are what the customer handed over less the change. */
import { z } from "zod";
import { minorSchema } from "../money.ts";

export const tenderSchema = z.object({
  type: z.enum(["cash", "card", "voucher", "loyalty", "account", "other"]),
  amountMinor: minorSchema,
  reference: z.string().max(64).optional(),
});
export type Tender = z.infer<typeof tenderSchema>;
