/** Hashes and byte encodings, synchronous and the same in Node, Workers and browsers. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { hmacSha256, sha256, sha256Base64, sha256Hex } from "#sha256";

export { bytesToHex, hmacSha256, sha256Base64, sha256Hex };

/** First four bytes of SHA-256, as an unsigned 32-bit integer: for shard numbers and Yjs client ids. */
export function sha256Uint32(data: string): number {
  const bytes = sha256(data);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

const CHUNK_BYTES = 0x8000; // String.fromCharCode takes its bytes as arguments; engines cap how many

export function bytesToBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(binary);
}

/** Throws `InvalidCharacterError` on text that is not base64; boundaries check with `base64Schema` first. */
export function base64ToBytes(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function bytesToBase64Url(bytes: Uint8Array): string {
  return bytesToBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** JSON with keys sorted at every depth, so that equal values have equal digests in every tier. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, inner: Json) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).filter(([, v]) => v !== undefined);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
