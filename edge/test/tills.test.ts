/** Tills from their first code to their last token, over HTTP, with keys of their own. */
import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { resealedEpochOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { challengeAnswerSchema, tokenAnswerSchema } from "@regulars/shared/protocol/enrol";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { z } from "zod";
import { newTillToken } from "../src/access/till-token.ts";
import { registryStub } from "../src/stubs.ts";
import { call, CENTRE, openKey, tillToken } from "./callers.ts";

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

const codeSchema = z.object({ code: z.string(), expiresAt: z.iso.datetime() });
type Key = Awaited<ReturnType<typeof openKey>>;

async function codeFor(source: string, store: string): Promise<string> {
  const answer = await call("POST", "/v1/tills/enrolments", CENTRE, { source, store });
  expect(answer.status).toBe(201);
  return codeSchema.parse(answer.json).code;
}

const enrol = (key: Key, code: string, source: string, store: string) =>
  call("POST", "/v1/tills/enrol", null, { code, publicKey: key.publicKey, source, store });

const challenge = async () =>
  challengeAnswerSchema.parse((await call("POST", "/v1/tills/challenge", null, {})).json).nonce;

async function askToken(key: Key, source: string, store: string, epoch = 1) {
  const assertion = await key.assert({ source, store, epoch, nonce: await challenge() });
  return call("POST", "/v1/tills/token", null, { assertion });
}

async function tokenOf(key: Key, source: string, store: string, epoch = 1): Promise<string> {
  return tokenAnswerSchema.parse((await askToken(key, source, store, epoch)).json).token;
}

async function enrolled(source: string, store: string): Promise<Key> {
  const key = await openKey();
  expect((await enrol(key, await codeFor(source, store), source, store)).status).toBe(201);
  return key;
}

const pull = (token: string, store: string, source: string, epoch = 1) =>
  call("POST", "/v1/pull", token, {
    ...THIS_VERSION,
    protocol: 1,
    minReader: 1,
    store,
    source,
    epoch,
    cursor: null,
  });

const push = (token: string, store: string, source: string, epoch = 1) =>
  call("POST", "/v1/push", token, {
    ...THIS_VERSION, protocol: 1, minReader: 1, store, source, epoch, sentAtMs: 1, items: [],
  }); // prettier-ignore

const reasonOf = ({ json }: { json: unknown }) =>
  z.object({ reason: z.string() }).parse(json).reason;

test("SEC1: a till is let in by a code, and from then on by its key", async () => {
  const key = await enrolled("till-1", "one");
  const token = await tokenOf(key, "till-1", "one");
  expect((await pull(token, "one", "till-1")).status).toBe(200);
  expect((await push(token, "one", "till-1")).status).toBe(200);
  const { json } = await call("GET", "/v1/tills", CENTRE);
  expect(json).toMatchObject({ tills: [{ source: "till-1", store: "one", revokedAt: null }] });
});

test("SEC1: a code works once, however it is typed, for its till and store, and for one key", async () => {
  const code = await codeFor("till-1", "one");
  const [key, other] = [await openKey(), await openKey()];
  for (const [source, store] of [
    ["till-2", "one"],
    ["till-1", "two"],
  ] as const) {
    expect(reasonOf(await enrol(key, code, source, store))).toBe("bad_code");
  }
  expect(
    (await enrol(key, ` ${code.toLowerCase().replaceAll("-", " ")} `, "till-1", "one")).status,
  ).toBe(201);
  // The answer may have been lost on its way: the same key may ask again.
  expect((await enrol(key, code, "till-1", "one")).status).toBe(201);
  expect(reasonOf(await enrol(other, code, "till-1", "one"))).toBe("bad_code");
  expect(reasonOf(await enrol(other, "AAAA-BBBB-CCCC-DDDD-EEEE", "till-1", "one"))).toBe(
    "bad_code",
  );
});

test("SEC1: a newer code takes the place of an older one, and a code ends after a quarter of an hour", async () => {
  const old = await codeFor("till-1", "one");
  const code = await codeFor("till-1", "one");
  const key = await openKey();
  expect(reasonOf(await enrol(key, old, "till-1", "one"))).toBe("bad_code");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.enrolmentCodeMs + 1 });
  expect(reasonOf(await enrol(key, code, "till-1", "one"))).toBe("bad_code");
});

