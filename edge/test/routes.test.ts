import { reset } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { problemSchema } from "@regulars/shared/problem";
import { lookupAnswerSchema } from "@regulars/shared/protocol/lookup";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { customerAnswerSchema } from "../src/serve/view-schema.ts";
import { CENTRE, tillToken } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const agent = (): Promise<string> => tillToken("till-1", "one");

/** With the digest of the body, as till and centre send it. */
async function call(path: string, token: string | null, message?: unknown): Promise<Response> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const url = `https://edge.test${path}`;
  if (message === undefined) return exports.default.fetch(url, { headers: authorization });
  const body = typeof message === "string" ? message : JSON.stringify(message);
  const headers = { ...authorization, [CONTENT_DIGEST]: contentDigestOf(body) };
  return exports.default.fetch(url, { method: "POST", body, headers });
}

async function annaBuys(amount = 100): Promise<ReturnType<typeof openTill>> {
  const till = openTill("till-1", "one");
  await inbox("one").push(
    till.push([till.capture(keysOf({ email: "anna@example.com" }), sale(amount))]),
  );
  await until(
    () => pullAll("one", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
  return till;
}

test("SEC2: a look-up carries its value in the body and finds the profile however it was typed", async () => {
  await annaBuys();
  const given = { email: " ANNA@Example.com " };
  const response = await call("/v1/customers/lookup", CENTRE, given);
  const answer = customerAnswerSchema.parse(await response.json());
  expect(answer.profile.purchases?.totals["GBP"]).toEqual({ sales: 1, returns: 0, minor: 100 });
  const read = await call(`/v1/customers/${answer.customer}`, CENTRE);
  expect(customerAnswerSchema.parse(await read.json())).toEqual(answer);
  // A till is answered in the words of its protocol.
  const till = await call("/v1/customers/lookup", await agent(), given);
  const { profile } = lookupAnswerSchema.parse(await till.json());
  expect(profile).toMatchObject({ customer: answer.customer, version: answer.version });
});

test("SEC2: refusals name field and reason, and repeat nothing of what was sent", async () => {
  const secret = "marked-value-7f3a";
  const answers = await Promise.all([
    call("/v1/customers/lookup", CENTRE, { email: secret }),
    call("/v1/customers/lookup", CENTRE, { phone: [secret] }),
    call("/v1/customers/lookup", CENTRE, `{"email": "${secret}`),
    call("/v1/push", await agent(), {
      ...THIS_VERSION,
      store: secret.toUpperCase(),
      items: [secret],
    }),
    call("/v1/pull", await agent(), { ...THIS_VERSION, source: secret, cursor: { at: secret } }),
    call("/v1/publish", CENTRE, { decisions: [{ kind: secret }] }),
    call(`/v1/customers/${secret}`, CENTRE),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const text = await answer.text();
    expect(text.toLowerCase()).not.toContain(secret);
    problemSchema.parse(JSON.parse(text));
  }
});

test("SYN9: a message that needs a newer reader is refused with a code, before its content is looked at", async () => {
  const newer = { protocol: 99, schema: 99, minReader: 99, letter: "from the future" };
  const answer = await call("/v1/push", await agent(), newer);
  expect(answer.status).toBe(426);
  expect(await answer.json()).toMatchObject({ reason: "unsupported_protocol" });
});

test("SYN10: a body over the limit is refused, whether its length is announced or not", async () => {
  const big = "x".repeat(9 * 1024 * 1024);
  expect((await call("/v1/push", await agent(), big)).status).toBe(413);
});

const pushBytes = async (body: Uint8Array, headers: Record<string, string>) =>
  exports.default.fetch("https://edge.test/v1/push", {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${await tillToken("till-1", "bent")}`, ...headers },
  });

test("SYN5: a message of which one byte was flipped on its way is not taken, and neither is one without a digest", async () => {
  const till = openTill("till-1", "bent");
  const body = JSON.stringify(till.push([till.capture([], sale(100))]));
  const digest = contentDigestOf(body);
  const bytes = new TextEncoder().encode(body);
  for (let at = 0; at < bytes.length; at += 7) {
    const bent = Uint8Array.from(bytes);
    bent[at]! ^= 1 << (at % 7);
    expect((await pushBytes(bent, { [CONTENT_DIGEST]: digest })).status).toBeGreaterThanOrEqual(
      400,
    );
  }
  expect((await pushBytes(bytes, {})).status).toBe(400);
  expect((await pullAll("bent", "till-1")).marks.accepted).toBe(0);
  const answer = await pushBytes(bytes, { [CONTENT_DIGEST]: digest });
  expect(answer.headers.get(CONTENT_DIGEST)).toBe(contentDigestOf(await answer.text()));
});
