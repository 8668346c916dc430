/** What whoever watches is answered: numbers and names of terminals, nothing of customers (SEC2). */
import { z } from "zod";

const ms = z.number().describe("Milliseconds since 1970 (UTC).");
const terminalSchema = z.object({
  source: z.string(),
  epoch: z.int(),
  closed: z.boolean().describe("The till has begun another epoch."),
  accepted: z.int().describe("Number up to which rows are durable here."),
  merged: z.int().describe("… are part of profiles."),
  golden: z.int().describe("… are in the centre's journal and golden records."),
  notMergedSinceMs: ms.nullable(),
  notGoldenSinceMs: ms.nullable(),
  lastSeenMs: ms,
  clockOffsetMs: z.number().describe("How far the till's clock was ahead at its last push."),
  forks: z.int().describe("Rows that came under the number of another one."),
  fenced: z.int().describe("How often another life of the journal was turned away."),
});

export const statusAnswerSchema = z.object({
  stores: z.array(
    z.object({
      store: z.string(),
      storageBytes: z.number(),
      terminals: z.array(terminalSchema),
      quarantined: z
        .record(z.string(), z.int())
        .describe("Rows that are merged nowhere, by reason."),
      needed: z.int().describe("Fragments that are asked for whole."),
    }),
  ),
  shards: z.array(
    z.object({
      shard: z.string(),
      storageBytes: z.number(),
      customers: z.int(),
      notices: z.int().describe("Stores that have not been told of a change."),
      undelivered: z.int().describe("Fragments that the centre does not have yet."),
    }),
  ),
});

export const quarantineAnswerSchema = z.object({
  items: z.array(
    z.object({
      store: z.string(),
      source: z.string(),
      epoch: z.int(),
      seq: z.int(),
      code: z.string(),
      sinceMs: ms,
    }),
  ),
});

export const sweptAnswerSchema = z.object({
  stores: z.int().describe("How many inboxes were asked."),
  shards: z.int(),
});
