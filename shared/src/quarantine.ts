/**
 * Replaying what is in quarantine (SYN6), as head office asks it of centre and edge. A request of a person and not a
 * message between tiers, so it carries no version.
 */
import { z } from "zod";
import { epochSchema, seqSchema, sourceIdSchema, storeIdSchema } from "./ids.ts";

/** Strict: a filter with a slip in its name would replay everything. */
export const replaySchema = z.strictObject({
  store: storeIdSchema.optional(),
  source: sourceIdSchema.optional(),
  epoch: epochSchema.optional(),
  seq: seqSchema.optional(),
  /** `next` of the answer before; opaque. */
  after: z.string().max(256).optional(),
});
export type Replay = z.infer<typeof replaySchema>;

export const replayAnswerSchema = z.object({
  /** Rows and dead letters that have taken effect, and are in quarantine no more. */
  replayed: z.int().min(0),
  /** Those that stay, with their reason. */
  kept: z.int().min(0),
  /** There are more than one call looks at: call again with `after`. */
  more: z.boolean(),
  next: z.string().optional(),
});
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;

/** A row of a journal, wherever it lies. */
export interface Place {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
}

const placeSchema = z.object({
  source: sourceIdSchema,
  epoch: z.coerce.number().pipe(epochSchema),
  seq: z.coerce.number().pipe(seqSchema),
});

export const placeText = ({ source, epoch, seq }: Place): string => `${source}/${epoch}/${seq}`;

/** Null for what is no place. */
export function parsePlace(text: string): Place | null {
  const [source, epoch, seq, ...more] = text.split("/");
  const place = placeSchema.safeParse({ source, epoch, seq });
  return place.success && more.length === 0 ? place.data : null;
}
