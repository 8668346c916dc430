/**
 * The keys of a till's folder, all from the one that it was given: each part has its own, and none of them tells of another.
 * The one given is random and long, so that it needs no stretching.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

export interface FolderKeys {
  /** For libSQL, which makes its own of it. */
  readonly database: string;
  readonly archive: Uint8Array;
  readonly tillKey: Uint8Array;
}

const KEY_BYTES = 32;

export const folderKeysOf = (encryptionKey: string): FolderKeys => ({
  database: Buffer.from(derive(encryptionKey, "regulars till database")).toString("hex"),
  archive: derive(encryptionKey, "regulars till archive"),
  tillKey: derive(encryptionKey, "regulars till key"),
});

export const derive = (
  from: string | Uint8Array,
  purpose: string,
  salt: Uint8Array = new Uint8Array(),
): Uint8Array => new Uint8Array(hkdfSync("sha256", from, salt, purpose, KEY_BYTES));

const CIPHER = "aes-256-gcm";
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** What is sealed under one key never has the same nonce twice. Adds the tag at the end. */
export function seal(
  key: Uint8Array,
  nonce: Uint8Array,
  plain: Uint8Array,
  beside: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(beside);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws where a bit of it, or of what stands beside it, is not what was sealed. */
export function unseal(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  beside: Uint8Array,
): Uint8Array {
  const end = sealed.length - TAG_BYTES;
  if (end < 0) throw new RangeError("too short to have been sealed");
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(beside).setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

/** A short text, sealed as text. */
export function sealText(key: Uint8Array, text: string, purpose: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = seal(key, nonce, Buffer.from(text), Buffer.from(purpose));
  return Buffer.concat([nonce, sealed]).toString("base64url");
}

/** Throws where it was not sealed with the key and for the purpose. */
export function unsealText(key: Uint8Array, text: string, purpose: string): string {
  const bytes = Buffer.from(text, "base64url");
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const sealed = bytes.subarray(NONCE_BYTES);
  return Buffer.from(unseal(key, nonce, sealed, Buffer.from(purpose))).toString();
}
