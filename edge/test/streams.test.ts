/** What was opened while it was allowed goes on only as long as it is. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { parseApiKey } from "../src/access/api-key.ts";
import { registryStub } from "../src/stubs.ts";
import { apiKey } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

test("SEC1: a live stream tells nothing more once the key that opened it is gone", async () => {
  const anna = keysOf({ email: "anna@example.com" });
  const till = openTill("till-1", "one");
  const sell = async (amount: number, merged: number): Promise<void> => {
    await inbox("one").push(till.push([till.capture(anna, sale(amount))]));
    await until(
      () => pullAll("one", "till-1"),
      ({ marks }) => marks.merged === merged,
    );
  };
  await sell(100, 1);
  const [gone, kept] = [await apiKey(["profiles"], "app-1"), await apiKey(["profiles"], "app-2")];
  const listen = async (key: string) => {
    const url = `https://edge.test/v1/customers/${customerIdOf(anna[0] ?? "")}/live`;
    const response = await exports.default.fetch(url, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status).toBe(200);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const next = async (): Promise<string | null> => {
      for (;;) {
        const { done, value = "" } = await reader.read();
        if (done) return null;
        if (value.includes("data:")) return value; // not a sign of life
      }
    };
    expect(await next()).toContain('"minor":100');
    return { next, cancel: () => reader.cancel() };
  };
  const [first, second] = [await listen(gone), await listen(kept)];
  await sell(23, 2);
  for (const stream of [first, second]) expect(await stream.next()).toContain('"minor":123');
  await registryStub(env).removeKey("app-1", parseApiKey(gone)?.id ?? "");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.registryAgeMs + 1 });
  await sell(1, 3);
  expect(await second.next()).toContain('"minor":124');
  expect(await first.next()).toBeNull();
  await second.cancel();
});
