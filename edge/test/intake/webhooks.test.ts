import { reset } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { CENTRE } from "../callers.ts";
import { pullAll, until } from "../settle.ts";
import { keysOf } from "../till.ts";
import {
  desk,
  failedItems,
  profileOf,
  putAccount,
  SECRET,
  send,
  sendShopify,
  shopifyHeaders,
  shopifyOrder,
} from "./connect.ts";

afterEach(() => reset());

const shopify = { kind: "shopify", secrets: { webhookSecret: SECRET } } as const;
const anna = keysOf({ email: "anna@example.com" })[0]!;

const totalsOf = async (key: string) => (await profileOf(key))?.totals["GBP"];

test("ING1: a signed webhook is answered when it is durable, and becomes a sale of its customer", async () => {
  await putAccount("shop", shopify);
  const answer = await sendShopify("shop", "orders/paid", shopifyOrder(), "d-1");
  expect(answer).toMatchObject({ status: 200, json: { accepted: 1, duplicates: 0 } });
  const again = await sendShopify("shop", "orders/paid", shopifyOrder(), "d-1");
  expect(again).toMatchObject({ status: 200, json: { accepted: 0, duplicates: 1 } });
  await until(
    () => totalsOf(anna),
    (totals) => totals !== undefined,
  );
  expect(await totalsOf(anna)).toEqual({ sales: 1, returns: 0, minor: 2500 });
  // A shop has no till that pulls, so it keeps no working set.
  expect((await pullAll("web-uk", "nobody")).changes).toEqual([]);
});

test("SYN2: an older revision that comes later, and a newer one that comes twice, end with the newest", async () => {
  await putAccount("shop", shopify);
  const newer = {
    ...shopifyOrder({
      updated_at: "2026-01-05T12:00:00+00:00",
      total_price: "20.00",
      subtotal_price: "20.00",
    }),
    line_items: [{ id: 1, sku: "A-1", title: "Shirt", quantity: 1, price: "20.00" }],
  };
  await sendShopify("shop", "orders/updated", newer, "d-2");
  await sendShopify("shop", "orders/create", shopifyOrder(), "d-1");
  await sendShopify("shop", "orders/updated", newer, "d-3");
  await until(
    () => desk("/health") as Promise<{ accounts: { waiting: number }[] }>,
    ({ accounts }) => accounts[0]?.waiting === 0,
  );
  await until(
    () => totalsOf(anna),
    (totals) => totals !== undefined,
  );
  expect(await totalsOf(anna)).toEqual({ sales: 1, returns: 0, minor: 2000 });
});

test("SEC1: a wrong signature is refused and kept for a person; with the right secret it is read", async () => {
  await putAccount("shop", {
    kind: "shopify",
    secrets: { webhookSecret: "another-secret-was-set" },
  });
  const answer = await sendShopify("shop", "orders/paid", shopifyOrder(), "d-1");
  expect(answer.status).toBe(401);
  expect(JSON.stringify(answer.json)).not.toContain("anna");
  const [failed] = await failedItems();
  expect(failed).toMatchObject({ code: "bad_signature", class: "authentication" });
  const ask = () =>
    send("/v1/intake/replay", JSON.stringify({ item: failed!.item }), {
      authorization: `Bearer ${CENTRE}`,
    });
  expect((await ask()).json).toMatchObject({ replayed: 0, kept: 1 });
  await putAccount("shop", shopify);
  expect((await ask()).json).toMatchObject({ replayed: 1, kept: 0 });
  await until(
    () => totalsOf(anna),
    (totals) => totals?.minor === 2500,
  );
  // What the platform sends again, now that it is let in, is the same order.
  await sendShopify("shop", "orders/paid", shopifyOrder(), "d-1");
  expect(await failedItems()).toEqual([]);
});

test("SYN6: a body that was cut off on its way is kept as it came, and the next one goes on", async () => {
  await putAccount("shop", shopify);
  const cut = JSON.stringify(shopifyOrder()).slice(0, 200);
  expect(await sendShopify("shop", "orders/paid", cut, "d-1")).toMatchObject({ status: 200 });
  await sendShopify("shop", "orders/paid", shopifyOrder(), "d-2");
  await until(
    () => totalsOf(anna),
    (totals) => totals?.minor === 2500,
  );
  const [failed] = await until(failedItems, (items) => items.length > 0);
  expect(failed).toMatchObject({ code: "not_json", class: "schema" });
  const shown = (await desk(`/items/${failed!.item}`)) as { body: string };
  expect(atob(shown.body)).toBe(cut);
});

test("no account, and none that takes webhooks, is nothing at this address", async () => {
  await putAccount("app-1");
  const headers = await shopifyHeaders("{}", "orders/paid", "d");
  expect((await send("/v1/webhooks/nobody", "{}", headers)).status).toBe(404);
  expect((await send("/v1/webhooks/app-1", "{}", headers)).status).toBe(404);
});

test("SYN10: a body above the limit is refused, and not kept", async () => {
  await putAccount("shop", shopify);
  const answer = await sendShopify("shop", "orders/paid", "x".repeat(1024 * 1024 + 1), "d");
  expect(answer.status).toBe(413);
  expect(await failedItems()).toEqual([]);
});
