import { gunzipSync } from "node:zlib";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { expect, test } from "vitest";
import { fixedCredentials } from "../../testing/credentials.ts";
import { STORE } from "../../testing/settings.ts";
import { createEdgeClient } from "./edge-client.ts";

const pull = { ...THIS_VERSION, store: STORE, source: "till-1", epoch: 1, cursor: null };
const answer = {
  ...THIS_VERSION,
  changes: [],
  cursor: "g1/1",
  resync: false,
  more: false,
  marks: { accepted: 0, merged: 0, golden: 0 },
  serverTimeMs: 1,
};

const pushed = {
  ...THIS_VERSION,
  outcome: "accepted",
  marks: { accepted: 1, merged: 0, golden: 0 },
  quarantined: [],
  serverTimeMs: 1,
  pace: { maxBatchBytes: 1_000_000, retryAfterMs: 0 },
};

function client(respond: (url: string, init: RequestInit) => Response | Promise<Response>) {
  return createEdgeClient({
    edgeUrl: "https://edge.example/regulars/",
    credentials: fixedCredentials("secret-token"),
    timeoutMs: LIMITS.requestTimeoutMs,
    closing: new AbortController().signal,
    fetch: async (input, init) =>
      respond(input instanceof Request ? input.url : String(input), init ?? {}),
  });
}

/** Answers as the edge does, with the digest of what it says. */
async function whole(message: object): Promise<Response> {
  const text = JSON.stringify(message);
  return new Response(text, { headers: { [CONTENT_DIGEST]: contentDigestOf(text) } });
}

test("asks under the edge's own path with the token, and parses the answer", async () => {
  const asked: unknown[] = [];
  const edge = client((url, init) => {
    asked.push(url, init.method, new Headers(init.headers).get("authorization"));
    return whole(answer);
  });
  expect(await edge.pull(pull)).toEqual({ ok: true, value: answer });
  expect(asked).toEqual(["https://edge.example/regulars/v1/pull", "POST", "Bearer secret-token"]);
});

test.each([
  [() => Promise.reject(new TypeError("fetch failed")), "unreachable", 0],
  [() => new Response("bad gateway", { status: 502 }), "unreachable", 0],
  [() => new Response("", { status: 503, headers: { "retry-after": "3" } }), "unreachable", 3_000],
  [() => new Response("", { status: 429, headers: { "retry-after": "7" } }), "overloaded", 7_000],
  [() => new Response("", { status: 401 }), "unauthorized", 0],
  [() => new Response("", { status: 403 }), "unauthorized", 0],
  [() => new Response("", { status: 426 }), "unsupported", 0],
  [() => new Response("", { status: 422 }), "malformed", 0],
  [() => new Response("<html>"), "malformed", 0],
  [() => Response.json({ ...answer, marks: null }), "malformed", 0],
  [() => Response.json({ ...answer, minReader: 99 }), "unsupported", 0],
] as const)(
  "SYN7: each failure is one of a closed list (%#: %s)",
  async (respond, code, retryAfterMs) => {
    expect(await client(respond).pull(pull)).toEqual({ ok: false, reason: { code, retryAfterMs } });
  },
);

test("SYN5: an answer of which one bit was flipped is no answer, wherever it was", async () => {
  const text = JSON.stringify(answer);
  const digest = contentDigestOf(text);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at++) {
    const bent = Uint8Array.from(bytes);
    bent[at] = bytes[at]! ^ (1 << (at % 7));
    const edge = client(() => new Response(bent, { headers: { [CONTENT_DIGEST]: digest } }));
    expect(await edge.pull(pull)).toMatchObject({ ok: false, reason: { code: "malformed" } });
  }
  const edge = client(() => Response.json(answer));
  expect(await edge.pull(pull), "without a digest").toMatchObject({ ok: false });
});

test("SYN5: a request carries the digest of its body", async () => {
  const sent: (string | null)[] = [];
  const edge = client(async (_url, init) => {
    const body = typeof init.body === "string" ? init.body : "";
    sent.push(new Headers(init.headers).get(CONTENT_DIGEST), contentDigestOf(body));
    return whole(answer);
  });
  await edge.pull(pull);
  expect(sent[0]).toBe(sent[1]);
});

// The longer one in another thread.
test.each([4_000, 40_000])(
  "SYN9: %i characters are packed for an edge that says it unpacks, and for no other",
  async (chars) => {
    const push = {
      ...THIS_VERSION,
      store: STORE,
      source: "till-1",
      epoch: 1,
      sentAtMs: 1,
      items: [],
    };
    const body = JSON.stringify({ kind: "note", body: { text: "tea ".repeat(chars / 4) } });
    const item = { seq: 1, prev: "0".repeat(64), hash: "1".repeat(64), body, updates: [] };
    const sent: { encoding: string | null; said: unknown; isWhole: boolean }[] = [];
    const answers = [
      { takes: "gzip", status: 200 },
      { takes: "gzip", status: 200 },
      { takes: "", status: 400 }, // another edge, which knows no gzip
      { takes: "", status: 200 },
    ];
    const edge = client(async (_url, init) => {
      const headers = new Headers(init.headers);
      const encoding = headers.get("content-encoding");
      const bytes = new Uint8Array(await new Response(init.body).arrayBuffer());
      const text = new TextDecoder().decode(encoding === "gzip" ? gunzipSync(bytes) : bytes);
      const isWhole = headers.get(CONTENT_DIGEST) === contentDigestOf(text);
      sent.push({ encoding, said: JSON.parse(text), isWhole });
      const { takes = "", status = 500 } = answers.shift() ?? {};
      const response = await whole({ ...pushed, status });
      response.headers.set("accept-encoding", takes);
      return new Response(response.body, { status, headers: response.headers });
    });
    for (let at = 0; at < 4; at++) await edge.push({ ...push, items: [item] });
    const said = { ...push, items: [item] };
    expect(sent.map(({ encoding }) => encoding)).toEqual([null, "gzip", "gzip", null]);
    expect(sent.every((each) => each.isWhole)).toBe(true);
    expect(sent.map((each) => each.said)).toEqual([said, said, said, said]);
  },
);

test("SYN9: an edge of protocol 1, which sends no digest, is understood", async () => {
  const old = { ...answer, protocol: 1, schema: 1, minReader: 1 };
  const edge = client(() => Response.json(old));
  expect(await edge.pull(pull)).toEqual({ ok: true, value: old });
});

test("a customer whom nobody knows is an answer, not a failure", async () => {
  const edge = client(() => new Response("", { status: 404 }));
  expect(await edge.lookup({ email: "ada@example.org" })).toEqual({ ok: true, value: null });
});

test("SEC1: a token that is not taken any more is asked for anew, once", async () => {
  const tokens = ["ended", "new", "newer"];
  const sent: (string | null)[] = [];
  const edge = createEdgeClient({
    edgeUrl: "https://edge.example/",
    credentials: {
      tokenFor: () => Promise.resolve({ ok: true, value: tokens[0] ?? "" }),
      forget: (token) => void tokens.splice(tokens.indexOf(token), 1),
    },
    timeoutMs: LIMITS.requestTimeoutMs,
    closing: new AbortController().signal,
    fetch: async (_input, init) => {
      const bearer = new Headers(init?.headers).get("authorization");
      sent.push(bearer);
      return bearer === "Bearer new" ? whole(answer) : new Response("", { status: 401 });
    },
  });
  expect(await edge.pull(pull)).toMatchObject({ ok: true });
  expect(sent).toEqual(["Bearer ended", "Bearer new"]);
});
