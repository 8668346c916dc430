/** A journal row on the wire, with the fragment updates that were committed together with it. */
import { z } from "zod";
import { identityKeySchema, seqSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in hex");
/** What `base64ToBytes` takes without throwing; whether the bytes are the right ones says their checksum. */
export const base64Schema = z
  .string()
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, "is not base64")
  .refine((text) => text.length % 4 === 0, "is not base64");

export const fragmentUpdateSchema = z.object({
  key: identityKeySchema,
  update: base64Schema,
  sha256: hashSchema,
});
export type FragmentUpdate = z.infer<typeof fragmentUpdateSchema>;

export const itemSchema = z.object({
  seq: seqSchema,
  prev: hashSchema,
  hash: hashSchema,
  /** The event as its till wrote it, byte for byte: what the hash covers. */
  body: z.string().min(2).max(LIMITS.eventBytes),
  updates: z.array(fragmentUpdateSchema).max(LIMITS.subjectKeys),
});
export type Item = z.infer<typeof itemSchema>;
