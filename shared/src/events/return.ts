import { z } from "zod";
import { receiptShape } from "./receipt.ts";

/** Goods back for money back: amounts are negative. `original` is the receipt brought along, if any. */
export const returnSchema = z.object({
  ...receiptShape,
  original: z.string().max(64).optional(),
});
export type Return = z.infer<typeof returnSchema>;
