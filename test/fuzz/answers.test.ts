/** One bit of an answer of the edge turned round, wherever it is. */
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { expect, test } from "vitest";
import { createEdgeClient } from "../../store-agent/src/sync/edge-client.ts";
import { fixedCredentials } from "../../store-agent/testing/credentials.ts";
import { everyFlip } from "./bend.ts";
import { insist } from "./insist.ts";

const pull = { ...THIS_VERSION, store: "store-1", source: "till-1", epoch: 1, cursor: null };
const push = { ...pull, sentAtMs: 1, items: [] };
const marks = { accepted: 7, merged: 7, golden: 5 };
const pulled = {
  ...THIS_VERSION,
  changes: [],
  cursor: "g1/1",
  resync: false,
  more: false,
  marks,
  serverTimeMs: 1,
};
const pushed = {
  ...THIS_VERSION,
  outcome: "accepted",
  marks,
  quarantined: [{ seq: 3, code: "not_an_event" }],
  serverTimeMs: 1,
  pace: { maxBatchBytes: 1_000, retryAfterMs: 0 },
};

test.each([
  ["pull", pulled],
  ["push", pushed],
])(
  "SYN5: every bit of the answer to a %s that is turned round on its way is noticed, and nothing is taken from it",
  async (kind, message) => {
    const text = JSON.stringify(message);
    const bytes = new TextEncoder().encode(text);
    const headers = { [CONTENT_DIGEST]: contentDigestOf(text) };
    let body = bytes;
    const edge = createEdgeClient({
      edgeUrl: "https://edge.example/",
      credentials: fixedCredentials("secret-token"),
      timeoutMs: LIMITS.requestTimeoutMs,
      closing: new AbortController().signal,
      fetch: () => Promise.resolve(new Response(body, { headers })),
    });
    const ask = () => (kind === "pull" ? edge.pull(pull) : edge.push(push));
    let noticed = 0;
    for (const bent of everyFlip(bytes)) {
      body = bent;
      const answer = await ask();
      insist(!answer.ok && answer.reason.code === "malformed", `flip ${noticed}`);
      noticed += 1;
    }
    expect(noticed).toBe(bytes.length * 8);
    body = bytes;
    expect(await ask()).toEqual({ ok: true, value: message });
  },
);
