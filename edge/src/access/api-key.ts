/** API keys: `rk_<id>_<secret>`. The id finds the key, the digest of the secret proves it. */
import { bytesToBase64Url } from "@regulars/shared/digest";

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const PATTERN = /^rk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export interface ApiKeyParts {
  readonly id: string;
  readonly secret: string;
}

export function parseApiKey(text: string): ApiKeyParts | null {
  const [, id, secret] = PATTERN.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

export function newApiKey(): ApiKeyParts {
  return {
    id: hexOf(crypto.getRandomValues(new Uint8Array(ID_BYTES))),
    secret: bytesToBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))),
  };
}

export const apiKeyText = ({ id, secret }: ApiKeyParts): string => `rk_${id}_${secret}`;

export async function digestHex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return hexOf(new Uint8Array(digest));
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
