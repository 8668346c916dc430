/** The registry as a machine, on the storages that it may lie on. */
import { mkdtemp, rm } from "node:fs/promises";
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import type { Account } from "@regulars/shared/connect/account";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { digestHex } from "../../edge/src/access/api-key.ts";
import { createRegistryMachine } from "../../edge/src/registry/registry.ts";
import { createMemoryStorage } from "../storage/memory.ts";

const SECRET = "a secret of sixteen or more";

async function onFile(): Promise<Storage> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-registry-"));
  const storage = createLibsqlStorage(() => createClient({ url: `file:${join(folder, "r.db")}` }));
  onTestFinished(async () => {
    storage.close();
    await rm(folder, { recursive: true });
  });
  return storage;
}

const STORAGES: readonly [string, () => Promise<Storage>][] = [
  ["SQLite in memory", () => Promise.resolve(createMemoryStorage())],
  ["a libSQL file", onFile],
];

const ACCOUNT: Account = {
  id: "shop-1",
  kind: "shopify",
  shop: "web-uk",
  realm: "shop",
  channel: "web",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
};
const secrets = { webhookSecret: "hook-secret-7f3a", apiToken: "api-token-9c1b" };

async function open(storage: Storage, secret = SECRET) {
  const clock = { nowMs: Date.UTC(2026, 0, 5, 9) };
  const registry = createRegistryMachine({ storage, secret, nowMs: () => clock.nowMs });
  await registry.open();
  return { registry, clock };
}

/** All that is stored, as one text. */
async function dumpOf(storage: Storage): Promise<string> {
  const tables = ["account", "api_key", "enrolment", "till", "till_store"];
  const rows = await Promise.all(tables.map((table) => rowsOf(storage, `select * from ${table}`)));
  return JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}

