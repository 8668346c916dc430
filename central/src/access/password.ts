/** Passwords of local accounts: scrypt, with its parameters beside each hash, so that they can be raised. */
import { scrypt, timingSafeEqual } from "node:crypto";
import { createSerial } from "@regulars/shared/serial";

interface Parameters {
  /** As a power of two: 14 takes 16 MB of memory, of which the centre has 300. */
  readonly costLog2: number;
  readonly blocks: number;
  /** Makes up in time for what is saved in memory (OWASP: 2^14 and 5 stand for 2^17 and 1). */
  readonly parallel: number;
}

const NOW: Parameters = { costLog2: 14, blocks: 8, parallel: 5 };
const HASH_BYTES = 32;

/** Salt and hash are base64url; no hash is longer than 200 characters. */
const HASH = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,64})\$([\w-]{43})$/;

/** One at a time: a crowd at the door takes the memory of one, and waits. */
const inTurn = createSerial();

const derive = (password: string, salt: string, { costLog2, blocks, parallel }: Parameters) =>
  inTurn(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const N = 2 ** costLog2;
        // Twice what the algorithm takes, which is the least that OpenSSL lets pass.
        const options = { N, r: blocks, p: parallel, maxmem: 256 * N * blocks };
        scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, (error, key) =>
          error ? reject(error) : resolve(key),
        );
      }),
  );

/** `salt` is drawn for this hash alone, as base64url. */
export async function hashPassword(password: string, salt: string): Promise<string> {
  const { costLog2, blocks, parallel } = NOW;
  const key = await derive(password, salt, NOW);
  return ["scrypt", costLog2, blocks, parallel, salt, key.toString("base64url")].join("$");
}

/** Of nobody's password: whoever is unknown costs as much time as whoever is known. */
const NOBODY = `scrypt$${NOW.costLog2}$${NOW.blocks}$${NOW.parallel}$${"A".repeat(43)}$${"A".repeat(43)}`;

/** `hash` null: of somebody unknown, which is never true. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = HASH.exec(hash ?? NOBODY);
  if (!parts) return false;
  const [, costLog2, blocks, parallel, salt = "", key = ""] = parts;
  const parameters = {
    costLog2: Number(costLog2),
    blocks: Number(blocks),
    parallel: Number(parallel),
  };
  const derived = await derive(password, salt, parameters);
  return timingSafeEqual(derived, Buffer.from(key, "base64url")) && hash !== null;
}

/** Made with parameters of before: made anew where its password is at hand. */
export const isOutdated = (hash: string): boolean =>
  !hash.startsWith(`scrypt$${NOW.costLog2}$${NOW.blocks}$${NOW.parallel}$`);
