import { PROTOCOL } from "@regulars/shared/protocol/version";
import { customerIdOf } from "@regulars/shared/ids";
import { problemSchema } from "@regulars/shared/problem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EDGE, openTestApp, PERSON, type TestApp } from "./testing/app.ts";
import { emptyDatabase } from "./testing/database.ts";
import { createTill, eventsOf, fragmentsOf, keyOf } from "./testing/till.ts";

const card = keyOf("loyalty", "1001");

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return problemSchema.parse(await response.json());
}

describe("access", () => {
  test("SEC4 only the health answer, and what a person signs in by, is served without a token", async () => {
    expect(await (await central.get("/health", {})).json()).toEqual({ status: "ok" });
    const paths = [
      "/v1/totals", "/v1/writers", "/v1/feed",
      "/v1/events", "/v1/customers/x", "/v1/nothing", "/v1/intake/events", "/v1/status", "/v1/quarantine", "/v1/quarantine/replay", "/metrics",
      "/v1/policy", "/v1/policy/dry-run", "/v1/matching-policy", "/v1/resolution", "/v1/why", "/v1/potential-matches",
      "/v1/refusals", "/v1/stewards/decisions", "/v1/stewards/decisions/x/undo", "/v1/customers/x/how", "/v1/customers/x/history",
    ]; // prettier-ignore
    const strangers = [
      {},
      { authorization: "Bearer wrong" },
      { authorization: "Bearer" },
      { authorization: "Bearer §" },
      { authorization: `Basic ${btoa("console:wrong")}` },
      { authorization: `Basic ${btoa("somebody:pass word")}` },
      { authorization: "Basic central-token" },
    ];
    for (const path of paths) {
      for (const headers of strangers) {
        for (const method of ["GET", "POST", "PUT", "DELETE"]) {
          const response = await central.app.request(path, { method, headers });
          expect(response.status, `${method} ${path}`).toBe(401);
          expect((await problemOf(response)).reason).toBe("unauthorized");
        }
      }
    }
    expect(central.errors).toEqual([]);
  });

  test("SEC4 each role opens its own doors: the edge no page and no decision, a person no intake", async () => {
    for (const headers of [EDGE, PERSON]) {
      expect((await central.get("/", headers)).status).toBe(303);
      expect((await central.get("/customers/x", headers)).status).toBe(303);
    }
    expect((await central.post("/v1/intake/events", {}, PERSON)).status).toBe(401);
    expect((await central.post("/v1/intake/fragments", {}, PERSON)).status).toBe(401);
    expect((await central.page("/")).status).toBe(200);
    for (const path of [
      "/v1/stewards/decisions",
      "/v1/stewards/decisions/x/undo",
      "/v1/policy",
      "/v1/policy/dry-run",
      "/v1/matching-policy",
      "/v1/why",
    ]) {
      const edge = await central.post(path, {}, EDGE);
      const person = await central.post(path, {}, PERSON);
      expect({ path, status: edge.status }).toEqual({ path, status: 401 });
      expect({ path, status: person.status }).not.toEqual({ path, status: 401 });
    }
    for (const headers of [EDGE, PERSON]) {
      expect((await central.get("/v1/totals", headers)).status).toBe(200);
    }
  });
});

const explain = (more: Record<string, string>) =>
  central.app.request("/v1/exceptions/1/explain", {
    method: "POST",
    headers: { ...PERSON, "content-type": "text/plain", ...more },
    body: '{"version":1,"note":"x"}',
  });

describe("SEC1 what another site makes a browser send", () => {
  test("changes nothing, though the browser knows the password; programs name no site", async () => {
    for (const origin of ["https://evil.example", "null"]) {
      expect((await problemOf(await explain({ origin }))).reason).toBe("forbidden");
    }
    const own: Record<string, string>[] = [{}, { origin: "http://localhost" }];
    for (const headers of own) {
      expect((await problemOf(await explain(headers))).reason).toBe("unknown_exception");
    }
  });
});

describe("intake over HTTP", () => {
  test("SYN2 events and fragments come in and are answered", async () => {
    const till = createTill("till-1");
    const { item, fragment } = till.sale(100, [card]);
    const events = await central.post("/v1/intake/events", eventsOf("store-1", [item]));
    expect(await events.json()).toMatchObject({ journaled: [{ source: "till-1", seq: 1 }] });
    const fragments = await central.post("/v1/intake/fragments", fragmentsOf([fragment!]));
    expect(await fragments.json()).toMatchObject({ received: 1, refused: [] });
    expect(await (await central.get("/v1/writers")).json()).toMatchObject({
      writers: [{ source: "till-1", journaled: 1, golden: 1 }],
      next: null,
    });
    expect(await (await central.get("/v1/events?source=till-1&epoch=1")).json()).toEqual({
      events: [{ seq: 1, hash: item.hash }],
    });
    expect(await (await central.get("/v1/feed?limit=5")).json()).toMatchObject({
      feed: [{ n: expect.any(Number) as number, type: "created", customer: customerIdOf(card) }],
    });
    const customer = await central.get(`/v1/customers/${customerIdOf(card)}`);
    expect(await customer.json()).toMatchObject({ version: 1, golden: { keys: [card] } });
  });

  test("SYN9 a protocol that is not understood is refused before its form is looked at", async () => {
    const message = { protocol: 99, schema: 99, minReader: 99, whatever: true };
    const response = await central.post("/v1/intake/events", message);
    expect((await problemOf(response)).reason).toBe("unsupported_protocol");
    expect(response.status).toBe(426);
  });

  test("SYN9 a newer sender that old readers may read is understood, with fields nobody knows", async () => {
    const { item } = createTill("till-1").sale(100);
    const message = eventsOf("store-1", [{ ...item, later: 1 } as typeof item]);
    const response = await central.post("/v1/intake/events", {
      ...message,
      protocol: PROTOCOL + 1,
      minReader: PROTOCOL,
    });
    expect(response.status).toBe(200);
  });

  test("SEC2 bad input is answered with field and reason, never with its value, never with 500", async () => {
    const secret = "ann@example.org";
    const { item } = createTill("till-1").sale(100);
    const bad: [unknown, string][] = [
      [`{"store": "${secret}"`, "malformed_json"],
      ["", "malformed_json"],
      ["null", "invalid_field"],
      [[secret], "invalid_field"],
      [{ ...eventsOf("store-1", []), store: secret }, "invalid_field"],
      [eventsOf("store-1", [{ ...item, hash: secret }]), "invalid_field"],
      [eventsOf("store-1", [{ ...item, seq: 1.5 }]), "invalid_field"],
      [
        eventsOf(
          "store-1",
          Array.from({ length: 201 }, () => item),
        ),
        "invalid_field",
      ],
      ["x".repeat(9 * 1024 * 1024), "too_large"],
    ];
    for (const [body, reason] of bad) {
      const response = await central.post("/v1/intake/events", body);
      const text = await response.clone().text();
      expect((await problemOf(response)).reason).toBe(reason);
      expect(text).not.toContain(secret);
    }
    for (const path of [
      "/v1/events",
      `/v1/events?source=${encodeURIComponent(secret)}&epoch=1`,
      "/v1/events?source=till-1&epoch=x",
      "/v1/feed?limit=0",
      "/v1/feed?after=-1",
      "/v1/feed?after=1",
      "/v1/writers?limit=100000",
      "/v1/customers/x",
      "/v1/nothing",
    ]) {
      const response = await central.get(path);
      expect([404, 422]).toContain(response.status);
      expect(await response.text()).not.toContain(secret);
    }
    expect(central.errors).toEqual([]);
  });
});
