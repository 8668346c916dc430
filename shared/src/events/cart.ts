import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";
import { itemSchema } from "./behaviour.ts";

/** What lies in a cart: all of it (`set`), what was put in or taken out, or that it is no longer there. */
export const cartSchema = z.object({
  cart: z.string().min(1).max(128),
  change: z.enum(["set", "add", "remove", "ordered", "abandoned"]),
  items: z.array(itemSchema).max(LIMITS.cartItems),
  currency: currencySchema.optional(),
  totalMinor: minorSchema.optional(),
});
export type Cart = z.infer<typeof cartSchema>;
