/** What sale, return and adjustment have in common: lines that add up to money in a drawer. */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";
import { lineSchema } from "./line.ts";
import { tenderSchema } from "./tender.ts";

export const receiptShape = {
  /** Number on the paper, given by the agent, gap-free per source and epoch. */
  receipt: z.string().min(1).max(64),
  /** The till's own number, when it has one. */
  externalId: z.string().max(64).optional(),
  staff: z.string().max(64).optional(),
  currency: currencySchema,
  lines: z.array(lineSchema).max(LIMITS.saleLines),
  tenders: z.array(tenderSchema).max(LIMITS.tenders),
  /** Sum of the lines; negative when money goes back to the customer. */
  totalMinor: minorSchema,
} as const;
