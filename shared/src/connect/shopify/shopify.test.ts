import { describe, expect, test } from "vitest";
import { bytesToBase64 } from "../../digest.ts";
import { bytesOf } from "../../../../test/connect/captures.ts";
import { signatureOf } from "../read/sign.ts";
import { captures, fixture, ofKind, raw, send } from "../../../../test/connect/shopify.ts";
import { deliveryKeyOf, topicOf, verifyShopify } from "./index.ts";

test("customers, carts, checkouts and rights", () => {
  expect(captures("customers/update", raw("customers_update"))).toMatchObject([
    {
      kind: "claim",
      key: "customer:7001@2024-06-01T10:00:00.000Z",
      customer: { userId: "7001", email: "mara.lind@example.com", address: { city: "Köln" } },
    },
    { kind: "claim", verified: true },
    { kind: "consent", state: "withdrawn", at: "2024-05-31T18:00:00.000Z" },
  ]);
  expect(captures("carts/update", raw("carts_update"))).toEqual([
    {
      kind: "cart",
      key: "cart:cart-bb22@2024-05-17T11:58:00.000Z:set",
      at: "2024-05-17T11:58:00.000Z",
      cart: "cart-bb22",
      change: "set",
      items: [{ sku: "TEE-M", description: "Tee", quantity: "2", unitPrice: "19.99" }],
      customer: { anonymousIds: ["shopify-cart:cart-bb22"] },
    },
  ]);
  const checkout = fixture("checkouts_update");
  expect(captures("checkouts/update", checkout)).toMatchObject([
    { kind: "cart", cart: "cart-bb22", change: "set", currency: "EUR", totalMinor: 4_488 },
  ]);
  const completed = { ...checkout, completed_at: "2024-05-17T14:02:10+02:00" };
  expect(captures("checkouts/update", completed)).toMatchObject([{ change: "ordered" }]);
  const closed = { ...checkout, closed_at: "2024-06-17T14:02:10+02:00" };
  expect(captures("checkouts/update", closed)).toMatchObject([{ change: "abandoned" }]);
  expect(captures("customers/redact", raw("customers_redact"))).toMatchObject([
    {
      kind: "privacy",
      request: "erase",
      orders: ["299938", "280263"],
      customer: { userId: "7001", email: "mara.lind@example.com" },
    },
  ]);
  const request = {
    ...fixture("customers_redact"),
    orders_requested: [1],
    data_request: { id: 9 },
  };
  expect(captures("customers/data_request", request)).toMatchObject([
    { request: "access", orders: ["1"] },
  ]);
  expect(captures("shop/redact", { shop_id: 1, shop_domain: "x" })).toMatchObject([
    { request: "erase_shop" },
  ]);
  expect(
    captures("customers_email_marketing_consent/update", {
      customer_id: 7001,
      email_address: "mara.lind@example.com",
      email_marketing_consent: { state: "subscribed", consent_updated_at: "2024-06-02T10:00:00Z" },
    }),
  ).toMatchObject([{ kind: "consent", state: "granted", at: "2024-06-02T10:00:00.000Z" }]);
});

test("a deleted order is cancelled, and of other messages nothing is kept", () => {
  expect(captures("orders/delete", { id: 5 })).toMatchObject([
    { ids: ["5"], state: "cancelled", lines: [] },
  ]);
  for (const topic of [
    "orders/edited",
    "customers/delete",
    "draft_orders/create",
    "app/uninstalled",
  ]) {
    expect(captures(topic, { id: 5 })).toEqual([]);
  }
  expect(send("products/update", bytesOf({ id: 5 }))).toEqual({
    ok: false,
    reason: { code: "unknown_topic" },
  });
});

test("old boxes: ticked is a consent, not ticked withdraws nothing, and an undated no never overrules", () => {
  const order = {
    ...fixture("orders_create"),
    customer: { id: 3, accepts_marketing: false, created_at: "2020-01-01T00:00:00Z" },
  };
  expect(ofKind("orders/create", order, "consent")).toMatchObject([
    { state: "withdrawn", at: "2020-01-01T00:00:00.000Z" },
  ]);
  const ticked = { ...fixture("orders_create"), buyer_accepts_marketing: true };
  expect(ofKind("orders/create", ticked, "consent")).toMatchObject([{ state: "granted" }]);
  expect(ofKind("orders/create", fixture("orders_create"), "consent")).toEqual([]);
});

test("several at once, as the API gives them", () => {
  const orders = [fixture("orders_create"), fixture("orders_paid")];
  for (const body of [{ orders }, orders]) {
    expect(topicOf({}, bytesOf(body))).toBe("orders/updated");
    expect(ofKind("orders/updated", body, "order")).toHaveLength(2);
  }
});

test.each([
  [
    { total_price: "12,50", total_price_set: null },
    { code: "bad_money", field: "total_price" },
  ],
  [{ created_at: "yesterday" }, { code: "bad_time", field: "created_at" }],
  [{ line_items: undefined }, { code: "missing_field", field: "line_items" }],
  [
    { currency: "Pounds", total_price_set: null },
    { code: "bad_field", field: "currency" },
  ],
  [{ id: null }, { code: "missing_field", field: "id" }],
])("what cannot be used is named: %o", (fields, reason) => {
  const order = { ...fixture("orders_create"), ...fields };
  expect(send("orders/create", bytesOf(order))).toEqual({ ok: false, reason });
});

describe("around the message", () => {
  const body = raw("orders_paid");
  const signature = bytesToBase64(signatureOf("secret", body));
  const check = (headers: Record<string, string>, secret = "secret", sent = body) =>
    verifyShopify({ body: sent, headers, secret, nowMs: 0 })?.code ?? null;

  test("the signature covers every byte", () => {
    // Made by openssl: printf 'hello' | openssl dgst -sha256 -hmac secret -binary | base64
    const known = "iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs=";
    const hello = new TextEncoder().encode("hello");
    expect(check({ "x-shopify-hmac-sha256": known }, "secret", hello)).toBeNull();
    expect(check({ "x-shopify-hmac-sha256": signature })).toBeNull();
    expect(check({ "x-shopify-hmac-sha256": signature }, "other")).toBe("bad_signature");
    expect(check({ "x-shopify-hmac-sha256": signature }, "secret", body.subarray(1))).toBe(
      "bad_signature",
    );
    expect(check({ "x-shopify-hmac-sha256": "$$$" })).toBe("bad_signature");
    expect(check({})).toBe("no_signature");
  });

  test("one delivery has one key, and two have two", () => {
    expect(deliveryKeyOf({ "x-shopify-webhook-id": "w-1" }, body)).toBe("w-1");
    const event = { "x-shopify-event-id": "e-1", "x-shopify-topic": "orders/paid" };
    expect(deliveryKeyOf(event, body)).toBe("e-1:orders/paid");
    expect(deliveryKeyOf({}, body)).toBe(deliveryKeyOf({}, body));
    expect(deliveryKeyOf({}, body)).not.toBe(deliveryKeyOf({}, raw("orders_create")));
    expect(topicOf({ "x-shopify-topic": "orders/paid" }, body)).toBe("orders/paid");
  });
});
