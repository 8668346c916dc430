import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";

/** How far an order has come. It moves no money: an order that is paid is a sale as well. */
export const orderSchema = z.object({
  order: z.string().min(1).max(LIMITS.orderIdChars),
  /** What stands on the customer's confirmation, where that is another one. */
  number: z.string().max(64).optional(),
  state: z.enum(["placed", "paid", "fulfilled", "cancelled"]),
  currency: currencySchema,
  totalMinor: minorSchema,
  /** How many lines it has. */
  lines: z.int().min(0),
  reason: z.string().max(200).optional(),
});
export type Order = z.infer<typeof orderSchema>;
export type OrderState = Order["state"];
