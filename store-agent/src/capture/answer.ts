/** What a capture answers with: all of it follows from the journalled row, so a repetition gets the same. */
import { type RegularsEvent, receiptOf } from "@regulars/shared/events/event";
import {
  customerIdOf,
  customerIdSchema,
  epochSchema,
  seqSchema,
  sourceIdSchema,
} from "@regulars/shared/ids";
import { hashSchema } from "@regulars/shared/protocol/item";
import { z } from "zod";

export const captureAnswerSchema = z.object({
  source: sourceIdSchema,
  epoch: epochSchema,
  seq: seqSchema,
  kind: z.string(),
  /** The number to print; null for what is no receipt. */
  receipt: z.string().nullable(),
  hash: hashSchema,
  /** Who the customer is as far as this till alone can say; null for an anonymous capture. */
  customer: customerIdSchema.nullable(),
  flags: z.array(z.string()),
  /** An earlier capture with the same idempotency key gave this answer (CAP6). */
  repeated: z.boolean(),
});
export type CaptureAnswer = z.infer<typeof captureAnswerSchema>;

export function answerOf(
  row: { readonly event: RegularsEvent; readonly hash: string },
  repeated: boolean,
): CaptureAnswer {
  const { source, epoch, seq, kind, subject, flags } = row.event;
  const customer = subject[0] === undefined ? null : customerIdOf(subject[0]);
  const receipt = receiptOf(row.event);
  return { source, epoch, seq, kind, receipt, hash: row.hash, customer, flags, repeated };
}
