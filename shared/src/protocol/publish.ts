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
import { versionShape } from "./version.ts";

export const decisionSchema = z.discriminatedUnion("kind", [
  /** Everything of `from` belongs to `to` from now on; `from` answers as a redirect. */
  z.object({
    kind: z.literal("redirect"),
    from: customerIdSchema,
    to: customerIdSchema,
  }),
  /** The fragments of this key belong to `customer`, wherever the edge had put them (`from`). */
  z.object({
    kind: z.literal("assign"),
    key: identityKeySchema,
    from: customerIdSchema,
    to: customerIdSchema,
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
