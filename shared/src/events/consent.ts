import { z } from "zod";

/** What a customer allowed or withdrew, for one purpose on one channel, with the evidence that it was so. */
export const consentSchema = z.object({
  purpose: z.enum(["marketing", "profiling", "service", "research"]),
  channel: z.enum(["email", "sms", "phone", "post", "app", "any"]),
  state: z.enum(["granted", "withdrawn"]),
  evidence: z
    .object({
      text: z.string().max(500).optional(),
      version: z.string().max(64).optional(),
      staff: z.string().max(64).optional(),
    })
    .optional(),
});
export type Consent = z.infer<typeof consentSchema>;
