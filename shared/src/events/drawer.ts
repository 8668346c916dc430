/** The drawer is opened for no receipt: money in or out for a reason, or nothing at all. */
import { z } from "zod";
import { currencySchema, minorSchema } from "../money.ts";

export const DRAWER_ACTIONS = ["paid_in", "paid_out", "no_sale"] as const;

export const drawerSchema = z
  .object({
    action: z.enum(DRAWER_ACTIONS),
    currency: currencySchema,
    /** Never negative: the action says which way. 0 of a no-sale. */
    amountMinor: minorSchema.min(0),
    reason: z.string().min(1).max(200),
    staff: z.string().max(64).optional(),
  })
  .refine(({ action, amountMinor }) => (action === "no_sale") === (amountMinor === 0), {
    path: ["amountMinor"],
    message: "is more than nothing for money in or out, and 0 for a no-sale",
  });
export type Drawer = z.infer<typeof drawerSchema>;
