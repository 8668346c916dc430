/** Accounts and their API keys, over HTTP. */
import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { problemSchema } from "@regulars/shared/problem";
import { z } from "zod";
import { registryStub } from "../src/stubs.ts";
import { accountOf, apiKey, call, CENTRE } from "./callers.ts";

afterEach(() => reset());

const keySchema = z.object({ id: z.string(), key: z.string() });
const put = (id: string, more: object = {}) =>
  call("PUT", `/v1/accounts/${id}`, CENTRE, { ...accountOf(id), ...more });
async function newKey(id: string, body: object) {
  const answer = await call("POST", `/v1/accounts/${id}/keys`, CENTRE, body);
  expect(answer.status).toBe(201);
  return keySchema.parse(answer.json);
}
const mayList = async (key: string): Promise<number> =>
  (await call("GET", "/v1/tills", key)).status;

test("SEC1: an account is put and shown, its secrets are not, and its keys are shown once", async () => {
  const secrets = { webhookSecret: "hook-7f3a" };
  const made = await put("shop-1", { secrets });
  expect([made.status, made.json]).toEqual([
    200,
    { ...accountOf("shop-1"), secrets: { webhookSecret: true, apiToken: false }, keys: [] },
  ]);
  const { id, key } = await newKey("shop-1", { scopes: ["admin", "admin"] });
  const { json } = await call("GET", "/v1/accounts", CENTRE);
  expect(json).toMatchObject({ accounts: [{ id: "shop-1", keys: [{ id, scopes: ["admin"] }] }] });
  for (const secret of [key, key.split("_").slice(2).join("_"), secrets.webhookSecret]) {
    expect(JSON.stringify(json)).not.toContain(secret);
  }
  expect(await mayList(key)).toBe(200);
});

test("SEC1: keys are rotated: the new one is good before the old one goes, and that is refused at once", async () => {
  await put("tool-1");
  const old = await newKey("tool-1", { scopes: ["admin"] });
  const next = await newKey("tool-1", { scopes: ["admin"] });
  expect([await mayList(old.key), await mayList(next.key)]).toEqual([200, 200]);
  const gone = () => call("DELETE", `/v1/accounts/tool-1/keys/${old.id}`, CENTRE);
  expect((await gone()).status).toBe(204);
  expect([await mayList(old.key), await mayList(next.key)]).toEqual([401, 200]);
  expect((await gone()).status).toBe(404);
});

test("SEC1: a key that another isolate has taken back is refused within a second", async () => {
  const key = await apiKey(["admin"]);
  expect(await mayList(key)).toBe(200);
  const startMs = Date.now();
  await registryStub(env).removeKey("app-1", key.split("_")[1] ?? "");
  let status = await mayList(key);
  while (status !== 401 && Date.now() - startMs < 1_000) status = await mayList(key);
  expect(status).toBe(401);
  expect(Date.now() - startMs).toBeLessThan(1_000);
});

test("SEC1: a key ends when it was said to, and one that was never good is none", async () => {
  await put("tool-1");
  const ended = await newKey("tool-1", { scopes: ["admin"], expiresAt: "2020-01-01T00:00:00Z" });
  const later = new Date(Date.now() + 60_000).toISOString();
  const good = await newKey("tool-1", { scopes: ["admin"], expiresAt: later });
  expect([await mayList(ended.key), await mayList(good.key)]).toEqual([401, 200]);
  const bent = `${good.key.slice(0, -1)}${good.key.endsWith("A") ? "B" : "A"}`;
  expect(await mayList(bent)).toBe(401);
});

test("SEC2: what cannot be an account is refused with the names of its fields", async () => {
  const secret = "marked-value-7f3a";
  const answers = [
    await put("shop-1", { kind: secret }),
    await put("shop-1", { secrets: { webhookSecret: [secret] } }),
    await call("POST", "/v1/accounts/shop-1/keys", CENTRE, { scopes: [secret] }),
    await call("POST", "/v1/accounts/shop-1/keys", CENTRE, { scopes: [] }),
    await call("PUT", `/v1/accounts/${secret.toUpperCase()}`, CENTRE, accountOf("shop-1")),
  ];
  for (const { status, json } of answers) {
    expect(status).toBe(422);
    expect(JSON.stringify(json).toLowerCase()).not.toContain(secret);
  }
  const nobody = await call("POST", "/v1/accounts/nobody/keys", CENTRE, { scopes: ["events"] });
  expect([nobody.status, nobody.json]).toMatchObject([404, { reason: "unknown_account" }]);
  await put("shop-1");
  expect((await put("shop-1", { shop: "elsewhere" })).status).toBe(409);
});

