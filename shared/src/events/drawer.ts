/** The drawer is opened for no receipt: money in or out for a reason, or nothing at all. */
import { z } from "zod";
import { currencySchema, minorSchema } from "../money.ts";

export const DRAWER_ACTIONS = ["paid_in", "paid_out", "no_sale"] as const;

interface DrawerAmount {
  readonly action: (typeof DRAWER_ACTIONS)[number];
  readonly amountMinor: number;
}
export const isAmountOfAction = ({ action, amountMinor }: DrawerAmount): boolean =>
  (action === "no_sale") === (amountMinor === 0);
export const AMOUNT_OF_ACTION = {
  path: ["amountMinor"],
  message: "is more than nothing for money in or out, and 0 for a no-sale",
};

export const drawerSchema = z
  .object({
    action: z.enum(DRAWER_ACTIONS),
    currency: currencySchema,
    /** Never negative: the action says which way. 0 of a no-sale. */
    amountMinor: minorSchema.min(0),
    reason: z.string().min(1).max(200),
    staff: z.string().max(64).optional(),
  })
  .refine((drawer) => isAmountOfAction(drawer), AMOUNT_OF_ACTION);
export type Drawer = z.infer<typeof drawerSchema>;
