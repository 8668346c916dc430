/** Signatures over the bytes as they came. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { base64ToBytes, sha256Hex } from "../../digest.ts";
import { type Failure, failureOf } from "../failure.ts";

export interface Signed {
  readonly body: Uint8Array;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly nowMs: number;
  /** Address that the provider signs, where it signs one. */
  readonly url?: string;
}

/** HMAC-SHA-256 over the parts, one after the other. */
export function signatureOf(
  secret: string,
  ...parts: readonly (string | Uint8Array)[]
): Uint8Array {
  const mac = hmac.create(sha256, utf8ToBytes(secret));
  for (const part of parts) mac.update(typeof part === "string" ? utf8ToBytes(part) : part);
  return mac.digest();
}

/** In a time that does not depend on where they differ. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

/** Null where the header holds the right signature as base64. */
export function checkBase64(header: string | undefined, expected: Uint8Array): Failure | null {
  if (header === undefined || header.trim() === "") return failureOf("no_signature");
  return isSame(expected, fromBase64(header.trim())) ? null : failureOf("bad_signature");
}

/** What is not hex is no signature: nothing is equal to it. */
export function fromHex(text: string): Uint8Array {
  return /^([0-9a-f]{2}){1,64}$/i.test(text) ? hexToBytes(text.toLowerCase()) : new Uint8Array();
}

export function fromBase64(text: string): Uint8Array {
  try {
    return base64ToBytes(text.slice(0, 128));
  } catch {
    return new Uint8Array();
  }
}

export const toHex = bytesToHex;

/** Key of a delivery that has none of its own: the same bytes on the same topic are the same delivery. */
export const digestKey = (topic: string, body: Uint8Array): string =>
  `sha256:${sha256Hex(body).slice(0, 40)}${topic === "" ? "" : `:${topic.slice(0, 60)}`}`;
