/** What the browser keeps for us meanwhile, and can neither read nor change: AES-256-GCM under a key of this process. */
import { createCipheriv, createDecipheriv } from "node:crypto";

export interface Seal {
  close(text: string): string;
  /** Null for what was not sealed by this process. */
  open(sealed: string): string | null;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `drawSecret` gives 256 random bits as base64url. After a restart nothing of before is opened. */
export function createSeal(drawSecret: () => string): Seal {
  const key = Buffer.from(drawSecret(), "base64url");
  return {
    close(text) {
      const nonce = Buffer.from(drawSecret(), "base64url").subarray(0, NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch {
        return null; // the tag does not fit
      }
    },
  };
}
