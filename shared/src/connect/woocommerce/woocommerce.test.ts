import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesToBase64 } from "../../digest.ts";
import type { Account } from "../account.ts";
import {
  accountFor,
  bytesOf,
  capturesOf,
  RECEIVED_AT_MS,
} from "../../../../test/connect/captures.ts";
import { signatureOf } from "../read/sign.ts";
import { deliveryKeyOf, mapWooCommerce, topicOf, verifyWooCommerce } from "./index.ts";

const raw = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url)));
const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(raw(name))) as Record<string, unknown>;

const send = (topic: string, body: Uint8Array, account: Partial<Account> = {}) =>
  mapWooCommerce({ topic, body, headers: {}, receivedAtMs: RECEIVED_AT_MS }, accountFor(account));
const captures = (topic: string, body: unknown, account: Partial<Account> = {}) =>
  capturesOf(send(topic, body instanceof Uint8Array ? body : bytesOf(body), account));

const ANN = {
  userId: "31",
  email: "ann@example.com",
  phone: "0113 496 0000",
  givenName: "Ann",
  familyName: "Poe",
  address: {
    line1: "1 High St",
    line2: "Flat 2",
    city: "Leeds",
    postalCode: "LS1 4DY",
    country: "GB",
  },
};

test("an order with a coupon, a fee and tax adds up to its total, and its refund stands beside it (CAP5)", () => {
  expect(captures("order.updated", raw("order.updated"))).toEqual([
    {
      kind: "order",
      key: "order:812@1720004400002",
      at: "2024-07-01T09:00:00.000Z",
      externalId: "W-812",
      ids: ["812", "W-812", "wc_order_x9", "ch_3Px", "pi_3Px"],
      revision: 1_720_004_400_002,
      state: "fulfilled",
      currency: "GBP",
      lines: [
        {
          sku: "MUG",
          description: "Mug",
          quantity: "3",
          unitPrice: "13.3333333333",
          amountMinor: 4_000,
        },
        { sku: "SHIPPING", description: "Royal Mail", quantity: "1", amountMinor: 417 },
        { sku: "FEE", description: "Gift wrap", quantity: "1", amountMinor: 300 },
        { sku: "TAX", quantity: "1", amountMinor: 883 },
      ],
      flags: [],
      tenders: [{ type: "card", amountMinor: 5_600, reference: "Credit card" }],
      customer: ANN,
    },
    {
      kind: "refund",
      key: "refund:820",
      at: "2024-07-03T11:00:00.000Z",
      refund: "820",
      order: "812",
      currency: "GBP",
      lines: [{ sku: "REFUND", quantity: "1", amountMinor: -1_600 }],
      flags: [],
      customer: ANN,
    },
  ]);
  expect(JSON.stringify(captures("order.updated", raw("order.updated")))).not.toMatch(
    /203\.0\.113|secret agent/,
  );
});

test("a refund as a resource has the same key, with its goods", () => {
  const expected = {
    kind: "refund",
    key: "refund:820",
    at: "2024-07-03T11:00:00.000Z",
    refund: "820",
    order: "812",
    currency: "GBP",
    lines: [
      { sku: "MUG", description: "Mug", quantity: "-1", unitPrice: "-13.33", amountMinor: -1_333 },
      { sku: "TAX", quantity: "1", amountMinor: -267 },
    ],
    flags: [],
    staff: "1",
  };
  const refund = fixture("refund.created");
  expect(captures("refund.created", refund)).toEqual([expected]);
  const up = [{ href: "https://example.com/wp-json/wc/v3/orders/812" }];
  const linked = { ...refund, parent_id: undefined, _links: { up } };
  expect(captures("refund.created", linked)).toEqual([expected]);
  expect(send("refund.created", bytesOf({ ...refund, parent_id: 0 }))).toEqual({
    ok: false,
    reason: { code: "missing_field", field: "parent_id" },
  });
});

test("where UTC is missing, the shop's clock is read", () => {
  // London in August is an hour ahead of UTC.
  expect(captures("customer.updated", raw("customer.updated"))).toMatchObject([
    {
      kind: "claim",
      key: "customer:31@2024-08-01T07:30:00.000Z",
      at: "2024-08-01T07:30:00.000Z",
      customer: { userId: "31", email: "ann@example.com", phone: "0113 496 0000" },
    },
  ]);
  const order = { ...fixture("order.updated"), date_created_gmt: null };
  const [capture] = captures("order.updated", order, { zone: "Asia/Tokyo" });
  expect(capture).toMatchObject({ at: "2024-07-01T01:00:00.000Z" });
});

test.each([
  [{ status: "pending" }, "placed"],
  [{ status: "on-hold" }, "placed"],
  [{ status: "failed" }, "placed"],
  [{ status: "processing" }, "paid"],
  [{ status: "completed" }, "fulfilled"],
  [{ status: "cancelled", refunds: [] }, "cancelled"],
  [{ status: "trash", refunds: [] }, "cancelled"],
  [{ status: "refunded", refunds: [] }, "cancelled"],
  [{ status: "cancelled", refunds: [{ id: 820, total: "-56.00" }] }, "cancelled"],
  // The shop has kept part of the money: the order counts, less its refunds.
  [{ status: "cancelled" }, "fulfilled"],
  // Money that was taken and given back is told as both, so that it counts once.
  [{ status: "refunded" }, "fulfilled"],
  [{ status: "shipped-by-plugin", date_completed: null, date_completed_gmt: null }, "paid"],
])("%o is %s", (fields, state) => {
  expect(captures("order.updated", { ...fixture("order.updated"), ...fields })[0]).toMatchObject({
    state,
  });
});

