/** The edge's own description, taken at its word: what it describes is sent, and near it; what comes back must be in it. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type House, openHouse } from "../house.ts";
import { type IdentityProvider, openIdentityProvider } from "../identity-provider.ts";
import { ACCOUNT, openShop } from "../shop.ts";
import { enrolTill } from "../till-token.ts";
import { findSqld } from "../storage/sqld.ts";
import {
  type ApiDocument,
  documentSchema,
  type Operation,
  operationsOf,
} from "./open-api/document.ts";
import { fromSchema, nearly } from "./open-api/from-schema.ts";
import { type Answer, createJudge } from "./open-api/judge.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_126);
const PER_OPERATION = Number(process.env["FUZZ_RUNS"] ?? 60);

/** Never ends by itself. */
const isStream = ({ path }: Operation): boolean => path.endsWith("/live");

/** Needs more than a form: a signature, a code, the right hash. */
const HARD = new Set([
  "post /v1/webhooks/{account}",
  "post /v1/tills/enrol",
  "post /v1/tills/token",
  "post /v1/push",
  "post /v1/pull",
  "post /v1/publish",
  "post /v1/compare/profiles",
  "post /v1/compare/mend",
  "post /v1/compare/journal",
  "get /v1/poke",
  // A zone and a country that there are, an id that is that of the path: it has a test of its own.
  "put /v1/accounts/{id}",
]);

interface FuzzCaller {
  readonly token: string | null;
  /** As the document names it: a scheme, or scopes of a key. */
  readonly is: readonly string[];
}

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

