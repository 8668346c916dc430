/** SHA-256 where the runtime has none that answers at once: browsers. The same bytes as `runtime.ts`. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as noble } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Of text, its UTF-8. */
export const sha256 = (data: string | Uint8Array): Uint8Array =>
  noble(typeof data === "string" ? utf8ToBytes(data) : data);

export const sha256Hex = (data: string | Uint8Array): string => bytesToHex(sha256(data));

export const sha256Base64 = (data: string | Uint8Array): string =>
  btoa(String.fromCharCode(...sha256(data)));

export const hmacSha256 = (secret: string, data: string): Uint8Array =>
  hmac(noble, utf8ToBytes(secret), utf8ToBytes(data));
