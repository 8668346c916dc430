/**
 * The till's own key: what it proves itself to the edge with. It never leaves the folder, is readable by its owner alone, and
 * lies beside the database, not in it: a backup of sales is no copy of a key. A folder without it sells on, and is enrolled
 * anew. A copied folder has the same key: what keeps it apart from the original is its life (SYN3).
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { sealText, unsealText } from "../encryption/folder-keys.ts";

export const KEY_FILE = "till-key.json";
const OWNER_ONLY = 0o600;
const PURPOSE = "till-key";

export interface TillKey {
  /** Ed25519, 32 bytes in base64url. */
  readonly publicKey: string;
  /** In base64url. */
  sign(text: string): string;
}

const jwkSchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
});

/** Made when it is not there, or cannot be read as a key: then the till has to be enrolled anew. */
export async function openTillKey(
  file: string,
  sealedWith: Uint8Array | null = null,
): Promise<TillKey> {
  return (await storedKey(file, sealedWith)) ?? newKey(file, sealedWith);
}

async function storedKey(file: string, sealedWith: Uint8Array | null): Promise<TillKey | null> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  const key = keyIn(text, sealedWith);
  if (key) await chmod(file, OWNER_ONLY);
  else await rename(file, `${file}.damaged`);
  return key;
}

function keyIn(text: string, sealedWith: Uint8Array | null): TillKey | null {
  try {
    const json = sealedWith ? unsealText(sealedWith, text, PURPOSE) : text;
    const jwk = jwkSchema.parse(JSON.parse(json));
    return tillKeyOf(createPrivateKey({ key: jwk, format: "jwk" }));
  } catch {
    return null; // cut off, sealed otherwise, or no key
  }
}

/** Renamed when whole: a key that is half there would have to be enrolled again. */
async function newKey(file: string, sealedWith: Uint8Array | null): Promise<TillKey> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const json = JSON.stringify(privateKey.export({ format: "jwk" }));
  const text = sealedWith ? sealText(sealedWith, json, PURPOSE) : json;
  await writeFile(`${file}.new`, text, { mode: OWNER_ONLY, flush: true });
  await rename(`${file}.new`, file);
  return tillKeyOf(privateKey);
}

function tillKeyOf(privateKey: KeyObject): TillKey {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return {
    publicKey: x,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64url"),
  };
}
