/** What a steward can decide, as it is sent. The id is given by the sender, so that a decision sent twice is one. */
import { claimFieldSchema, claimValueSchema } from "@regulars/shared/events/claim";
import { customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";

export const recordIdSchema = z
  .string()
  .max(192)
  .regex(/^[a-z0-9._-]+\/\d+\/[a-z]+:[A-Za-z0-9_-]{22}$/, "is not the id of a source record");

/** Source records, or a customer: then all that are the customer's now. */
const sideSchema = z.union([
  z.strictObject({ records: z.array(recordIdSchema).min(1).max(LIMITS.stewardRecords) }),
  z.strictObject({ customer: customerIdSchema }),
]);
export type Side = z.infer<typeof sideSchema>;

const common = {
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be up to 64 letters, digits, dashes, underscores"),
  by: z.string().trim().min(1).max(64),
  note: z.string().max(LIMITS.noteChars).optional(),
};
const aboutField = { record: recordIdSchema, field: claimFieldSchema };

export const decisionRequestSchema = z.discriminatedUnion("kind", [
  /** All records of both sides are one person. */
  z.strictObject({ kind: z.literal("same"), a: sideSchema, b: sideSchema, ...common }),
  /** Nobody of one side is somebody of the other. Stands against everything, `same` included. */
  z.strictObject({ kind: z.literal("different"), a: sideSchema, b: sideSchema, ...common }),
  /** Whoever has this record has this value. */
  z.strictObject({ kind: z.literal("pin"), ...aboutField, value: claimValueSchema, ...common }),
  /** What this record says of the field does not count; with `event`, only what was said then. */
  z.strictObject({
    kind: z.literal("ignore"),
    ...aboutField,
    event: z.string().min(1).max(256).optional(),
    ...common,
  }),
]);
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;
export type LinkRequest = Extract<DecisionRequest, { kind: "same" | "different" }>;
export type FieldRequest = Exclude<DecisionRequest, LinkRequest>;

export const undoRequestSchema = z.strictObject({ by: common.by });