describe.each(STORAGES)("on %s", (_name, storageOf) => {
  test("SEC1: an account's secrets come back whole, are shown to nobody, and are stored encrypted", async () => {
    const storage = await storageOf();
    const { registry } = await open(storage);
    const view = await registry.putAccount({ ...ACCOUNT, secrets });
    expect(view).toEqual({
      ...ACCOUNT,
      secrets: { webhookSecret: true, apiToken: true },
      keys: [],
    });
    expect(await registry.accountOf("shop-1")).toEqual({ ...ACCOUNT, secrets });
    expect(await registry.accounts()).toEqual([ACCOUNT]);
    const stored = await dumpOf(storage);
    for (const secret of Object.values(secrets)) expect(stored).not.toContain(secret);
    // Under another secret of the edge they are worth nothing.
    const stranger = await open(storage, "another secret of an edge");
    await expect(stranger.registry.accountOf("shop-1")).rejects.toThrow(Error);
  });

  test("SEC1: secrets that are left out stay, an empty one is forgotten, and what was sealed for one account opens for no other", async () => {
    const storage = await storageOf();
    const { registry } = await open(storage);
    await registry.putAccount({ ...ACCOUNT, secrets });
    await registry.putAccount({ ...ACCOUNT, trust: 9 });
    expect(await registry.accountOf("shop-1")).toEqual({ ...ACCOUNT, trust: 9, secrets });
    await registry.putAccount({ ...ACCOUNT, secrets: { apiToken: "" } });
    expect(await registry.accountOf("shop-1")).toMatchObject({
      secrets: { webhookSecret: secrets.webhookSecret },
    });
    await registry.putAccount({ ...ACCOUNT, id: "shop-2" });
    await storage.write([
      {
        sql: `update account set secrets = (select secrets from account where id = 'shop-1')
              where id = 'shop-2'`,
      },
    ]);
    await expect(registry.accountOf("shop-2")).rejects.toThrow(Error);
  });

  test("SYN3: an account keeps its kind and its shop, for its journal is there", async () => {
    const { registry } = await open(await storageOf());
    await registry.putAccount(ACCOUNT);
    expect(await registry.putAccount({ ...ACCOUNT, shop: "web-de" })).toBeNull();
    expect(await registry.putAccount({ ...ACCOUNT, kind: "square" })).toBeNull();
    expect(await registry.accounts()).toEqual([ACCOUNT]);
  });

  test("SEC1: of an API key a digest is kept; keys live side by side, expire, and are taken back", async () => {
    const storage = await storageOf();
    const { registry, clock } = await open(storage);
    const digest = await digestHex("the secret part");
    const key = { id: "k1", digest, scopes: ["segment", "events"] as const, expiresMs: null };
    expect(await registry.addKey("shop-1", key)).toBeNull(); // no such account
    await registry.putAccount(ACCOUNT);
    await registry.addKey("shop-1", key);
    const expiresMs = clock.nowMs + 60_000;
    await registry.addKey("shop-1", {
      ...key,
      id: "k2",
      digest: await digestHex("next"),
      expiresMs,
    });
    expect(await registry.keyOf("k1", digest)).toMatchObject({
      account: ACCOUNT,
      scopes: ["segment", "events"],
    });
    for (const wrong of ["", digest.slice(1), await digestHex("next")]) {
      expect(await registry.keyOf("k1", wrong)).toBeNull();
    }
    expect(await registry.keyOf("k2", await digestHex("next"))).not.toBeNull();
    clock.nowMs = expiresMs;
    expect(await registry.keyOf("k2", await digestHex("next"))).toBeNull();
    expect(await registry.removeKey("other", "k1")).toBe(false);
    expect(await registry.removeKey("shop-1", "k1")).toBe(true);
    expect(await registry.keyOf("k1", digest)).toBeNull();
    expect(await dumpOf(storage)).not.toContain("the secret part");
  });

  test("SEC1: the day of a key's use costs one write a day", async () => {
    const storage = await storageOf();
    let writes = 0;
    const counting: Storage = {
      read: (queries) => storage.read(queries),
      write: (statements) => ((writes += 1), storage.write(statements)),
    };
    const { registry, clock } = await open(counting);
    await registry.putAccount(ACCOUNT);
    const digest = await digestHex("s");
    await registry.addKey("shop-1", { id: "k1", digest, scopes: ["events"], expiresMs: null });
    writes = 0;
    for (let n = 0; n < 50; n++) await registry.keyOf("k1", digest);
    expect(writes).toBe(1);
    clock.nowMs += 24 * 3_600_000;
    for (let n = 0; n < 50; n++) await registry.keyOf("k1", digest);
    expect(writes).toBe(2);
    expect((await registry.accountView("shop-1"))?.keys[0]?.usedDay).toBe("2026-01-06");
  });

  test("SEC1: of two that use one code at the same moment, one is let in", async () => {
    const { registry } = await open(await storageOf());
    await registry.addEnrolment({ source: "till-1", store: "one" }, "digest");
    const enrol = (publicKey: string) =>
      registry.enrol({ codeDigest: "digest", source: "till-1", store: "one", publicKey });
    const answers = await Promise.all(["a", "b", "c"].map(enrol));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect((await registry.tillOf("till-1"))?.publicKey).toBe("a");
  });

  test("SEC1: whatever the office and tills do, only the newest code lets in, and a revoked till stays out until then", async () => {
    const command = fc.oneof(
      fc.record({
        do: fc.constant("code" as const),
        n: fc.nat(3),
        store: fc.constantFrom("one", "two"),
      }),
      fc.record({
        do: fc.constant("enrol" as const),
        n: fc.nat(3),
        store: fc.constantFrom("one", "two"),
        key: fc.constantFrom("a", "b"),
      }),
      fc.record({ do: fc.constant("revoke" as const) }),
      fc.record({
        do: fc.constant("pass" as const),
        ms: fc.constantFrom(60_000, LIMITS.enrolmentCodeMs),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
        const { registry, clock } = await open(createMemoryStorage());
        let code = null as { n: number; store: string; until: number; by: string | null } | null;
        let till = null as { store: string; key: string; revoked: boolean } | null;
        const stores = new Set<string>();
        for (const each of commands) {
          switch (each.do) {
            case "code":
              if (code?.n === each.n) continue; // codes are drawn: none comes twice
              await registry.addEnrolment({ source: "till-1", store: each.store }, `c${each.n}`);
              code = {
                n: each.n,
                store: each.store,
                until: clock.nowMs + LIMITS.enrolmentCodeMs,
                by: null,
              };
              break;
            case "enrol": {
              const { n, store, key } = each;
              const may =
                code?.n === n && code.store === store && clock.nowMs < code.until &&
                (code.by === null || code.by === key); // prettier-ignore
              const answer = await registry.enrol({
                codeDigest: `c${n}`,
                source: "till-1",
                store,
                publicKey: key,
              });
              assert.equal(answer !== null, may);
              if (!may || !code) break;
              code.by = key;
              till = { store, key, revoked: false };
              stores.add(store);
              break;
            }
            case "revoke":
              await registry.revoke("till-1");
              code = null;
              if (till) till.revoked = true;
              break;
            case "pass":
              clock.nowMs += each.ms;
          }
          const known = await registry.tillOf("till-1");
          expect(
            known && { store: known.store, key: known.publicKey, revoked: known.revoked },
          ).toEqual(till);
          const places = known ? [known.store, ...known.formerStores] : [];
          expect(new Set(places)).toEqual(stores);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("SEC1: secrets of accounts are sealed anew when the edge's secret is changed, and open without the old one then", async () => {
  const storage = createMemoryStorage();
  const openWith = async (secret: string, secretAlso: string | null = null) => {
    const registry = createRegistryMachine({ storage, secret, secretAlso, nowMs: Date.now });
    await registry.open();
    return registry;
  };
  const secrets = { webhookSecret: "hook" };
  await (await openWith(SECRET)).putAccount({ ...ACCOUNT, secrets });
  const next = "the next secret of sixteen or more";
  await expect((await openWith(next)).accountOf(ACCOUNT.id)).rejects.toThrow(Error);
  expect(await (await openWith(next, SECRET)).accountOf(ACCOUNT.id)).toMatchObject({ secrets });
  expect(await (await openWith(next)).accountOf(ACCOUNT.id)).toMatchObject({ secrets });
  await expect((await openWith(SECRET)).accountOf(ACCOUNT.id)).rejects.toThrow(Error);
});
