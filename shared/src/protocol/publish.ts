/** `POST /v1/publish`, centre → edge: decisions. Each can be repeated without another effect. */
import { z } from "zod";
import {
  customerIdSchema,
  epochSchema,
  identityKeySchema,
  sourceIdSchema,
  storeIdSchema,
} from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { overrideSchema } from "../survivorship/override.ts";
import { policySchema } from "../survivorship/policy.ts";
import { versionShape } from "./version.ts";

export const decisionSchema = z.discriminatedUnion("kind", [
  /** Everything of `from` belongs to `to` from now on; `from` answers as a redirect. */
  z.object({
    kind: z.literal("redirect"),
    from: customerIdSchema,
    to: customerIdSchema,
  }),
  /**
   * The fragments of this key that the edge had put with `from` belong to `to`, and so does what is new of the key. With
   * `source` and `epoch`, that one fragment alone, and the key stays whose it is: two people may share a phone number.
   */
  z
    .object({
      kind: z.literal("assign"),
      key: identityKeySchema,
      from: customerIdSchema,
      to: customerIdSchema,
      // From protocol 3 on:
      source: sourceIdSchema.optional(),
      epoch: epochSchema.optional(),
    })
    .refine(({ source, epoch }) => (source === undefined) === (epoch === undefined), {
      message: "names a fragment by source and epoch, or none",
    }),
  /** A new version of the customer's golden record exists. */
  z.object({
    kind: z.literal("golden"),
    customer: customerIdSchema,
    version: z.int().min(1),
  }),
  /** All events of the writer up to `seq` are in the journal at the centre and in golden records. */
  z.object({
    kind: z.literal("mark"),
    store: storeIdSchema,
    source: sourceIdSchema,
    epoch: epochSchema,
    golden: z.int().min(0),
  }),
  /** From protocol 3 on: all that stewards have decided about this customer's records, none included. */
  z.object({
    kind: z.literal("overrides"),
    customer: customerIdSchema,
    overrides: z.array(overrideSchema).max(LIMITS.overridesPerCustomer),
  }),
  /** From protocol 3 on: the rules by which profiles are made. A lower version than known is old news. */
  z.object({ kind: z.literal("policy"), policy: policySchema }),
]);
export type Decision = z.infer<typeof decisionSchema>;

export const publishSchema = z.object({
  ...versionShape,
  decisions: z.array(decisionSchema).max(LIMITS.publishItems),
});
export type Publish = z.infer<typeof publishSchema>;

export const publishAnswerSchema = z.object({
  ...versionShape,
  /** How many decisions, from the first, have taken effect. */
  applied: z.int().min(0),
});
export type PublishAnswer = z.infer<typeof publishAnswerSchema>;
