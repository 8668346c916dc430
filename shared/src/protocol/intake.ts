/** Edge → centre. Events and fragments travel apart: events are counted, fragments converge (ARCHITECTURE 1). */
import { z } from "zod";
import {
  customerIdSchema,
  epochSchema,
  identityKeySchema,
  seqSchema,
  sourceIdSchema,
  storeIdSchema,
} from "../ids.ts";
import { clampsSchema } from "../fragment/clamp.ts";
import { LIMITS } from "../limits.ts";
import { base64Schema, hashSchema, itemSchema } from "./item.ts";
import { versionShape } from "./version.ts";

/** `POST /v1/intake/events`: journal rows of one store, contiguous per (source, epoch). */
export const eventsIntakeSchema = z.object({
  ...versionShape,
  store: storeIdSchema,
  events: z
    .array(
      itemSchema.omit({ updates: true }).extend({
        source: sourceIdSchema,
        epoch: epochSchema,
        acceptedAtMs: z.int(),
        /** How far the terminal's clock was ahead of the edge's when this was accepted (CLK2). */
        offsetMs: z.int().optional(),
        /** The edge could not read the body; the centre keeps it aside as well. */
        quarantined: z.string().optional(),
      }),
    )
    .max(LIMITS.deliverItems),
});
export type EventsIntake = z.infer<typeof eventsIntakeSchema>;

export const eventsIntakeAnswerSchema = z.object({
  ...versionShape,
  /** Journalled watermark per writer after this batch; lower than sent where a gap or a fork stopped it. */
  journaled: z.array(
    z.object({
      source: sourceIdSchema,
      epoch: epochSchema,
      seq: z.int().min(0),
      fork: seqSchema.optional(),
    }),
  ),
});
export type EventsIntakeAnswer = z.infer<typeof eventsIntakeAnswerSchema>;

/** `POST /v1/intake/fragments`: whole documents of fragments that changed, as source records. */
export const fragmentsIntakeSchema = z.object({
  ...versionShape,
  fragments: z
    .array(
      z.object({
        source: sourceIdSchema,
        epoch: epochSchema,
        key: identityKeySchema,
        /** Where the edge has put it for now. */
        customer: customerIdSchema,
        /** Yjs clock of the writer: a lower one than stored is old news. */
        clock: z.int().min(1),
        state: base64Schema,
        sha256: hashSchema,
        /** Stamps from a clock that was ahead, and what they count as (CLK1). */
        clamps: clampsSchema.optional(),
      }),
    )
    .max(LIMITS.deliverItems),
});
export type FragmentsIntake = z.infer<typeof fragmentsIntakeSchema>;

/** The version of a customer's golden record that holds what was received. */
const goldenVersionSchema = z.object({
  customer: customerIdSchema,
  version: z.int().min(1),
});
export type GoldenVersion = z.infer<typeof goldenVersionSchema>;

export const fragmentsIntakeAnswerSchema = z.object({
  ...versionShape,
  received: z.int().min(0),
  /** From protocol 4 on: until these are published, what was received is not golden at the edge. */
  golden: z.array(goldenVersionSchema).optional(),
  /** Fragments that are not what they say they are; the edge keeps them and does not send them again unchanged. */
  refused: z.array(z.object({ fragment: z.string(), code: z.string() })),
});
export type FragmentsIntakeAnswer = z.infer<typeof fragmentsIntakeAnswerSchema>;
