import { createPublicKey, verify } from "node:crypto";
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KEY_FILE, openTillKey } from "./till-key.ts";

async function keyFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-key-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, KEY_FILE);
}

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

test("SEC1: a till's key is made once, is its owner's alone, and signs", async () => {
  const file = await keyFile();
  const made = await openTillKey(file);
  expect(await modeOf(file)).toBe(0o600);
  await chmod(file, 0o644); // as a copy may leave it
  const read = await openTillKey(file);
  expect(read.publicKey).toBe(made.publicKey);
  expect(await modeOf(file)).toBe(0o600);
  const jwk = { kty: "OKP", crv: "Ed25519", x: made.publicKey };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const signature = Buffer.from(read.sign("said"), "base64url");
  expect(verify(null, Buffer.from("said"), key, signature)).toBe(true);
  expect(verify(null, Buffer.from("other"), key, signature)).toBe(false);
});

test("SEC1: a file that is no key is set aside, and the till has a new one", async () => {
  const file = await keyFile();
  const before = await openTillKey(file);
  await writeFile(file, '{"kty":"OKP"');
  expect((await openTillKey(file)).publicKey).not.toBe(before.publicKey);
  expect((await readdir(join(file, ".."))).toSorted()).toEqual([KEY_FILE, `${KEY_FILE}.damaged`]);
});
