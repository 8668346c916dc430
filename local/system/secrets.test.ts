import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keepApiKeys, openSecrets } from "./secrets.ts";

describe("secrets", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "regulars-secrets-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("are made once, differ from each other, and only their owner may read them", async () => {
    const secrets = await openSecrets(folder);
    expect(new Set(Object.values(secrets)).size).toBe(5);
    expect(await openSecrets(folder)).toEqual(secrets);
    const { mode } = await stat(join(folder, "secrets.json"));
    expect(mode & 0o777).toBe(0o600);
  });

  test("of an older build are read, and what they lack is made once", async () => {
    const { edgeSecret, ...older } = await openSecrets(folder);
    const before = { ...older, agentToken: "a".repeat(32), appToken: "b".repeat(32) };
    await writeFile(join(folder, "secrets.json"), JSON.stringify(before));
    const secrets = await openSecrets(folder);
    expect(secrets).toEqual({ ...older, edgeSecret: secrets.edgeSecret });
    expect(secrets.edgeSecret).not.toBe(edgeSecret);
    expect(await openSecrets(folder)).toEqual(secrets);
  });

  test("take in the keys that the edge has made, and stay what they were", async () => {
    const secrets = await openSecrets(folder);
    const apiKeys = { "shop-app": `rk_${"0".repeat(16)}_${"A".repeat(43)}` };
    await keepApiKeys(folder, secrets, apiKeys);
    expect(await openSecrets(folder)).toEqual({ ...secrets, apiKeys });
    const { mode } = await stat(join(folder, "secrets.json"));
    expect(mode & 0o777).toBe(0o600);
  });

  test("that are broken are told, not replaced: a new pepper would orphan every identity key", async () => {
    await writeFile(join(folder, "secrets.json"), '{"pepper":');
    await expect(openSecrets(folder)).rejects.toThrow(/secrets\.json is broken: .*\.$/);
  });
});
