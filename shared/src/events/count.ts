/**
 * What somebody has counted, before anything was shown that it should come to. Whatever it is, it is taken; counted again, the
 * newest counts and all stay.
 */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";
import { TENDER_TYPES } from "./tender.ts";

export const countedSchema = z.object({
  type: z.enum(TENDER_TYPES),
  currency: currencySchema,
  amountMinor: minorSchema,
  /** Pieces by face value in minor units, where that was written down. */
  pieces: z.record(z.string().regex(/^\d{1,9}$/), z.int().min(0)).optional(),
});

export type Counted = z.infer<typeof countedSchema>;

export const countSchema = z.object({
  counted: z.array(countedSchema).min(1).max(LIMITS.shiftCounts),
  staff: z.string().max(64).optional(),
});
export type Count = z.infer<typeof countSchema>;
