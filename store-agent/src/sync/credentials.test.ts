import { generateKeyPairSync, sign } from "node:crypto";
import { RESEALED_EPOCHS } from "@regulars/shared/ids";
import { problemOf, type ProblemReason } from "@regulars/shared/problem";
import { expect, test } from "vitest";
import { createCredentials } from "./credentials.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const key = {
  publicKey: "k".repeat(43),
  sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString("base64url"),
};

interface Office {
  state: "unknown" | "enrolled" | "revoked" | "away";
  code: string | null;
}

function no(reason: ProblemReason): Response {
  const problem = problemOf(reason);
  return Response.json(problem, { status: problem.status });
}

/** An edge that gives out numbered tokens of ten minutes, and what it was asked. */
function open(office: Office, code?: string) {
  const asked: string[] = [];
  let now = 0;
  let tokens = 0;
  const credentials = createCredentials({
    edgeUrl: "https://edge.example/",
    source: "till-1",
    store: "store-1",
    code,
    key: () => Promise.resolve(key),
    timeoutMs: 1_000,
    closing: new AbortController().signal,
    elapsedMs: () => now,
    fetch: async (input, init) => {
      if (!(input instanceof URL) || typeof init?.body !== "string")
        throw new Error("not so called");
      const path = input.pathname.replace("/v1/tills/", "");
      if (office.state === "away") throw new TypeError("fetch failed");
      const body = JSON.parse(init.body) as { code?: string; assertion?: string };
      if (path === "challenge") return Response.json({ nonce: "n" });
      if (path === "enrol") {
        asked.push("enrol");
        if (body.code !== office.code) return no("bad_code");
        office.state = "enrolled";
        return Response.json({ source: "till-1", store: "store-1" }, { status: 201 });
      }
      const [, payload = ""] = body.assertion?.split(".") ?? [];
      const said = JSON.parse(Buffer.from(payload, "base64url").toString()) as { epoch: number };
      asked.push(`token ${said.epoch}`);
      if (office.state === "revoked") return no("revoked");
      if (office.state === "unknown") return no("not_enrolled");
      const expiresAt = "2026-01-01T00:00:00Z"; // long past by this till's clock, which may be wrong
      return Response.json({ token: `t${++tokens}`, expiresInMs: 600_000, expiresAt });
    },
  });
  return {
    asked,
    credentials,
    pass: (ms: number): void => {
      now += ms;
    },
  };
}

const failed = (code: string) => ({ ok: false, reason: { code, retryAfterMs: 0 } });
const given = (value: string) => ({ ok: true, value });

test("SEC1: a till with a code is let in once, and then lives on its key", async () => {
  const { asked, credentials } = open({ state: "unknown", code: "c" }, "c");
  expect(await credentials.tokenFor()).toEqual(failed("unreachable")); // before there is an epoch
  expect(await credentials.tokenFor(1)).toEqual(given("t1"));
  expect(asked).toEqual(["token 1", "enrol", "token 1"]);
  const restarted = open({ state: "enrolled", code: null }, "c");
  expect(await restarted.credentials.tokenFor(1)).toEqual(given("t1"));
  expect(restarted.asked).toEqual(["token 1"]);
});

test("SEC1: a token is kept until most of its time is over, by a clock that nobody sets", async () => {
  const { asked, credentials, pass } = open({ state: "enrolled", code: null });
  for (const epoch of [2, 1, 2]) expect(await credentials.tokenFor(epoch)).toEqual(given("t1"));
  expect(await credentials.tokenFor(RESEALED_EPOCHS + 7)).toEqual(given("t1"));
  expect(await credentials.tokenFor()).toEqual(given("t1"));
  pass(449_000);
  expect(await credentials.tokenFor(2)).toEqual(given("t1"));
  pass(2_000);
  expect(await credentials.tokenFor(1)).toEqual(given("t2"));
  expect(await credentials.tokenFor(3)).toEqual(given("t3"));
  expect(asked).toEqual(["token 2", "token 2", "token 3"]);
});

test("SEC1: while the edge is away a token is used to its end, and not a moment longer", async () => {
  const office: Office = { state: "enrolled", code: null };
  const { credentials, pass } = open(office);
  expect(await credentials.tokenFor(1)).toEqual(given("t1"));
  office.state = "away";
  pass(599_000);
  expect(await credentials.tokenFor(1)).toEqual(given("t1"));
  expect(await credentials.tokenFor(2), "not for a newer epoch").toEqual(failed("unreachable"));
  pass(2_000);
  expect(await credentials.tokenFor(1)).toEqual(failed("unreachable"));
});

test("SEC1: whoever asks at the same moment shares one question", async () => {
  const { asked, credentials } = open({ state: "enrolled", code: null });
  const both = await Promise.all([1, 1, 2, 1].map((epoch) => credentials.tokenFor(epoch)));
  expect(both.every(({ ok }) => ok)).toBe(true);
  expect(asked.length).toBeLessThanOrEqual(2);
});

test.each(["unknown", "revoked"] as const)("SEC1: a till that is %s is told so", async (state) => {
  const code = state === "unknown" ? "not_enrolled" : "revoked";
  const { credentials } = open({ state, code: null });
  expect(await credentials.tokenFor(1)).toEqual(failed(code));
});

test("SEC1: a till whose code is not accepted is told that it is the code", async () => {
  const office: Office = { state: "unknown", code: "other" };
  const { asked, credentials } = open(office, "used");
  for (let n = 0; n < 3; n++) expect(await credentials.tokenFor(1)).toEqual(failed("bad_code"));
  expect(asked.filter((each) => each === "enrol")).toHaveLength(1);
  office.state = "away";
  expect(await credentials.tokenFor(1)).toEqual(failed("unreachable"));
  office.state = "enrolled";
  expect(await credentials.tokenFor(1)).toEqual(given("t1"));
});

test("SEC1: a code that was refused is not sent again and again", async () => {
  const { asked, credentials } = open({ state: "revoked", code: null }, "old");
  for (let n = 0; n < 3; n++) expect(await credentials.tokenFor(1)).toEqual(failed("revoked"));
  expect(asked.filter((each) => each === "enrol")).toHaveLength(1);
});

test("SEC1: a till that was revoked comes back with a new code", async () => {
  const office: Office = { state: "enrolled", code: "new" };
  const { credentials } = open(office, "new");
  const first = await credentials.tokenFor(1);
  expect(first).toEqual(given("t1"));
  office.state = "revoked";
  credentials.forget("t1");
  expect(await credentials.tokenFor(1)).toEqual(given("t2"));
});
