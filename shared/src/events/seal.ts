/** The store's day is closed: the heads of its terminals' journals under one root, so that none can be changed or left out. */
import { z } from "zod";
import { epochSchema, seqSchema, sourceIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

export const hashTextSchema = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in hex");

/** The last row of a terminal's journal, as it stood when the day was closed. */
export const headSchema = z.object({
  source: sourceIdSchema,
  epoch: epochSchema,
  seq: seqSchema,
  hash: hashTextSchema,
});
export type Head = z.infer<typeof headSchema>;

export const sealSchema = z.object({
  /** The store's Z number, counted by the terminal that seals. */
  number: z.int().min(1),
  /** By source and epoch; the sealing terminal's own is the row before the seal. */
  heads: z.array(headSchema).min(1).max(LIMITS.storeTerminals),
  /** `merkleRoot` of the heads. */
  root: hashTextSchema,
  staff: z.string().max(64).optional(),
});
export type Seal = z.infer<typeof sealSchema>;