describe.skipIf(!findSqld())("the edge's OpenAPI document", { timeout: 300_000 }, () => {
  let house: House;
  let idp: IdentityProvider;
  let document: ApiDocument;
  /** Names that lead somewhere, so that not every path is one to nowhere. */
  const known: Record<string, string[]> = {};
  const callers: FuzzCaller[] = [
    { token: null, is: [] },
    { token: "wrong", is: [] },
  ];

  beforeAll(async () => {
    idp = await openIdentityProvider("web");
    const edgeSettings = { ...idp.settings, APP_ACCOUNT: "fuzz-app" };
    house = await openHouse([], 26_500, { edgeSettings });
    const { edgeUrl } = house.system;
    const { centralToken } = house.secrets;
    const shop = await openShop(edgeUrl, centralToken, [
      { id: "fuzz-shop", kind: "segment" },
      { id: "fuzz-files", kind: "events" },
      { id: "fuzz-app", kind: "app" },
      { id: "fuzz-shopify", kind: "shopify", secrets: { webhookSecret: "a secret of the shop's" } },
    ]);
    const scopes = ["segment", "webhooks", "events", "profiles", "profiles:write", "intake"];
    const key = await shop.keyOf("fuzz-files", scopes);
    const shopKey = await shop.keyOf("fuzz-shop", ["segment"]);
    const till = { source: "till-1", store: "store-1" };
    callers.push(
      { token: key, is: scopes },
      { token: shopKey, is: ["segment"] },
      { token: centralToken, is: ["centre"] },
      { token: await idp.tokenOf({ sub: "u1" }), is: ["customer"] },
      { token: await idp.tokenOf({ sub: "nobody-yet" }), is: ["customer"] },
      { token: await idp.tokenOf({ sub: "s1", role: "associate" }), is: ["associate"] },
      { token: await idp.tokenOf({ sub: "s2", role: "service_desk" }), is: ["desk"] },
      { token: await enrolTill(edgeUrl, centralToken, till), is: ["till"] },
    );
    document = documentSchema.parse(await (await fetch(`${edgeUrl}/openapi.json`)).json());
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const say = (path: string, body: object) =>
      shop.send(path, { method: "POST", headers, body: JSON.stringify(body) });
    await say("/v1/identify", {
      userId: "u1",
      messageId: "m1",
      traits: { email: "f@example.com", phone: "+442079460018" },
    });
    // What cannot be used fills the desk.
    await say("/v1/track", { messageId: "m2", event: "Order Completed", userId: "u1" });
    await say("/v1/batch", { batch: ["no message"] });
    known["customer"] = ["me", await customerOf(edgeUrl, centralToken)];
    known["account"] = ["fuzz-shop", "fuzz-files", "fuzz-shopify"];
    known["id"] = ["fuzz-shop", "fuzz-files"];
    known["shop"] = ["web-uk"];
    known["n"] = ["1", "2", "3"];
    known["item"] = known["n"].map((n) => `web-uk/${n}`);
    known["like"] = known["item"];
    known["email"] = ["f@example.com"];
    // Not the one that is called with, which would be shut out.
    known["source"] = ["fuzz-till"];
    known["store"] = ["store-1"];
    known["fields"] = ["identity", "identity,contact,purchases", "notes"];
    // To be ended: not those that are called with.
    const spare = await Promise.all([1, 2, 3].map(() => shop.keyOf("fuzz-shop", ["segment"])));
    known["key"] = spare.map((each) => each.split("_")[1] ?? "");
  }, 60_000);

  afterAll(async () => {
    await house?.close();
    await idp?.close();
  });

  /** With what is known in its place. */
  function knowing(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    return fc.tuple(value, fc.nat()).map(([whole, at]) => {
      if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return whole;
      const entries = Object.entries(whole).map(([name, each]: [string, unknown]) => {
        const names = known[name] ?? [];
        return [name, typeof each === "string" ? (names[at % names.length] ?? each) : each];
      });
      return Object.fromEntries(entries) as unknown;
    });
  }

  /** More often of those who may. */
  function tokensFor({ security = [] }: Operation): fc.Arbitrary<string | null> {
    const named = security.flatMap((each) => Object.entries(each).flatMap(([k, v]) => [k, ...v]));
    const allowed = callers.filter(({ is }) => is.some((name) => named.includes(name)));
    const any = fc.constantFrom(...callers);
    const arbitrary = allowed.length === 0 ? any : fc.oneof(any, fc.constantFrom(...allowed));
    return arbitrary.map(({ token }) => token);
  }

  function callsOf(operation: Operation): fc.Arbitrary<Call> {
    const parameters = (operation.parameters ?? []).map((parameter) => {
      const valid = fromSchema(document, parameter.schema ?? { type: "string" });
      const names = known[parameter.name] ?? known[parameter.name.replace(/Id$/, "")] ?? [];
      const value = names.length > 0 ? fc.oneof(fc.constantFrom(...names), valid) : valid;
      const isNeeded = parameter.in === "path" || parameter.required === true;
      return fc
        .tuple(value, fc.integer({ min: 0, max: 9 }))
        .map(([each, dice]) => ({ parameter, value: isNeeded || dice < 6 ? each : undefined }));
    });
    const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
      ([type, { schema }]) => {
        const valid = fromSchema(document, schema ?? {});
        const text = fc.oneof(
          { weight: 4, arbitrary: valid.map((value) => textOf(type, value)) },
          { weight: 2, arbitrary: knowing(valid).map((value) => textOf(type, value)) },
          { weight: 3, arbitrary: nearly(valid).map((value) => textOf(type, value)) },
          { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
          { weight: 1, arbitrary: valid.map((value) => textOf(type, value).slice(0, -2)) },
        );
        return text.map((body) => ({ type, body }));
      },
    );
    const body = bodies.length === 0 ? fc.constant(null) : fc.oneof(...bodies);
    return fc
      .tuple(fc.tuple(...parameters), body, tokensFor(operation))
      .map(([given, sent, token]) => {
        let path = operation.path;
        const query = new URLSearchParams();
        const headers = new Headers();
        for (const { parameter, value } of given) {
          if (value === undefined) continue;
          const text = typeof value === "string" ? value : JSON.stringify(value);
          if (parameter.in === "path") {
            path = path.replace(`{${parameter.name}}`, encodeURIComponent(text) || "none");
          } else if (parameter.in === "query") query.set(parameter.name, text.toWellFormed());
          else if (/^[\x20-\x7e]*$/.test(text)) headers.set(parameter.name, text.trim());
        }
        if (token !== null) headers.set("authorization", `Bearer ${token}`);
        if (sent) headers.set("content-type", sent.type);
        const search = query.size > 0 ? `?${query.toString()}` : "";
        const url = `${house.system.edgeUrl}${path}${search}`;
        const method = operation.method.toUpperCase();
        return { url, init: { method, headers, ...(sent ? { body: sent.body } : {}) } };
      });
  }

  test("SEC2, SEC4: no 5xx, no status and no form that is not in it", async () => {
    const judge = createJudge(document);
    const operations = operationsOf(document).filter((each) => !isStream(each));
    expect(operations.length).toBeGreaterThan(20);
    const wrong = new Map<string, number>();
    const seen = new Set<number>();
    const turnedAway: string[] = [];
    for (const operation of operations) {
      const calls = fc.sample(callsOf(operation), { seed: SEED, numRuns: PER_OPERATION });
      const of = new Set<number>();
      for (const { url, init } of calls) {
        const answer = await send(url, init);
        seen.add(answer.status);
        of.add(answer.status);
        const verdict = judge(operation, answer);
        if (verdict === null) continue;
        const what = `${operation.method} ${operation.path}: ${verdict}`;
        wrong.set(what, (wrong.get(what) ?? 0) + 1);
      }
      if (![...of].some((status) => status < 300)) {
        turnedAway.push(`${operation.method} ${operation.path}`);
      }
    }
    expect(Object.fromEntries(wrong), `seed ${SEED}`).toEqual({});
    // It is no test if everything is turned away at the door.
    for (const status of [200, 401, 403, 404, 422]) expect(seen).toContain(status);
    // With fewer calls, chance alone may keep them from some.
    const unreached = PER_OPERATION < 60 ? [] : turnedAway.filter((each) => !HARD.has(each));
    expect(unreached).toEqual([]);
  });

  test("SEC1: an account that is set up answers in the form that is described", async () => {
    const judge = createJudge(document);
    const put = operationsOf(document).find(
      ({ path, method }) => path === "/v1/accounts/{id}" && method === "put",
    );
    const answer = await send(`${house.system.edgeUrl}/v1/accounts/fuzz-new`, {
      method: "PUT",
      headers: { authorization: `Bearer ${house.secrets.centralToken}` },
      body: JSON.stringify({ ...ACCOUNT, kind: "segment" }),
    });
    expect(answer.status).toBe(200);
    expect(judge(put!, answer)).toBeNull();
  });

  test("EDG3: a live stream begins with the event that is described, of the form that a read has", async () => {
    const judge = createJudge(document);
    const read = operationsOf(document).find(({ path }) => path === "/v1/customers/{customer}");
    const response = await fetch(
      `${house.system.edgeUrl}/v1/customers/${known["customer"]?.at(-1)}/live`,
      { headers: { authorization: `Bearer ${house.secrets.centralToken}` } },
    );
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let text = "";
    const chunks = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const chunk of chunks as AsyncIterable<string>) {
      text += chunk;
      if (/^data: .*\n\n/m.test(text)) break;
    }
    const [, event, id, data = ""] = /event: (.*)\nid: (\d+)\ndata: (.*)\n\n/.exec(text) ?? [];
    expect(event).toBe("profile");
    expect(JSON.parse(data)).toMatchObject({ version: Number(id) });
    expect(judge(read!, { status: 200, type: "application/json", text: data })).toBeNull();
  });
});

async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  const type = response.headers.get("content-type") ?? "";
  return { status: response.status, type, text: await response.text() };
}

function textOf(type: string, value: unknown): string {
  if (!type.includes("json") && typeof value === "string") return value;
  return type.includes("ndjson") && Array.isArray(value)
    ? value.map((line) => JSON.stringify(line)).join("\n")
    : JSON.stringify(value);
}

/** Whoever was just identified, once they are in a profile. */
async function customerOf(edgeUrl: string, token: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${edgeUrl}/v1/customers/lookup`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ email: "f@example.com" }),
    });
    const { customer } = (await response.json()) as { customer?: string };
    if (customer !== undefined) return customer;
  }
}
