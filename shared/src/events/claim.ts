/** What a customer told us, field by field. */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { countrySchema } from "../identity/phone.ts";
import { traitsSchema } from "./trait.ts";

const text = z.string().min(1).max(LIMITS.fieldChars);

/** One field: its parts move together when one address replaces another. */
export const addressSchema = z.object({
  line1: text.optional(),
  line2: text.optional(),
  city: text.optional(),
  region: text.optional(),
  postalCode: z.string().max(20).optional(),
  country: countrySchema.optional(),
});

/** The fields a profile knows. A value is a claim's value after normalisation where a field has one. */
export const claimsSchema = z.object({
  givenName: text.optional(),
  familyName: text.optional(),
  email: text.optional(),
  phone: text.optional(),
  loyaltyNumber: text.optional(),
  birthDate: z.iso.date().optional(),
  address: addressSchema.optional(),
  /** Where the customer is at home, in the words of the source. */
  country: text.optional(),
  language: z.string().max(16).optional(),
});
export type Claims = z.infer<typeof claimsSchema>;
export type ClaimField = keyof Claims;
export type ClaimValue = NonNullable<Claims[ClaimField]>;
export const claimValueSchema = z.union([z.string(), addressSchema]);
export const claimFieldSchema = claimsSchema.keyof();
export const CLAIM_FIELDS = claimFieldSchema.options;

export const claimSchema = z.object({
  claims: claimsSchema,
  /** As typed, when it did not normalise: kept for a person to mend, never merged (CAP4). */
  doubtful: z.record(z.string(), z.string().max(LIMITS.fieldChars)).optional(),
  /**
   * Fields whose value is not quite what was typed: only one reading was possible. What could not be read is in `doubtful`;
   * the rest stands as it was given.
   */
  repaired: z.array(z.string().max(40)).max(20).optional(),
  /** Somebody has checked it: a code that was sent there came back, a document was shown. Older writers never say so. */
  verified: z.literal(true).optional(),
  /**
   * The customer says it of themselves, from afar, and nobody has checked it: it stands in the profile, and is no evidence of
   * who they are. Whoever knows somebody else's name, birthday and address could say them. Older writers never say so.
   */
  own: z.literal(true).optional(),
  /** Named values beside the fields. Older writers never say any. */
  traits: traitsSchema.optional(),
});
export type Claim = z.infer<typeof claimSchema>;
