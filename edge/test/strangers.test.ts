/** Whoever makes up names keeps the one registry from nobody who has one. */
import { reset } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { apiKey, call } from "./callers.ts";

afterEach(() => reset());

test("SEC1: strangers are asked to wait, and whoever is known is let in all the while", async () => {
  const key = await apiKey(["admin"], "known");
  const ask = async () => (await call("GET", "/v1/tills", key)).status;
  expect(await ask()).toBe(200);
  const statuses = new Set<number>();
  const knock = async (n: number): Promise<void> => {
    const url = `https://edge.test/v1/webhooks/made-up-${n}`;
    const response = await exports.default.fetch(url, { method: "POST", body: "{}" });
    await response.body?.cancel();
    statuses.add(response.status);
  };
  for (let n = 0; n < 4 * LIMITS.strangersAskedAtOnceCalls && !statuses.has(503); n += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, at) => knock(n + at)));
  }
  expect([...statuses]).toEqual([404, 503]);
  expect(await ask()).toBe(200);
});
