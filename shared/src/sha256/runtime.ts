/** SHA-256 of Node and workerd, a tenth of what it costs in JavaScript. The same bytes as `everywhere.ts`. */
// oxlint-disable-next-line no-restricted-imports -- as pure as the other one: no disk, no network, no clock
import { createHash, createHmac } from "node:crypto";

/** Of text, its UTF-8. */
export const sha256 = (data: string | Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(data).digest());

export const sha256Hex = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");

export const sha256Base64 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("base64");

export const hmacSha256 = (secret: string, data: string): Uint8Array =>
  new Uint8Array(createHmac("sha256", secret).update(data).digest());