test("a guest is no user, and a draft no order", () => {
  const guest = captures("order.created", { ...fixture("order.updated"), customer_id: 0 })[0];
  expect(guest?.customer).toMatchObject({ email: "ann@example.com" });
  expect(guest?.customer).not.toHaveProperty("userId");
  const draft = { ...fixture("order.updated"), status: "checkout-draft" };
  expect(captures("order.created", draft)).toEqual([]);
});

test("what is empty in PHP is empty here", () => {
  const order = fixture("order.updated");
  const empty = {
    shipping: [],
    meta_data: {},
    fee_lines: {},
    transaction_id: false,
    total: "53.00",
  };
  expect(captures("order.updated", { ...order, ...empty })[0]).toMatchObject({
    ids: ["812", "W-812", "wc_order_x9"],
    lines: [{ sku: "MUG" }, { sku: "SHIPPING" }, { sku: "TAX" }],
    flags: [],
  });
});

test("a cent of rounding is rounding, more than that is flagged", () => {
  const order = { ...fixture("order.updated"), refunds: [] };
  expect(captures("order.updated", { ...order, total: "56.01" })).toMatchObject([
    { lines: [{}, {}, {}, {}, { sku: "ROUNDING", amountMinor: 1 }], flags: [] },
  ]);
  expect(captures("order.updated", { ...order, total: "57.00" })).toMatchObject([
    { lines: [{}, {}, {}, {}, { sku: "DIFFERENCE", amountMinor: 100 }], flags: ["lines_differ"] },
  ]);
});

test("deleted orders, batches, and what nothing is kept of", () => {
  expect(captures("order.deleted", { id: 812 })).toMatchObject([
    { ids: ["812"], state: "cancelled", lines: [] },
  ]);
  const order = fixture("order.updated");
  const refused = { id: 0, error: { code: "woocommerce_rest_invalid", message: "no" } };
  const batch = { create: [order, refused], delete: [order] };
  expect(topicOf({}, bytesOf(batch))).toBe("order.updated");
  expect(captures("order.updated", batch)).toMatchObject([
    { kind: "order", state: "fulfilled" },
    { kind: "refund" },
    { kind: "order", state: "cancelled" },
  ]);
  for (const topic of [
    "product.updated",
    "coupon.created",
    "action.woocommerce_add_to_cart",
    "customer.deleted",
  ]) {
    expect(captures(topic, { id: 1 })).toEqual([]);
  }
  expect(send("subscription.created", bytesOf({ id: 1 }))).toMatchObject({
    reason: { code: "unknown_topic" },
  });
});

describe("around the message", () => {
  const body = raw("order.updated");
  const signature = bytesToBase64(signatureOf("secret", body));
  const check = (headers: Record<string, string>, secret = "secret", sent = body) =>
    verifyWooCommerce({ body: sent, headers, secret, nowMs: 0 })?.code ?? null;

  test("the signature covers every byte", () => {
    expect(check({ "x-wc-webhook-signature": signature })).toBeNull();
    expect(check({ "x-wc-webhook-signature": signature }, "other")).toBe("bad_signature");
    expect(check({ "x-wc-webhook-signature": signature }, "secret", body.subarray(1))).toBe(
      "bad_signature",
    );
    expect(check({})).toBe("no_signature");
  });

  test("the ping of a new webhook has no signature, no JSON, and says nothing", () => {
    const ping = bytesOf("webhook_id=42");
    expect(check({}, "secret", ping)).toBeNull();
    expect(capturesOf(send(topicOf({}, ping), ping))).toEqual([]);
    expect(capturesOf(send("order.created", ping))).toEqual([]);
    // Nothing else passes for it.
    expect(check({}, "secret", bytesOf("webhook_id=42&order=1"))).toBe("no_signature");
    expect(check({ "x-wc-webhook-signature": "AAAA" }, "secret", ping)).toBe("bad_signature");
  });

  test("deliveries of one second have one id of WooCommerce's, and are two all the same", () => {
    const headers = { "x-wc-webhook-delivery-id": "d1", "x-wc-webhook-topic": "order.updated" };
    expect(deliveryKeyOf(headers, body)).toBe(deliveryKeyOf(headers, body));
    expect(deliveryKeyOf(headers, body)).not.toBe(deliveryKeyOf(headers, raw("refund.created")));
    expect(topicOf({}, raw("refund.created"))).toBe("refund.created");
    expect(topicOf({}, raw("customer.updated"))).toBe("customer.updated");
  });
});

test("IDN3: the phone of whoever gets a present is not the buyer's", () => {
  const billing = { first_name: "Ann", last_name: "Poe", email: "ann@example.com", phone: "" };
  const friend = { first_name: "Bea", last_name: "Fox", phone: "0113 496 0999", city: "Leeds" };
  const customerOf = (shipping: object) =>
    captures("order.updated", bytesOf({ ...fixture("order.updated"), billing, shipping }))[0]
      ?.customer;
  expect(customerOf(friend)).not.toHaveProperty("phone");
  expect(customerOf({ ...friend, ...billing, phone: friend.phone })).toMatchObject({
    phone: friend.phone,
  });
});