async function refusalOf(more: object) {
  const { status, json } = await put("shop-1", more);
  expect(status).toBe(422);
  return problemSchema.parse(json).errors;
}

test("ING1: a slip in an account is refused by name, and nothing of it is stored or dropped unseen", async () => {
  const account = accountOf("shop-1");
  const unknown = "has fields that are not known";
  const slips: readonly [object, string, string][] = [
    [{ webhookSecret: "hook-7f3a" }, "(body)", unknown],
    [{ rules: { maxTotal: 100 } }, "rules", unknown],
    [{ retry: { ...account.retry, lastMs: 1 } }, "retry", unknown],
    [{ secrets: { webhookSecrets: "hook-7f3a" } }, "secrets", unknown],
    [{ zone: "London" }, "zone", "is not an IANA zone such as Europe/London"],
    [{ zone: "+01:00" }, "zone", "is not an IANA zone such as Europe/London"],
    [{ country: "UK" }, "country", "is not an ISO 3166 country code such as GB"],
    [{ id: "shop-2" }, "id", "is not the one in the path"],
  ];
  for (const [more, field, reason] of slips) {
    expect(await refusalOf(more)).toEqual([{ field, reason }]);
  }
  expect((await call("GET", "/v1/accounts/shop-1", CENTRE)).status).toBe(404);
});

test("ING1: an account that was stored with a slip before is read as it is", async () => {
  await registryStub(env).putAccount({ ...accountOf("shop-1"), zone: "London", country: "UK" });
  const view = await call("GET", "/v1/accounts/shop-1", CENTRE);
  expect([view.status, view.json]).toMatchObject([200, { zone: "London", country: "UK" }]);
});

test("SEC1: what is fetched and told goes over the network encrypted, and by no other way", async () => {
  const bad = [
    "http://10.0.0.1/",
    "http://example.com/",
    "https://user:word@example.com/",
    "ftp://example.com/",
    "data:,",
  ];
  for (const address of bad) {
    expect((await put("shop-1", { apiBase: address })).status).toBe(422);
    expect((await put("shop-1", { alertUrl: address })).status).toBe(422);
  }
  for (const address of ["https://example.com/v2", "http://127.0.0.1:8080/", "http://[::1]/"]) {
    expect((await put("shop-1", { apiBase: address, alertUrl: address })).status).toBe(200);
  }
});

test("SEC1: a connector that calls too often is asked to wait, and no other one is", async () => {
  const [busy, quiet] = [await apiKey(["events"], "busy"), await apiKey(["events"], "quiet")];
  let status = 0;
  for (let n = 0; n < 4 * LIMITS.connectorBurstCalls && status !== 429; n++) {
    status = (await call("GET", "/v1/tills", busy)).status;
  }
  expect(status).toBe(429);
  expect((await call("GET", "/v1/tills", quiet)).status).toBe(403);
});

test("SEC1: an app's key is taken as bearer token and as user name, and its last day of use is known", async () => {
  const key = await apiKey(["admin"], "tool-1");
  for (const authorization of [`Bearer ${key}`, `Basic ${btoa(`${key}:`)}`]) {
    const url = "https://edge.test/v1/accounts";
    const response = await exports.default.fetch(url, { headers: { authorization } });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  }
  const view = await registryStub(env).accountView("tool-1");
  expect(view?.keys.map(({ usedDay }) => usedDay)).toEqual([new Date().toISOString().slice(0, 10)]);
});

test("SEC1: what is kept of secrets and keys can be read by nobody who has the disk", async () => {
  await put("shop-1", { secrets: { webhookSecret: "hook-7f3a", apiToken: "token-9c1b" } });
  const { key } = await newKey("shop-1", { scopes: ["events"] });
  const stored = await runInDurableObject(registryStub(env), (_object, { storage }) =>
    ["account", "api_key"]
      .flatMap((table) => storage.sql.exec(`select * from ${table}`).toArray())
      .flatMap((row) => Object.values(row))
      .map((value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value))
      .join(" "),
  );
  // Its secret part may have the sign in it that stands before it.
  const secretPart = key.split("_").slice(2).join("_");
  expect(secretPart.length).toBeGreaterThan(20);
  for (const secret of ["hook-7f3a", "token-9c1b", key, secretPart]) {
    expect(stored).not.toContain(secret);
  }
});
