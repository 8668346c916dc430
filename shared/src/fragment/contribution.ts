/** What one fragment says, as plain JSON: the form in which survivorship, the centre and the pages read it. */
import { z } from "zod";
import { stampSchema, stampToMs } from "../clock.ts";
import { channelSchema } from "../events/channel.ts";
import { claimFieldSchema, claimValueSchema } from "../events/claim.ts";
import { consentSchema } from "../events/consent.ts";
import { paidOrderShape } from "../events/sale.ts";
import { traitNameSchema } from "../events/trait.ts";
import {
  epochSchema,
  identityKeySchema,
  seqSchema,
  sourceIdSchema,
  storeIdSchema,
} from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { currencySchema, minorSchema } from "../money.ts";
import {
  cartStateSchema,
  fragmentTraitSchema,
  loyaltyStateSchema,
  orderStateSchema,
  programSchema,
  recentBehaviourSchema,
} from "./activity.ts";

/** One value of one field; `seq` names the event that said so. */
export const fieldClaimSchema = z.object({
  value: claimValueSchema,
  stamp: stampSchema,
  seq: seqSchema,
  /** The event says that it was checked. */
  verified: z.literal(true).optional(),
  /** It was typed in another form, and read in the only way possible. */
  repaired: z.literal(true).optional(),
  /** Said of oneself, and no evidence of who that is. */
  own: z.literal(true).optional(),
});
export type FieldClaim = z.infer<typeof fieldClaimSchema>;

export const totalsSchema = z.object({
  sales: z.int(),
  returns: z.int(),
  /** Net money: sales less returns and voids. */
  minor: minorSchema,
});
export type Totals = z.infer<typeof totalsSchema>;

export const recentSaleSchema = z.object({
  kind: z.enum(["sale", "return"]),
  receipt: z.string(),
  at: z.iso.datetime(),
  stamp: stampSchema,
  store: storeIdSchema.nullable(),
  currency: currencySchema,
  totalMinor: minorSchema,
  lines: z.int(),
  /** Descriptions of the first lines, shortened. */
  items: z.array(z.string()),
  voided: z.boolean().optional(),
  // From schema 4 on:
  /** A till where nothing is said. */
  channel: channelSchema.optional(),
  /** The order that it pays, and the shop whose order that is. */
  ...paidOrderShape,
});
export type RecentSale = z.infer<typeof recentSaleSchema>;

export const fragmentNoteSchema = z.object({
  text: z.string().max(LIMITS.noteChars),
  at: z.iso.datetime(),
  stamp: stampSchema,
  staff: z.string().optional(),
});

export const consentClaimSchema = z.object({
  state: consentSchema.shape.state,
  stamp: stampSchema,
  seq: seqSchema,
  /** When it was given or withdrawn, where that is not the moment of the stamp: an import brings words of years ago. */
  at: z.iso.datetime().optional(),
});
export type ConsentClaim = z.infer<typeof consentClaimSchema>;

/** When the customer said so (UTC): proof of a consent names the moment of the word, not that of its arrival (CON2). */
export const consentTimeOf = ({ at, stamp }: Pick<ConsentClaim, "at" | "stamp">): string =>
  at ?? new Date(stampToMs(stamp)).toISOString();

/** Open for purposes and channels of newer writers, closed for names that every JavaScript object has. */
export const consentNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z_]+\/[a-z_]+$/, "is not purpose/channel");
const seqTextSchema = z.string().regex(/^[1-9]\d{0,15}$/, "is not a number of an event");

export const contributionSchema = z.object({
  source: sourceIdSchema,
  epoch: epochSchema,
  key: identityKeySchema,
  /** Last event of this writer that the fragment includes. */
  seq: z.int().min(0),
  first: stampSchema,
  last: stampSchema,
  /** Every key that this writer saw together with `key`, itself included, with the first time. */
  keys: z.record(identityKeySchema, stampSchema),
  claims: z.partialRecord(claimFieldSchema, fieldClaimSchema),
  /** By `purpose/channel`. */
  consents: z.record(consentNameSchema, consentClaimSchema),
  totals: z.record(currencySchema, totalsSchema),
  /** By seq of the event. */
  recent: z.record(seqTextSchema, recentSaleSchema),
  notes: z.record(seqTextSchema, fragmentNoteSchema),
  // From schema 4 on; fragments of older writers have none.
  traits: z.record(traitNameSchema, fragmentTraitSchema).default({}),
  /** By seq of the event, and so carts and orders, of the event that changed them last. */
  behaviours: z.record(seqTextSchema, recentBehaviourSchema).default({}),
  carts: z.record(seqTextSchema, cartStateSchema).default({}),
  orders: z.record(seqTextSchema, orderStateSchema).default({}),
  /** By program. */
  loyalty: z.record(programSchema, loyaltyStateSchema).default({}),
});
export type Contribution = z.infer<typeof contributionSchema>;

/** What older builds did not store with a contribution. */
export const NOTHING_SINCE_4 = {
  traits: {},
  behaviours: {},
  carts: {},
  orders: {},
  loyalty: {},
} as const satisfies Partial<Contribution>;
