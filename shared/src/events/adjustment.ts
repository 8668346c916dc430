import { z } from "zod";
import { receiptShape } from "./receipt.ts";

/** Money in the books that is neither sale nor return, such as bad debt written off. Never touches a profile. */
export const adjustmentSchema = z.object({
  ...receiptShape,
  reason: z.string().min(1).max(200),
});
export type Adjustment = z.infer<typeof adjustmentSchema>;
