/** `POST /v1/customers/lookup`: one profile by what the customer says. Values stand in the body, never in a URL (SEC2). */
import { z } from "zod";
import { storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { profileSchema } from "../survivorship/profile.ts";

const identifier = z.string().min(1).max(LIMITS.searchChars);

export const lookupSchema = z
  .object({
    email: identifier.optional(),
    phone: identifier.optional(),
    loyaltyNumber: identifier.optional(),
    /** Asks for this store: the customer joins its working set. */
    store: storeIdSchema.optional(),
    /** Whoever says none is answered in the words of protocol 2. */
    protocol: z.int().min(1).optional(),
  })
  .refine((given) => given.email ?? given.phone ?? given.loyaltyNumber, {
    message: "needs one of email, phone, loyaltyNumber",
  });
export type Lookup = z.infer<typeof lookupSchema>;

export const lookupAnswerSchema = z.object({ profile: profileSchema });
export type LookupAnswer = z.infer<typeof lookupAnswerSchema>;
