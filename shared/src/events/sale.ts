import { z } from "zod";
import { receiptShape } from "./receipt.ts";

/** Goods for money. A sale may hold negative lines; its kind is what the till said it was. */
export const saleSchema = z.object(receiptShape);
export type Sale = z.infer<typeof saleSchema>;
