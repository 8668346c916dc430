/** `POST /v1/pull`, agent ← edge: profiles of the store's working set that changed, and how far its events have come. */
import { z } from "zod";
import {
  customerIdSchema,
  epochSchema,
  identityKeySchema,
  sourceIdSchema,
  storeIdSchema,
} from "../ids.ts";
import { policySchema } from "../survivorship/policy.ts";
import { profileSchema } from "../survivorship/profile.ts";
import { fencedSchema, livingShape } from "./life.ts";
import { marksSchema } from "./marks.ts";
import { versionShape } from "./version.ts";

export const pullSchema = z.object({
  ...versionShape,
  store: storeIdSchema,
  source: sourceIdSchema,
  epoch: epochSchema,
  /** Opaque, from the answer before; null for the first. */
  cursor: z.string().max(128).nullable(),
  ...livingShape,
  // From protocol 3 on:
  /** Version of the policy that the till has. */
  policy: z.int().min(0).optional(),
});
export type Pull = z.infer<typeof pullSchema>;

/** A profile, or the news that the customer lives on under another id. */
export const changeSchema = z.union([
  z.object({ profile: profileSchema }),
  z.object({ customer: customerIdSchema, redirect: customerIdSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

export const pullAnswerSchema = z.object({
  ...versionShape,
  changes: z.array(changeSchema),
  cursor: z.string(),
  /** The cursor was of another generation: forget the working set, this answer starts it anew (SYN8). */
  resync: z.boolean(),
  more: z.boolean(),
  marks: marksSchema,
  serverTimeMs: z.int(),
  /** Another life of this journal is known: begin a new epoch (SYN3). */
  fenced: fencedSchema.optional(),
  /** Fragments of this source that the edge cannot go on with, and needs whole (SYN4). */
  need: z.array(z.object({ epoch: epochSchema, key: identityKeySchema })).optional(),
  // From protocol 3 on:
  /** By which the edge makes profiles now, where the till's is older. */
  policy: policySchema.optional(),
});
export type PullAnswer = z.infer<typeof pullAnswerSchema>;
