/**
 * A life: one run of an agent on its folder. Two machines that live on one journal, because a disk was cloned or a
 * backup brought back, are told apart by it before they have written anything different (SYN3).
 */
import { z } from "zod";

export const lifeSchema = z.object({
  /** Counts the starts on this folder; durable before the first message of the life. */
  start: z.int().min(1),
  /** Drawn anew at each start: a copy of the folder counts alike, and draws another one. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/, "is not a nonce"),
});
export type Life = z.infer<typeof lifeSchema>;

/** With the life: where the journal stands that the till is writing. */
export const livingShape = {
  life: lifeSchema.optional(),
  /** Last row of the epoch at the till. */
  head: z.int().min(0).optional(),
} as const;

/** What a fenced till is told: a number that no epoch of the source has had. */
export const fencedSchema = z.object({ nextEpoch: z.int().min(1) });
