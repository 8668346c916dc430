import { expect, test } from "vitest";
import { fixedCredentials } from "../../testing/credentials.ts";
import { STORE } from "../../testing/settings.ts";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { createEdgeClient } from "./edge-client.ts";
import { within } from "./within.ts";

/** Of a network that has forgotten the call. */
const forever = (): Promise<never> => Promise.withResolvers<never>().promise;

test("SYN7: a call that nobody ends is over after its time, and counts as one that was not answered", async () => {
  const edge = createEdgeClient({
    edgeUrl: "https://edge.example/",
    credentials: fixedCredentials("secret-token"),
    timeoutMs: 5,
    closing: new AbortController().signal,
    fetch: forever,
  });
  const pull = { ...THIS_VERSION, store: STORE, source: "till-1", epoch: 1, cursor: null };
  expect(await edge.pull(pull)).toEqual({
    ok: false,
    reason: { code: "unreachable", retryAfterMs: 0 },
  });
});

test("when the till closes, its calls are over at once and told so", async () => {
  const closing = new AbortController();
  let told: AbortSignal | undefined;
  const call = within({ timeoutMs: 60_000, closing: closing.signal }, (signal) => {
    told = signal;
    return forever();
  });
  closing.abort();
  await expect(call).rejects.toThrow("not answered in time");
  expect(told?.aborted).toBe(true);
  const later = within({ timeoutMs: 60_000, closing: closing.signal }, forever);
  await expect(later).rejects.toThrow("aborted");
});

test("what is answered in time is passed on, and so is a refusal", async () => {
  const bounds = { timeoutMs: 60_000, closing: new AbortController().signal };
  expect(await within(bounds, () => Promise.resolve(7))).toBe(7);
  const refused = within(bounds, () => Promise.reject(new TypeError("refused")));
  await expect(refused).rejects.toThrow("refused");
});
