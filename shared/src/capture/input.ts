/**
 * What a POS may say. The customer part is taken as it comes and read apart, because no sale is refused for it (CAP4).
 */
import { claimSchema } from "../events/claim.ts";
import { consentSchema } from "../events/consent.ts";
import { FLAGS } from "../events/event.ts";
import { lineSchema } from "../events/line.ts";
import { noteSchema } from "../events/note.ts";
import { receiptShape } from "../events/receipt.ts";
import { paidOrderShape } from "../events/sale.ts";
import { voidSchema } from "../events/void.ts";
import { LIMITS } from "../limits.ts";
import { z } from "zod";
import { instantSchema, momentShape, SHIFT_INPUTS } from "./shift-input.ts";

export const lineInputSchema = lineSchema
  .extend({ amountMinor: lineSchema.shape.amountMinor.optional(), at: instantSchema.optional() })
  .refine((line) => line.unitPrice !== undefined || line.amountMinor !== undefined, {
    path: ["unitPrice"],
    message: "is required where there is no amountMinor",
  });
export type LineInput = z.infer<typeof lineInputSchema>;

const customerSchema = z
  .unknown()
  .optional()
  .meta({
    description:
      "loyaltyNumber, email, phone, givenName, familyName, birthDate, address, country, language; traits: an object of " +
      "the retailer's own named values (text, number, boolean). A field that cannot be used is flagged and set aside; " +
      "it never refuses the capture.",
    type: "object",
  });

const capture = {
  ...momentShape,
  /** When absent: the open shift's day, or for what was before it, and outside of shifts, the day of `at` in the store's zone. */
  businessDay: z.iso.date().optional(),
  flags: z
    .array(z.enum(FLAGS))
    .max(FLAGS.length)
    .refine((flags) => !flags.includes("late"), "names what is late, which the till decides")
    .optional(),
  customer: customerSchema,
  consents: z.unknown().optional().meta({
    description: "List of {purpose, channel, state, evidence?}; what cannot be used is set aside.",
    type: "array",
  }),
};

const receipt = {
  ...capture,
  externalId: receiptShape.externalId,
  staff: receiptShape.staff,
  currency: receiptShape.currency.optional(),
  lines: z.array(lineInputSchema).max(LIMITS.saleLines),
  tenders: receiptShape.tenders.optional(),
};

export const captureInputSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("sale"),
    ...receipt,
    order: paidOrderShape.order.meta({
      description:
        "The web order that this sale is for, where a till takes its payment. The shop then knows that it is paid, and the " +
        "order is counted once, as this sale.",
    }),
    shop: paidOrderShape.shop.meta({
      description: "Store id of the web shop that took the order.",
    }),
  }),
  z.object({ kind: z.literal("return"), ...receipt, original: z.string().max(64).optional() }),
  z.object({ kind: z.literal("adjustment"), ...receipt, reason: z.string().min(1).max(200) }),
  z.object({
    kind: z.literal("void"),
    ...capture,
    voids: voidSchema.shape.voids,
    reason: voidSchema.shape.reason,
  }),
  z.object({ kind: z.literal("claim"), ...capture, verified: claimSchema.shape.verified }),
  z.object({ kind: z.literal("consent"), ...capture, ...consentSchema.shape }),
  z.object({ kind: z.literal("note"), ...capture, ...noteSchema.shape }),
  ...SHIFT_INPUTS,
]);
export type CaptureInput = z.infer<typeof captureInputSchema>;
