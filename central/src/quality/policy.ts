/**
 * The quality policy: which fields each channel has to bring, and from where on somebody has to look. Data, versioned; it changes
 * what is complained of, never what is counted.
 */
import { channelSchema } from "@regulars/shared/events/channel";
import { z } from "zod";
import { qualityFieldSchema } from "./fields.ts";

const shareSchema = z.number().min(0).max(1);

export const thresholdsSchema = z.strictObject({
  /** At least this share of what a channel sends in a day has to be of use (0 to 1). */
  accepted: shareSchema,
  /** So many times the usual spread away from the last 28 days is a drift. Below 3 there are false alarms every week. */
  drift: z.number().min(3).max(50),
  /** More undecided potential matches per 1,000 customers than this. */
  potentialPer1000: z.number().min(0).max(1_000_000),
  /** More customers joined in one day than this. */
  mergesPerDay: z.int().min(0).max(1_000_000_000),
  /** More receipts found twice in one day than this. */
  receiptsTwicePerDay: z.int().min(0).max(1_000_000_000),
});

export const qualityPolicySchema = z.strictObject({
  version: z.int().min(1),
  /** Per channel and field the least share of the last seven days' events that must have it (0 to 1). */
  required: z.partialRecord(channelSchema, z.partialRecord(qualityFieldSchema, shareSchema)),
  thresholds: thresholdsSchema,
});
export type QualityPolicy = z.infer<typeof qualityPolicySchema>;

export const DEFAULT_QUALITY_POLICY: QualityPolicy = {
  version: 1,
  required: {
    till: { payment: 0.98 },
    web: { email: 0.8, customer: 0.8 },
    app: { email: 0.8, customer: 0.8 },
    import: {},
    desk: {},
  },
  thresholds: {
    accepted: 0.99,
    drift: 4,
    potentialPer1000: 100,
    mergesPerDay: 10_000,
    receiptsTwicePerDay: 0,
  },
};
