import { LIMITS } from "@regulars/shared/limits";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { sale, SETTINGS } from "../../testing/settings.ts";
import { temporaryFolder } from "../../testing/till.ts";
import { openStoreAgent } from "../open-store-agent.ts";
import { createLocalApi } from "./app.ts";

const TOKEN = "local-token-of-the-tests";
const BASE = "http://127.0.0.1:8080";

interface Init extends RequestInit {
  readonly headers?: Record<string, string>;
}

async function openApi() {
  const lines: string[] = [];
  const agent = await openStoreAgent({ ...SETTINGS, dataDir: await temporaryFolder() });
  onTestFinished(() => agent.close());
  const logger = pino({ level: "trace" }, { write: (line) => void lines.push(line) });
  const api = createLocalApi({ agent, token: TOKEN, hosts: ["till.local"], logger });
  const call = async (path: string, init: Init = {}) => {
    const headers = { host: "127.0.0.1:8080", authorization: `Bearer ${TOKEN}`, ...init.headers };
    const response = await api.request(`${BASE}${path}`, { ...init, headers });
    const type = response.headers.get("content-type") ?? "";
    return {
      status: response.status,
      type,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { agent, call, post, lines };
}

test("SEC4: without the token nothing but health and the API's description is served", async () => {
  const { call } = await openApi();
  const without = { headers: { authorization: "" } };
  expect((await call("/health", without)).status).toBe(200);
  expect((await call("/openapi.json", without)).status).toBe(200);
  for (const headers of [
    { authorization: "" },
    { authorization: "Bearer x" },
    { authorization: "x" },
  ]) {
    for (const path of [
      "/v1/status",
      "/v1/journal",
      "/v1/quarantine",
      "/v1/shift",
      "/v1/shifts/1",
      "/v1/day",
      "/v1/captures",
      "/nothing",
    ]) {
      const { status, type, body } = await call(path, { headers });
      expect([status, type, body["reason"]]).toEqual([
        401,
        "application/problem+json",
        "unauthorized",
      ]);
    }
  }
});

test("SEC4: a page that points its own name to this machine is refused by the Host header", async () => {
  const { call } = await openApi();
  const statusBy = async (host: string) => (await call("/v1/status", { headers: { host } })).status;
  expect(await statusBy("evil.example")).toBe(403);
  expect(await statusBy("127.0.0.1.evil.example:8080")).toBe(403);
  expect(await statusBy("localhost:8080")).toBe(200);
  expect(await statusBy("till.local:8080")).toBe(200);
});

test("CAP6: a capture answers 201, and 200 when the header or the body repeats its idempotency key", async () => {
  const { post, call } = await openApi();
  const first = await post("/v1/captures", sale(), { "idempotency-key": "a1" });
  const second = await post("/v1/captures", sale({ idempotencyKey: "a1" }));
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.body).toEqual({ ...first.body, repeated: true });
  expect((await call("/v1/status")).body).toMatchObject({
    captured: 1,
    accepted: 0,
    closed: [],
    total: { captured: 1, golden: 0 },
  });
});

test("SEC2: what is refused names field and reason, and neither answer nor log repeats a value", async () => {
  const { post, lines } = await openApi();
  const secret = "ada@example.org";
  const answers = [
    await post("/v1/captures", { kind: "sale", lines: secret }),
    await post("/v1/captures", { kind: secret }),
    await post("/v1/captures", `{"customer":"${secret}`),
    await post("/v1/captures", `"${secret}"`, { "content-type": "text/plain" }),
    await post("/v1/captures", `"${secret.repeat(LIMITS.eventBytes / 10)}"`),
    await post("/v1/lookup", { query: [secret] }),
    await post("/v1/nothing", {}),
  ];
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 400, 400, 413, 422, 404]);
  expect(answers[0]?.body["errors"]).toEqual([{ field: "lines", reason: "must be array" }]);
  for (const { type } of answers) expect(type).toBe("application/problem+json");
  expect(JSON.stringify(answers)).not.toContain(secret);
  expect(lines.join()).not.toContain(secret);
});

test("a lookup and the journal answer what was captured", async () => {
  const { post, call } = await openApi();
  const customer = { email: "ada@example.org", givenName: "Ada" };
  const { body: sold } = await post("/v1/captures", sale({ customer, externalId: "77" }));
  const found = await post("/v1/lookup", { query: "ada" });
  expect(found.body["results"]).toMatchObject([
    { customer: sold["customer"], matchedBy: "name", pending: 2 },
  ]);
  const journal = await call("/v1/journal?after=0&limit=1");
  expect(journal.body["rows"]).toMatchObject([
    {
      seq: 1,
      kind: "sale",
      receipt: sold["receipt"],
      externalId: "77",
      acceptedMs: null,
      online: false,
    },
  ]);
  expect((await call("/v1/journal?limit=0")).status).toBe(422);
});

test("REC1: a drawer is opened, counted and closed by captures, and read as X and Z report", async () => {
  const { post, call } = await openApi();
  const captured = async (body: object): Promise<number> =>
    (await post("/v1/captures", body)).status;
  expect((await call("/v1/shift")).body).toEqual({ open: null, last: 0 });
  expect(await captured({ kind: "close" })).toBe(409);
  const businessDay = "2026-06-01";
  const float = [{ currency: "GBP", amountMinor: 10_000 }];
  expect(await captured({ kind: "open", businessDay, float })).toBe(201);
  const counted = [{ type: "cash", currency: "GBP", amountMinor: 9_000 }];
  expect(await captured({ kind: "count", counted })).toBe(201);
  expect((await call("/v1/shift")).body["open"]).toMatchObject({
    number: 1,
    compared: [{ differenceMinor: -1_000 }],
  });
  expect((await post("/v1/captures", { kind: "close" })).body["errors"]).toMatchObject([
    { field: "reason" },
  ]);
  expect((await call("/v1/shifts/1")).status).toBe(404);
  expect(await captured({ kind: "close", reason: "miscounted" })).toBe(201);
  expect((await call("/v1/shifts/1")).body).toMatchObject({ number: 1, reason: "miscounted" });
  const { body: day } = await call(`/v1/day?businessDay=${businessDay}`);
  expect(day).toMatchObject({ businessDay, shifts: [{ number: 1, state: "closed" }], seal: null });
  expect(await captured({ kind: "seal", businessDay })).toBe(201);
  expect((await call("/v1/day")).status).toBe(200);
  for (const path of ["/v1/shifts/0", "/v1/shifts/x", "/v1/day?businessDay=monday"]) {
    expect((await call(path)).status).toBe(422);
  }
});

test("a storage that cannot be written is 503, not the caller's fault", async () => {
  const { agent, post } = await openApi();
  await agent.close();
  const { status, body } = await post("/v1/captures", sale());
  expect([status, body["reason"]]).toEqual([503, "storage_unavailable"]);
});

test("the OpenAPI document is version 3.1 and describes every route", async () => {
  const { call } = await openApi();
  const { body } = await call("/openapi.json");
  expect(body["openapi"]).toBe("3.1.0");
  expect(Object.keys(body["paths"] as object).toSorted()).toEqual([
    "/health",
    "/metrics",
    "/v1/captures",
    "/v1/day",
    "/v1/journal",
    "/v1/lookup",
    "/v1/quarantine",
    "/v1/shift",
    "/v1/shifts/{number}",
    "/v1/status",
  ]);
});
