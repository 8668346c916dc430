/** Centre → edge: what the edge serves and holds, as digests, and the asking to mend what differs (GLD2). No values but in `mend`. */
import { z } from "zod";
import {
  customerIdSchema,
  epochSchema,
  identityKeySchema,
  seqSchema,
  sourceIdSchema,
  storeIdSchema,
} from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { base64Schema, hashSchema } from "../protocol/item.ts";
import { versionShape } from "../protocol/version.ts";

/** `POST /v1/compare/profiles`: a page of one shard, or these customers, whichever shards they lie in. */
export const compareProfilesSchema = z.union([
  z.strictObject({
    ...versionShape,
    shard: z.int().min(0),
    /** Customers after this id, in order of their ids. */
    after: z.string().max(32),
  }),
  z.strictObject({
    ...versionShape,
    customers: z.array(customerIdSchema).min(1).max(LIMITS.compareCustomers),
  }),
]);
export type CompareProfiles = z.infer<typeof compareProfilesSchema>;

export const comparedProfileSchema = z.object({
  customer: customerIdSchema,
  /** The id that it lives on under; what is stored under this one counts no more. */
  redirect: customerIdSchema.nullable(),
  /** Counts changes of the profile at the edge. */
  version: z.int(),
  /** Version of the golden record that the centre last told. */
  golden: z.int(),
  /** Version of the policy that its shard goes by. */
  policy: z.int(),
  /** `profileDigest` of what is stored and served; null where it cannot be read. */
  digest: z.string().nullable(),
  /** What apps are shown says the same as the profile. */
  isShown: z.boolean(),
  /** `marksDigest` of the fragments that it is made of. */
  marks: z.string(),
  /** Nothing of it waits to be delivered, moved or made anew. */
  isQuiet: z.boolean(),
  /** Where customers were asked for by their ids. */
  fragments: z.array(z.object({ id: z.string(), clock: z.int(), digest: z.string() })).optional(),
});
export type ComparedProfile = z.infer<typeof comparedProfileSchema>;

export const compareProfilesAnswerSchema = z.object({
  ...versionShape,
  /** Of the whole edge: a customer lies in shard `shardOf(id, shards)`. */
  shards: z.int().min(1),
  profiles: z.array(comparedProfileSchema),
  /** Where the next page begins; null after the last one. */
  next: z.string().nullable(),
});
export type CompareProfilesAnswer = z.infer<typeof compareProfilesAnswerSchema>;

/**
 * `POST /v1/compare/mend`: the profile is made anew from its stored fragments, which are delivered once more. What the
 * centre has of it and the edge has lost comes with it.
 */
export const mendSchema = z.strictObject({
  ...versionShape,
  customers: z
    .array(
      z.strictObject({
        customer: customerIdSchema,
        fragments: z
          .array(
            z.strictObject({
              source: sourceIdSchema,
              epoch: epochSchema,
              key: identityKeySchema,
              /** Where its writer is. */
              store: storeIdSchema,
              state: base64Schema,
              sha256: hashSchema,
            }),
          )
          .max(LIMITS.mendFragments),
      }),
    )
    .min(1)
    .max(LIMITS.mendCustomers),
});
export type Mend = z.infer<typeof mendSchema>;
export type MendedCustomer = Mend["customers"][number];

export const mendAnswerSchema = z.object({
  ...versionShape,
  /** Customers whose stored profile was not what their fragments make. */
  rebuilt: z.array(customerIdSchema),
});
export type MendAnswer = z.infer<typeof mendAnswerSchema>;

/** `POST /v1/compare/journal`: stretches of journals in one store's inbox. */
export const compareJournalSchema = z.strictObject({
  ...versionShape,
  store: storeIdSchema,
  ranges: z
    .array(
      z.strictObject({
        source: sourceIdSchema,
        epoch: epochSchema,
        from: seqSchema,
        to: seqSchema,
      }),
    )
    .max(LIMITS.compareRanges),
  /** The rows themselves, with what the inbox still has of them. */
  withRows: z.boolean(),
});
export type CompareJournal = z.infer<typeof compareJournalSchema>;

export const comparedRowSchema = z.object({
  seq: seqSchema,
  prev: hashSchema,
  hash: hashSchema,
  acceptedAtMs: z.int(),
  offsetMs: z.int(),
  /** Null once the row is golden: the inbox lets bodies go then. */
  body: z.string().nullable(),
  quarantined: z.string().nullable(),
});
export type ComparedRow = z.infer<typeof comparedRowSchema>;

export const compareJournalAnswerSchema = z.object({
  ...versionShape,
  /** All journals of the inbox, with the number up to which the centre has said that it has them. */
  writers: z.array(
    z.object({ source: sourceIdSchema, epoch: epochSchema, delivered: z.int().min(0) }),
  ),
  /** In the order of the question: rows that are there and delivered, and their `rowsDigest`. */
  ranges: z.array(
    z.object({
      rows: z.int().min(0),
      digest: z.string(),
      /** At most `compareRows`; from where to ask on is after the last one. */
      items: z.array(comparedRowSchema).optional(),
    }),
  ),
});
export type CompareJournalAnswer = z.infer<typeof compareJournalAnswerSchema>;
