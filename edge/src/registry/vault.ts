/** Secrets at rest: AES-256-GCM under keys that are derived from the edge's own secret, each for one purpose. */

export interface Vault {
  /** `about` is authenticated with it: what was sealed for one account opens for no other. */
  seal(text: string, about: string): Promise<Uint8Array>;
  /** Rejects when it was sealed under another secret, about something else, or was damaged. */
  open(sealed: Uint8Array, about: string): Promise<string>;
}

const IV_BYTES = 12;

const algorithm = (iv: Uint8Array, about: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(about),
});

export async function openVault(secret: string): Promise<Vault> {
  const key = await crypto.subtle.importKey(
    "raw",
    await deriveBytes(secret, "regulars/registry/secrets"),
    "AES-GCM",
    false,
    ["encrypt", "decrypt"],
  );
  return {
    async seal(text, about) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const plain = new TextEncoder().encode(text);
      const sealed = await crypto.subtle.encrypt(algorithm(iv, about), key, plain);
      const whole = new Uint8Array(IV_BYTES + sealed.byteLength);
      whole.set(iv);
      whole.set(new Uint8Array(sealed), IV_BYTES);
      return whole;
    },
    async open(sealed, about) {
      const iv = sealed.slice(0, IV_BYTES);
      const plain = await crypto.subtle.decrypt(algorithm(iv, about), key, sealed.slice(IV_BYTES));
      return new TextDecoder().decode(plain);
    },
  };
}

/** Seals under the first, opens what was sealed under either: for while a secret is changed. */
export async function openVaultOf(secret: string, also: string | null): Promise<Vault> {
  const vault = await openVault(secret);
  if (also === null) return vault;
  const before = await openVault(also);
  return {
    seal: (text, about) => vault.seal(text, about),
    open: (sealed, about) => vault.open(sealed, about).catch(() => before.open(sealed, about)),
  };
}

/** 32 bytes by HKDF-SHA-256; another purpose gives other bytes. */
export async function deriveBytes(secret: string, purpose: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(purpose) },
    material,
    256,
  );
  return new Uint8Array(bits);
}