test("SEC1: no token without the key, with another's question, or for another store", async () => {
  const key = await enrolled("till-1", "one");
  const stranger = await openKey();
  expect(reasonOf(await askToken(stranger, "till-1", "one"))).toBe("not_enrolled");
  expect(reasonOf(await askToken(key, "till-2", "one"))).toBe("not_enrolled");
  expect(reasonOf(await askToken(key, "till-1", "two"))).toBe("not_enrolled");
  const nonce = await challenge();
  const assertion = await key.assert({ source: "till-1", store: "one", epoch: 1, nonce });
  const bent = assertion.replace(/\.[^.]+$/, `.${"A".repeat(86)}`);
  expect(reasonOf(await call("POST", "/v1/tills/token", null, { assertion: bent }))).toBe(
    "not_enrolled",
  );
  for (const wrong of ["", "a.b.c", `${nonce}x`]) {
    const made = await key.assert({ source: "till-1", store: "one", epoch: 1, nonce: wrong });
    expect(reasonOf(await call("POST", "/v1/tills/token", null, { assertion: made }))).toBe(
      "unauthorized",
    );
  }
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.challengeMs + 1_000 });
  expect(reasonOf(await call("POST", "/v1/tills/token", null, { assertion }))).toBe("unauthorized");
});

test("SEC1: a token of one store reads no other store's working set, and writes no other till's journal", async () => {
  const token = await tokenOf(await enrolled("till-1", "one"), "till-1", "one", 3);
  await enrolled("till-2", "two");
  const poke = (store: string, source: string) =>
    call("GET", `/v1/poke?store=${store}&source=${source}`, token);
  for (const [store, source] of [
    ["two", "till-1"],
    ["two", "till-2"],
    ["one", "till-2"],
  ] as const) {
    expect(reasonOf(await pull(token, store, source))).toBe("forbidden");
    expect(reasonOf(await push(token, store, source))).toBe("forbidden");
    expect(reasonOf(await poke(store, source))).toBe("forbidden");
  }
  const lookUp = await call("POST", "/v1/customers/lookup", token, {
    email: "a@example.com",
    store: "two",
  });
  expect(reasonOf(lookUp)).toBe("forbidden");
});

test("SEC1 SYN3: a token writes its epoch and closed ones, of former stores too, and reads where its till is now", async () => {
  await enrolled("till-1", "old");
  const key = await enrolled("till-1", "one");
  const token = await tokenOf(key, "till-1", "one", 3);
  const resealed = resealedEpochOf("till-1", "a".repeat(64));
  for (const epoch of [1, 3, resealed])
    expect((await push(token, "one", "till-1", epoch)).status).toBe(200);
  expect(reasonOf(await push(token, "one", "till-1", 4))).toBe("forbidden");
  expect(reasonOf(await pull(token, "one", "till-1", 4))).toBe("forbidden");
  expect((await push(token, "old", "till-1", 2)).status).toBe(200);
  expect(reasonOf(await push(token, "old", "till-1", 3))).toBe("forbidden");
  expect(reasonOf(await pull(token, "old", "till-1", 2))).toBe("forbidden");
});

test("SEC1: a token ends, and one of another edge or another kind was never one", async () => {
  const key = await enrolled("till-1", "one");
  const token = await tokenOf(key, "till-1", "one");
  const till = {
    source: "till-1",
    store: "one",
    publicKey: key.publicKey,
    formerStores: [],
    revoked: false,
  };
  const other = { ...env, REGULARS_EDGE_SECRET: "the secret of another edge" };
  const foreign = await newTillToken(other, { till, epoch: 1 }, Date.now());
  expect(reasonOf(await pull(foreign, "one", "till-1"))).toBe("unauthorized");
  expect(reasonOf(await pull(await challenge(), "one", "till-1"))).toBe("unauthorized");
  expect((await pull(token, "one", "till-1")).status).toBe(200);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.tillTokenMs + 1_000 });
  expect(reasonOf(await pull(token, "one", "till-1"))).toBe("unauthorized");
});

