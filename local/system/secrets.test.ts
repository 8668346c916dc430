import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSecrets } from "./secrets.ts";

describe("secrets", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "regulars-secrets-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("are made once, differ from each other, and only their owner may read them", async () => {
    const secrets = await openSecrets(folder);
    expect(new Set(Object.values(secrets)).size).toBe(7);
    expect(await openSecrets(folder)).toEqual(secrets);
    const { mode } = await stat(join(folder, "secrets.json"));
    expect(mode & 0o777).toBe(0o600);
  });

  test("that are broken are told, not replaced: a new pepper would orphan every identity key", async () => {
    await writeFile(join(folder, "secrets.json"), '{"pepper":');
    await expect(openSecrets(folder)).rejects.toThrow(/secrets\.json is broken: .*\.$/);
  });
});
