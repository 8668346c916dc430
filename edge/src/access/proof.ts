/**
 * What is left of a caller with whom a connection stays open, so that it can be asked again whether it is still let in (SEC1).
 * Nothing in it opens a door: of a key its digest, of a till the public half.
 */
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { z } from "zod";
import type { Env } from "../environment.ts";
import { createRegistry } from "../registry/known.ts";
import { RegistryAway } from "../registry/port.ts";
import type { Action } from "@regulars/shared/access/actions";
import { digestHex, parseApiKey } from "./api-key.ts";
import { connectorOf } from "./connector.ts";
import { fieldsFor } from "./fields-for.ts";
import { enrolledCaller, readTillToken } from "./till-token.ts";

export const proofSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("key"), id: z.string(), digest: z.string() }),
  z.object({
    kind: z.literal("till"),
    sub: sourceIdSchema,
    store: storeIdSchema,
    epoch: z.int(),
    key: z.string(),
  }),
]);
export type Proof = z.infer<typeof proofSchema>;

/** Of a token that was found to be valid. Null where nobody but time ends it: people's tokens, and the centre's. */
export async function proofOf(env: Env, token: string): Promise<Proof | null> {
  const apiKey = parseApiKey(token);
  if (apiKey) return { kind: "key", id: apiKey.id, digest: await digestHex(apiKey.secret) };
  const till = await readTillToken(env, token);
  return till && { kind: "till", ...till };
}

/** The name under which whoever shuts a caller out ends its connections. */
export const keyName = (id: string): string => `key/${id}`;
export const tillName = (source: string): string => `till/${source}`;
export const nameOf = (proof: Proof): string =>
  proof.kind === "key" ? keyName(proof.id) : tillName(proof.sub);

/** `unknown`: it cannot be asked now, and nobody is told anything on trust. */
export type Standing = "granted" | "denied" | "unknown";

/** As of half a second ago at most. */
export async function standingOf(env: Env, proof: Proof | null, action: Action): Promise<Standing> {
  if (proof === null) return "granted";
  const registry = createRegistry(env);
  try {
    const caller =
      proof.kind === "key"
        ? await connectorOf(registry, proof, Date.now())
        : await enrolledCaller(registry, proof);
    return caller.ok && fieldsFor(caller.value, action) !== null ? "granted" : "denied";
  } catch (error) {
    if (error instanceof RegistryAway) return "unknown";
    throw error;
  }
}