async function listen(token: string): Promise<WebSocket> {
  const response = await exports.default.fetch(
    "https://edge.test/v1/poke?store=one&source=till-1",
    {
      headers: { authorization: `Bearer ${token}`, upgrade: "websocket" },
    },
  );
  const socket = response.webSocket;
  if (!socket) throw new Error(`no socket, but ${response.status}`);
  socket.accept();
  return socket;
}

test("SEC1: a till that is revoked is refused within a second at every route, and its socket is closed", async () => {
  const key = await enrolled("till-1", "one");
  const bystander = await tokenOf(await enrolled("till-2", "one"), "till-2", "one");
  const token = await tokenOf(key, "till-1", "one");
  const lookUp = () => call("POST", "/v1/customers/lookup", token, { email: "a@example.com" });
  const calls = [
    () => pull(token, "one", "till-1"),
    () => push(token, "one", "till-1"),
    lookUp,
    () => call("GET", "/v1/poke?store=one&source=till-1", token),
  ];
  for (const each of calls) expect([401, 403]).not.toContain((await each()).status);
  const socket = await listen(token);
  const closed = new Promise<number>((done) => {
    socket.addEventListener("close", ({ code }) => done(code));
  });
  // As another isolate does it, which this one does not hear of.
  const revokedMs = Date.now();
  const places = await registryStub(env).revoke("till-1");
  expect(places).toEqual(["one"]);
  for (const each of calls) {
    let answer = await each();
    while (answer.status !== 401 && Date.now() - revokedMs < 1_000) answer = await each();
    expect(reasonOf(answer)).toBe("revoked");
  }
  expect((await call("DELETE", "/v1/tills/till-1", CENTRE)).status).toBe(204);
  expect(await closed).toBe(4401);
  expect(reasonOf(await askToken(key, "till-1", "one"))).toBe("revoked");
  expect((await pull(bystander, "one", "till-2")).status).toBe(200);
});

test("SEC1: a till that was revoked is let in again by a new code alone", async () => {
  const code = await codeFor("till-1", "one");
  const key = await openKey();
  await enrol(key, code, "till-1", "one");
  const token = await tokenOf(key, "till-1", "one");
  const late = await codeFor("till-1", "one");
  expect((await call("DELETE", "/v1/tills/till-1", CENTRE)).status).toBe(204);
  expect(reasonOf(await pull(token, "one", "till-1"))).toBe("revoked");
  for (const old of [code, late]) {
    expect(reasonOf(await enrol(key, old, "till-1", "one"))).toBe("bad_code");
  }
  await enrol(key, await codeFor("till-1", "one"), "till-1", "one");
  expect((await pull(await tokenOf(key, "till-1", "one"), "one", "till-1")).status).toBe(200);
  expect(reasonOf(await call("DELETE", "/v1/tills/till-9", CENTRE))).toBe("unknown_till");
});

test("SEC1: a till that is enrolled anew with another key leaves the old key's tokens worth nothing", async () => {
  const token = await tokenOf(await enrolled("till-1", "one"), "till-1", "one");
  expect((await pull(token, "one", "till-1")).status).toBe(200);
  // As another isolate does it, which this one does not hear of: the new key is good at once.
  const now = await tillToken("till-1", "one");
  expect((await pull(now, "one", "till-1")).status).toBe(200);
  await enrolled("till-1", "one");
  expect(reasonOf(await pull(token, "one", "till-1"))).toBe("not_enrolled");
});

test("SEC1: where the registry cannot be asked, nobody is let in, and nobody is told that their token is wrong", async () => {
  const key = await enrolled("till-1", "one");
  const token = await tokenOf(key, "till-1", "one");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.registryAgeMs + 1 });
  await runInDurableObject(registryStub(env), (_object, { storage }) => {
    storage.sql.exec("alter table till rename to lost");
  });
  const answer = await pull(token, "one", "till-1");
  expect([answer.status, reasonOf(answer)]).toEqual([503, "unreachable"]);
  expect((await call("GET", "/v1/tills", CENTRE)).status).toBe(503);
});
