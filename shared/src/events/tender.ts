/** How a receipt was paid. Amounts are what the customer handed over less the change. */
import { z } from "zod";
import { minorSchema } from "../money.ts";

export const TENDER_TYPES = ["cash", "card", "voucher", "loyalty", "account", "other"] as const;
export type TenderType = (typeof TENDER_TYPES)[number];

export const tenderSchema = z.object({
  type: z.enum(TENDER_TYPES),
  amountMinor: minorSchema,
  reference: z.string().max(64).optional(),
});
export type Tender = z.infer<typeof tenderSchema>;
