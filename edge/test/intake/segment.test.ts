import { reset } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { until } from "../settle.ts";
import { keysOf } from "../till.ts";
import { failedItems, keyOf, profileOf, putAccount, send } from "./connect.ts";

afterEach(() => reset());

const anna = keysOf({ email: "anna@example.com" })[0]!;
const AT = "2026-01-05T10:00:00.000Z";
const identify = {
  type: "identify",
  messageId: "m-1",
  userId: "u-1",
  anonymousId: "browser-1",
  traits: { email: "anna@example.com", firstName: "Anna", plan: "gold" },
  timestamp: AT,
};
const viewed = {
  type: "track",
  messageId: "m-2",
  userId: "u-1",
  event: "Product Viewed",
  properties: { sku: "A-1", name: "Shirt", price: 25, currency: "GBP" },
  timestamp: AT,
};

async function writeKey(): Promise<string> {
  await putAccount("web-events", { kind: "segment" });
  return keyOf("web-events", ["segment"]);
}
const pack = async (text: string) =>
  new Uint8Array(
    await new Response(
      new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")),
    ).arrayBuffer(),
  );

const ask = (path: string) =>
  exports.default.fetch(`https://edge.test${path}`, { method: "OPTIONS" });

const basic = (key: string) => ({ authorization: `Basic ${btoa(`${key}:`)}` });

test("ING1: a batch is taken by its write key, each message once, and shows in the profile", async () => {
  const key = await writeKey();
  const batch = { batch: [identify, viewed], sentAt: AT };
  const answer = await send("/v1/batch", JSON.stringify(batch), basic(key));
  expect(answer).toMatchObject({
    status: 200,
    json: { success: true, accepted: 2, duplicates: 0, failed: [] },
  });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  // Sent again by a library that heard nothing, with its key in the body, as text, as a browser does.
  const again = await send("/v1/batch", JSON.stringify({ ...batch, writeKey: key }), {
    "content-type": "text/plain",
  });
  expect(again.json).toMatchObject({ accepted: 0, duplicates: 2 });
  const profile = await until(
    () => profileOf(anna),
    (found) => (found?.behaviours.length ?? 0) > 0,
  );
  expect(profile).toMatchObject({
    traits: { plan: { value: "gold" } },
    behaviours: [{ name: "Product Viewed" }],
  });
});

test("SYN6: a message that cannot be used is named and kept, and does not take its batch with it", async () => {
  const key = await writeKey();
  const batch = { batch: [{ type: "unheard-of", messageId: "m-0" }, "no message", identify] };
  const answer = await send("/v1/batch", JSON.stringify(batch), basic(key));
  expect(answer).toMatchObject({ status: 200, json: { failed: [{ line: 2, code: "bad_field" }] } });
  await until(
    () => profileOf(anna),
    (found) => found !== null,
  );
  const failed = await until(failedItems, (items) => items.length === 2);
  expect(failed.map(({ code }) => code).toSorted()).toEqual(["bad_field", "unknown_topic"]);
});

test.each(["identify", "track", "page", "screen", "group", "alias"])(
  "a single %s is taken at its own address",
  async (type) => {
    const key = await writeKey();
    const message = { ...viewed, name: "Home", groupId: "g", previousId: "p", messageId: type };
    const answer = await send(`/v1/${type}`, JSON.stringify({ ...message, type }), basic(key));
    expect(answer).toMatchObject({ status: 200, json: { success: true, accepted: 1 } });
  },
);

test("a packed body is unpacked, and a bomb is not", async () => {
  const key = await writeKey();
  const headers = { ...basic(key), "content-encoding": "gzip" };
  const packed = await pack(JSON.stringify({ batch: [identify] }));
  expect((await send("/v1/batch", packed, headers)).json).toMatchObject({ accepted: 1 });
  const bomb = await pack(" ".repeat(16 * 1024 * 1024));
  expect((await send("/v1/batch", bomb, headers)).status).toBe(413);
});

test("SEC1: without a key that is right nothing is taken, and the browser is told so", async () => {
  await writeKey();
  const wrong = `rk_${"a".repeat(16)}_${"b".repeat(43)}`;
  for (const headers of [{}, basic(wrong)]) {
    const answer = await send("/v1/batch", JSON.stringify({ batch: [identify] }), headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  }
  const other = await keyOf("web-events", ["events"]);
  expect((await send("/v1/batch", "{}", basic(other))).status).toBe(403);
});

test("a browser may ask first, for these addresses alone", async () => {
  expect((await ask("/v1/batch")).headers.get("access-control-allow-methods")).toContain("POST");
  expect((await ask("/v1/events")).headers.get("access-control-allow-origin")).toBeNull();
});

test("SYN6: a body that was cut off is refused, and kept as far as it came", async () => {
  const key = await writeKey();
  const cut = JSON.stringify({ batch: [identify, viewed] }).slice(0, 90);
  expect((await send("/v1/batch", cut, basic(key))).status).toBe(400);
  expect(await failedItems()).toMatchObject([{ code: "not_json" }]);
});
