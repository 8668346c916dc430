/** `POST /v1/push`, agent → edge: journal rows in order. */
import { z } from "zod";
import { epochSchema, seqSchema, sourceIdSchema, storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { fragmentUpdateSchema, itemSchema } from "./item.ts";
import { livingShape } from "./life.ts";
import { marksSchema } from "./marks.ts";
import { versionShape } from "./version.ts";

export const pushSchema = z.object({
  ...versionShape,
  store: storeIdSchema,
  source: sourceIdSchema,
  epoch: epochSchema,
  /** The agent's clock when it sent this (ms since 1970), to measure its offset (CLK2). */
  sentAtMs: z.int(),
  items: z.array(itemSchema).max(LIMITS.pushItems),
  // From protocol 2 on:
  ...livingShape,
  /** The epoch is not the one that the till is writing: what is left of it, in the slow lane. */
  closed: z.boolean().optional(),
  /** Whole documents of fragments that the edge has asked for (`need`). */
  fragments: z.array(fragmentUpdateSchema).max(LIMITS.neededFragments).optional(),
});
export type Push = z.infer<typeof pushSchema>;

/** Why an item was set aside. Kept whole, its number counted as accepted, so that nothing waits behind it (SYN6). */
export const quarantineCodeSchema = z.enum([
  "not_an_event",
  "key_mismatch",
  "checksum",
  "foreign_writer",
  "not_an_update",
  "fragment_too_large",
]);
export type QuarantineCode = z.infer<typeof quarantineCodeSchema>;

export const pushAnswerSchema = z.object({
  ...versionShape,
  /**
   * `accepted`: all items are durable at the edge. `gap`: the first item does not follow what is there; send from
   * `marks.accepted + 1`. `fork`: an item has the number of another one that is there already (SYN2).
   * `broken_chain`: an item's hash does not cover its body and predecessor; nothing from it on was taken.
   * `fenced`: another life of the journal is known, or another store has the epoch; nothing was taken (SYN3).
   */
  outcome: z.enum(["accepted", "gap", "fork", "broken_chain", "fenced"]),
  /** With `fork` and `fenced`: where the till can go on. */
  nextEpoch: epochSchema.optional(),
  /** The item that `fork` or `broken_chain` is about. */
  seq: seqSchema.optional(),
  marks: marksSchema,
  quarantined: z.array(z.object({ seq: seqSchema, code: quarantineCodeSchema })),
  serverTimeMs: z.int(),
  /** The server sets the pace (SYN7). */
  pace: z.object({ maxBatchBytes: z.int().min(1), retryAfterMs: z.int().min(0) }),
});
export type PushAnswer = z.infer<typeof pushAnswerSchema>;
