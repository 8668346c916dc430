/** The view of a profile, as an app reads it: plain values in groups, and nothing of how they came about. */
import { addressSchema } from "@regulars/shared/events/claim";
import { traitNameSchema, traitValueSchema } from "@regulars/shared/events/trait";
import {
  cartStateSchema,
  orderStateSchema,
  programSchema,
  recentBehaviourSchema,
} from "@regulars/shared/fragment/activity";
import {
  consentNameSchema,
  fragmentNoteSchema,
  recentSaleSchema,
} from "@regulars/shared/fragment/contribution";
import { customerIdSchema, identityKeySchema } from "@regulars/shared/ids";
import { currencySchema, minorSchema } from "@regulars/shared/money";
import { z } from "zod";

const at = z.iso.datetime();

const event = z.string();

/** A sale or return in any channel; its `items` are the first of its `lines`. */
export const purchaseSchema = recentSaleSchema.omit({ stamp: true }).extend({ event });
const orderViewSchema = orderStateSchema.omit({ stamp: true }).extend({ event });
const cartViewSchema = cartStateSchema.omit({ stamp: true }).extend({ event });

export const totalsViewSchema = z.record(
  currencySchema,
  z.object({ sales: z.int(), returns: z.int(), minor: minorSchema }),
);

export const noteViewSchema = fragmentNoteSchema.omit({ stamp: true }).extend({ event });

export const consentsViewSchema = z.record(
  consentNameSchema,
  z.object({
    state: z.enum(["granted", "withdrawn"]),
    at: at.describe("When the customer said so, not when it arrived."),
  }),
);

export const traitsViewSchema = z.record(traitNameSchema, traitValueSchema);

export const behaviourViewSchema = recentBehaviourSchema.omit({ stamp: true }).extend({ event });

export const loyaltyViewSchema = z.object({
  number: z.string().optional().describe("The number on the card."),
  programs: z.record(
    programSchema,
    z.object({
      balancePoints: z.int(),
      lifetimePoints: z.int().optional(),
      /** When the program said so. */
      at,
    }),
  ),
});

export const purchasesViewSchema = z.object({
  totals: totalsViewSchema,
  recent: z.array(purchaseSchema).describe("Newest first, and so the next two."),
  orders: z.array(orderViewSchema),
  carts: z.array(cartViewSchema),
});

export const viewSchema = z.object({
  identity: z
    .object({
      givenName: z.string().optional(),
      familyName: z.string().optional(),
      language: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
  /** Associates see it masked. */
  contact: z
    .object({
      email: z.string().optional(),
      phone: z.string().optional(),
      address: addressSchema.optional(),
    })
    .optional(),
  birth: z.object({ birthDate: z.iso.date().optional() }).optional(),
  consents: consentsViewSchema.optional(),
  purchases: purchasesViewSchema.optional(),
  notes: z.array(noteViewSchema).optional(),
  traits: traitsViewSchema.optional(),
  behaviour: z.array(behaviourViewSchema).optional(),
  loyalty: loyaltyViewSchema.optional(),
  keys: z.array(identityKeySchema).optional(),
});
export type View = z.infer<typeof viewSchema>;

export const freshnessSchema = z.object({
  asOf: at
    .nullable()
    .describe("Newest moment that the answer knows of; null while nothing is known."),
  pending: z
    .array(z.enum(["golden"]))
    .describe("Steps of the ladder that this answer has still to take."),
});

const originShape = {
  at,
  source: z.string().describe("The source whose word it is."),
  event: z.string().optional().describe("The event that said so."),
};
export const fieldLineageSchema = z.object({
  ...originShape,
  rule: z.string().optional().describe("By which rule the value stands, where there were several."),
  losers: z
    .array(z.object({ ...originShape, value: z.unknown() }))
    .optional()
    .describe("What else was said, best first."),
  pinnedBy: z
    .string()
    .optional()
    .describe("Who has decided that the value stands, where a person has."),
});
/** By group, then by field. */
export const lineageSchema = z.record(z.string(), z.record(z.string(), fieldLineageSchema));
export type Lineage = z.infer<typeof lineageSchema>;

export const customerAnswerSchema = z.object({
  customer: customerIdSchema,
  redirectedFrom: customerIdSchema
    .optional()
    .describe("The id asked for, where the customer lives on under another one."),
  version: z.int().describe("Counts changes of this profile at the edge."),
  golden: z.int().describe("Version of the golden record; 0 before the first."),
  freshness: freshnessSchema.optional(),
  profile: viewSchema,
  lineage: lineageSchema.optional(),
});
