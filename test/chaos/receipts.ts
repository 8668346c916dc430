/** What tills have printed, in a plain file outside of the system: the truth that it is measured against. */
import { appendFileSync, readFileSync } from "node:fs";
import { z } from "zod";

const receiptSchema = z.object({
  /** Of the POS that printed it, and of nobody else. */
  key: z.string(),
  till: z.string(),
  epoch: z.int(),
  seq: z.int(),
  receipt: z.string().nullable(),
  customer: z.string().nullable(),
  totalMinor: z.int(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export interface Receipts {
  print(receipt: Receipt): void;
  read(): Receipt[];
}

export const openReceipts = (file: string): Receipts => ({
  print: (receipt) => appendFileSync(file, `${JSON.stringify(receipt)}\n`, { flush: true }),
  read: () =>
    readFileSync(file, { encoding: "utf8", flag: "a+" })
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => receiptSchema.parse(JSON.parse(line))),
});
