/** The edge's own description, taken at its word: what it describes is sent, and near it; what comes back must be in it. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type House, openHouse } from "../house.ts";
import { openShop } from "../shop.ts";
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

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

describe.skipIf(!findSqld())("the edge's OpenAPI document", { timeout: 300_000 }, () => {
  let house: House;
  let document: ApiDocument;
  /** Names that lead somewhere, so that not every path is one to nowhere. */
  const known: Record<string, string[]> = {};
  const tokens: (string | null)[] = [null, "wrong"];

  beforeAll(async () => {
    house = await openHouse([], 46_500);
    const { edgeUrl } = house.system;
    const shop = await openShop(edgeUrl, house.secrets.centralToken, [
      { id: "fuzz-shop", kind: "segment" },
      { id: "fuzz-files", kind: "events" },
    ]);
    const scopes = ["segment", "webhooks", "events", "profiles", "profiles:write", "intake"];
    const key = await shop.keyOf("fuzz-files", scopes);
    tokens.push(key, await shop.keyOf("fuzz-shop", ["segment"]), house.secrets.centralToken);
    document = documentSchema.parse(await (await fetch(`${edgeUrl}/openapi.json`)).json());
    await shop.send("/v1/identify", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ userId: "u1", messageId: "m1", traits: { email: "f@example.com" } }),
    });
    known["account"] = ["fuzz-shop", "fuzz-files"];
    known["shop"] = ["web-uk"];
    known["customer"] = ["me"];
  }, 60_000);

  afterAll(() => house?.close());

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
          { weight: 5, arbitrary: valid.map((value) => textOf(type, value)) },
          { weight: 3, arbitrary: nearly(valid).map((value) => textOf(type, value)) },
          { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
          { weight: 1, arbitrary: valid.map((value) => textOf(type, value).slice(0, -2)) },
        );
        return text.map((body) => ({ type, body }));
      },
    );
    const body = bodies.length === 0 ? fc.constant(null) : fc.oneof(...bodies);
    return fc
      .tuple(fc.tuple(...parameters), body, fc.constantFrom(...tokens))
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
    for (const operation of operations) {
      const calls = fc.sample(callsOf(operation), { seed: SEED, numRuns: PER_OPERATION });
      for (const { url, init } of calls) {
        const answer = await send(url, init);
        seen.add(answer.status);
        const verdict = judge(operation, answer);
        if (verdict === null) continue;
        const what = `${operation.method} ${operation.path}: ${verdict}`;
        wrong.set(what, (wrong.get(what) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(wrong), `seed ${SEED}`).toEqual({});
    // It is no test if everything is turned away at the door.
    for (const status of [200, 401, 403, 404, 422]) expect(seen).toContain(status);
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
