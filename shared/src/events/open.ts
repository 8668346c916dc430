/**
 * A shift is opened at a terminal: one drawer, one business day, until its `close`. From schema 5 on, as `drawer`, `count`,
 * `close` and `seal`.
 */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";

/** Cash that lies in the drawer at the start, by currency. */
export const floatSchema = z
  .array(z.object({ currency: currencySchema, amountMinor: minorSchema.min(0) }))
  .max(LIMITS.shiftCurrencies);

export const openSchema = z.object({
  /** Counted per terminal from 1 on; its Z report has the same number. */
  number: z.int().min(1),
  staff: z.string().max(64).optional(),
  float: floatSchema,
});
export type Open = z.infer<typeof openSchema>;
