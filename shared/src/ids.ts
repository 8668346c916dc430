/** Ids and how they derive from each other, so that two tiers that never talked agree on them. */
import { z } from "zod";
import { bytesToBase64Url, hmacSha256, sha256Hex, sha256Uint32 } from "./digest.ts";
import { LIMITS } from "./limits.ts";

const name = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[a-z0-9][a-z0-9._-]*$/, "must be lower-case letters, digits, dot, dash, underscore");

export const sourceIdSchema = name(LIMITS.sourceIdChars);
export const storeIdSchema = name(LIMITS.storeIdChars);
export const epochSchema = z.int().min(1);
export const seqSchema = z.int().min(1);

/**
 * Epochs that rows are sealed anew in begin here: their numbers are drawn from the rows, not counted. Below are 10¹²
 * epochs that a source counts as it opens them.
 */
export const RESEALED_EPOCHS = 2 ** 40;
export const identityKeySchema = z
  .string()
  .max(64)
  .regex(/^[a-z]+:[A-Za-z0-9_-]{22}$/, "is not an identity key");
export type IdentityKey = string;

export const customerIdSchema = z.string().regex(/^c[A-Za-z0-9_-]{22}$/, "is not a customer id");
export type CustomerId = string;

/** `source/epoch`: whoever writes one journal and its fragments. A restored till is another writer. */
export function writerOf(source: string, epoch: number): string {
  return `${source}/${epoch}`;
}

/**
 * The epoch of rows that are sealed anew from the row with this hash on. Derived, so that a disk and its copies seal the
 * same rows under the same keys without asking each other: what all of them send is one row (SYN3).
 */
export function resealedEpochOf(source: string, hash: string): number {
  const digest = sha256Hex(`regulars/resealed/${source}/${hash}`);
  return RESEALED_EPOCHS + Number.parseInt(digest.slice(0, 10), 16);
}

/** `source/epoch/seq`: the business key that every hop de-duplicates on. */
export function eventKeyOf(source: string, epoch: number, seq: number): string {
  return `${source}/${epoch}/${seq}`;
}

/** `source/epoch/kind:digest`: one writer's knowledge of one identity key. */
export function fragmentIdOf(source: string, epoch: number, key: IdentityKey): string {
  return `${source}/${epoch}/${key}`;
}

export interface FragmentName {
  readonly source: string;
  readonly epoch: number;
  readonly key: IdentityKey;
}

/** The parts of a fragment id; none of them holds a slash but between them. */
export function parseFragmentId(id: string): FragmentName {
  const [source = "", epoch = "", key = ""] = id.split("/");
  return { source, epoch: Number(epoch), key };
}

/**
 * The Yjs client id of a writer. Derived, not issued: a till must write before it has ever had a network, and
 * ownership of an update can be checked by anyone. A fragment has one writer, so two writers that share a client
 * id (one pair in 4 × 10⁹) never meet in one document.
 */
export function clientIdOf(source: string, epoch: number): number {
  return sha256Uint32(`client/${writerOf(source, epoch)}`);
}

/**
 * The id of a customer who is known by this key alone. Two edges, or a till without network, that meet the key at
 * the same moment arrive at the same id without asking each other.
 */
export function customerIdOf(key: IdentityKey): CustomerId {
  return `c${bytesToBase64Url(hmacSha256("regulars/customer", key).slice(0, 16))}`;
}

export function shardOf(value: string, shards: number): number {
  return sha256Uint32(`shard/${value}`) % shards;
}
