/**
 * How a till becomes known to an edge. `POST /v1/tills/enrol` once, with a code from the office; then `POST
 * /v1/tills/challenge` and `POST /v1/tills/token` for each token. The assertion is a JWT that the till has signed with its
 * own key (EdDSA): `iss` the source, `aud` "regulars-edge", `store`, `epoch`, and the `nonce` of the challenge.
 */
import { z } from "zod";
import { sourceIdSchema, storeIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

/** Ed25519: 32 bytes in base64url. */
export const publicKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, "is not an Ed25519 key in base64url");

export const enrolSchema = z.object({
  code: z.string().min(1).max(64),
  publicKey: publicKeySchema,
  source: sourceIdSchema,
  store: storeIdSchema,
});

export const enrolAnswerSchema = z.object({ source: sourceIdSchema, store: storeIdSchema });

export const challengeAnswerSchema = z.object({ nonce: z.string().max(LIMITS.fieldChars) });

export const tokenAskSchema = z.object({ assertion: z.string().min(1).max(LIMITS.bearerChars) });

export const tokenAnswerSchema = z.object({
  token: z.string().min(1).max(LIMITS.bearerChars),
  /** From now, by whatever clock: the till's may be wrong (CLK2). */
  expiresInMs: z.int().min(1),
  expiresAt: z.iso.datetime(),
});

/** Whom an assertion is for. */
export const EDGE_AUDIENCE = "regulars-edge";
