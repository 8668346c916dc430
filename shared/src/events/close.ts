/** The Z report: what a shift came to by its terminal's own journal, and what was counted. Never overwritten (REC1). */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";
import { shiftFiguresSchema } from "../shift/figures.ts";
import { TENDER_TYPES } from "./tender.ts";

/** Why counted and expected differ; `unknown` is always true enough to close. */
export const OVER_SHORT_REASONS = [
  "miscounted",
  "wrong_change",
  "unrecorded_payment",
  "wrong_tender",
  "foreign_money",
  "theft_suspected",
  "unknown",
] as const;

export const comparedSchema = z.object({
  type: z.enum(TENDER_TYPES),
  currency: currencySchema,
  countedMinor: minorSchema,
  expectedMinor: minorSchema,
  /** Counted less expected: over when positive, short when negative. */
  differenceMinor: minorSchema,
});
export type Compared = z.infer<typeof comparedSchema>;

export const closeSchema = z.object({
  /** Of the shift and of its Z report. */
  number: z.int().min(1),
  staff: z.string().max(64).optional(),
  figures: shiftFiguresSchema,
  /** Of the newest count; empty where nothing was counted. */
  compared: z.array(comparedSchema).max(LIMITS.shiftCounts),
  reason: z.enum(OVER_SHORT_REASONS).optional(),
  note: z.string().max(LIMITS.noteChars).optional(),
});
export type Close = z.infer<typeof closeSchema>;
