import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Account } from "../account.ts";
import { accountFor, bytesOf, capturesOf, RECEIVED_AT_MS } from "../read/for-tests.ts";
import { signatureOf } from "../read/sign.ts";
import { bytesToBase64 } from "../../digest.ts";
import { deliveryKeyOf, mapShopify, topicOf, verifyShopify } from "./index.ts";

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as Record<
    string,
    unknown
  >;
const raw = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url)));

const send = (topic: string, body: Uint8Array, account: Partial<Account> = {}) =>
  mapShopify({ topic, body, headers: {}, receivedAtMs: RECEIVED_AT_MS }, accountFor(account));
const captures = (topic: string, body: unknown, account: Partial<Account> = {}) =>
  capturesOf(send(topic, body instanceof Uint8Array ? body : bytesOf(body), account));
const ofKind = (topic: string, body: unknown, kind: string) =>
  captures(topic, body).filter((capture) => capture.kind === kind);

const MARA = {
  userId: "7001",
  email: "mara.lind@example.com",
  phone: "+4915112345678",
  givenName: "Mara",
  familyName: "Lind",
  language: "de-DE",
  address: { line1: "Lindenstr. 4", city: "Köln", postalCode: "50674", country: "DE" },
  anonymousIds: ["shopify-cart:cart-bb22", "shopify-checkout:chk-aa11"],
};

describe("an order in the shop's currency, with tax in its prices, a discount, a gift card, a tip and a refund", () => {
  const all = captures("orders/updated", raw("orders_updated"));

  test("is an order that adds up to its total (CAP5)", () => {
    expect(all[0]).toEqual({
      kind: "order",
      key: "order:5678901234567@1716190200002",
      at: "2024-05-17T12:02:10.000Z",
      externalId: "#2044",
      ids: [
        "5678901234567",
        "#2044",
        "2044",
        "XPAV284CT",
        "chk-aa11",
        "tok-cc33",
        "12345678901234567890",
      ],
      revision: 1_716_190_200_002,
      state: "fulfilled",
      currency: "EUR",
      lines: [
        {
          sku: "TEE-M",
          description: "Tee - M",
          quantity: "2",
          unitPrice: "19.99",
          amountMinor: 3_598,
        },
        {
          sku: "variant:92",
          description: "Gift card",
          quantity: "1",
          unitPrice: "25.00",
          amountMinor: 2_500,
        },
        { sku: "SHIPPING", description: "Standard", quantity: "1", amountMinor: 490 },
        { sku: "TIP", quantity: "1", amountMinor: 300 },
      ],
      flags: [],
      tenders: [{ type: "other", amountMinor: 6_888, reference: "shopify_payments + gift_card" }],
      customer: MARA,
    });
  });

  test("its refund is the same as the one that comes alone", () => {
    const refund = {
      kind: "refund",
      key: "refund:777",
      at: "2024-05-20T07:29:58.000Z",
      refund: "777",
      order: "5678901234567",
      currency: "EUR",
      lines: [{ sku: "TEE-M", description: "Tee - M", quantity: "-1", amountMinor: -1_799 }],
      flags: [],
      tenders: [{ type: "card", amountMinor: -1_799, reference: "shopify_payments" }],
      staff: "55",
    };
    expect(all[1]).toEqual({ ...refund, customer: MARA });
    const [alone] = fixture("orders_updated")["refunds"] as unknown[];
    expect(captures("refunds/create", alone)).toEqual([refund]);
  });

  test("consents count from when they were given, and only what was said is one", () => {
    expect(all.slice(2)).toEqual([
      {
        kind: "consent",
        key: "consent:order:5678901234567",
        at: "2024-05-17T12:02:10.000Z",
        purpose: "marketing",
        channel: "email",
        state: "granted",
        evidence: { text: "ticked at the checkout" },
        customer: MARA,
      },
      {
        kind: "claim",
        key: "verified:7001@2024-05-17T12:02:12.000Z",
        at: "2024-05-17T12:02:12.000Z",
        customer: { userId: "7001", email: "mara.lind@example.com" },
        verified: true,
      },
      {
        kind: "consent",
        key: "consent:7001:email:granted@2023-01-06T07:00:00.000Z",
        at: "2023-01-06T07:00:00.000Z",
        purpose: "marketing",
        channel: "email",
        state: "granted",
        evidence: { text: "confirmed_opt_in" },
        customer: MARA,
      },
    ]);
  });

  test("neither the machine's address nor its program is kept (SEC2)", () => {
    expect(JSON.stringify(all)).not.toMatch(/203\.0\.113|secret agent/);
  });
});

test("a sale of the shop's till in yen: no minor unit, tax on top, the store by its location", () => {
  expect(captures("orders/paid", raw("orders_paid"))).toEqual([
    {
      kind: "order",
      key: "order:5678901230001@1730540731001",
      at: "2024-11-02T09:45:30.000Z",
      externalId: "#P-17",
      ids: ["5678901230001", "#P-17", "17", "tok-pos"],
      revision: 1_730_540_731_001,
      state: "paid",
      currency: "JPY",
      lines: [
        {
          sku: "SENCHA-100",
          description: "Sencha",
          quantity: "3",
          unitPrice: "1200",
          amountMinor: 3_600,
        },
        { sku: "TAX", quantity: "1", amountMinor: 360 },
      ],
      flags: [],
      tenders: [{ type: "cash", amountMinor: 3_960, reference: "cash" }],
      store: "tokyo-1",
      staff: "601",
      customer: { phone: "+819012345678" },
    },
  ]);
});

test("an order of a guest that is not paid yet, with duties", () => {
  expect(captures("orders/create", raw("orders_create"))).toEqual([
    {
      kind: "order",
      key: "order:5678901230002@1709298002000",
      at: "2024-03-01T13:00:00.000Z",
      externalId: "#3001",
      ids: ["5678901230002", "#3001", "3001"],
      revision: 1_709_298_002_000,
      state: "placed",
      currency: "USD",
      lines: [
        {
          sku: "LAMP",
          description: "Lamp",
          quantity: "1",
          unitPrice: "100.00",
          amountMinor: 10_000,
        },
        { sku: "SHIPPING", description: "Express", quantity: "1", amountMinor: 1_000 },
        { sku: "TAX", quantity: "1", amountMinor: 888 },
        { sku: "FEE", description: "Duties", quantity: "1", amountMinor: 1_200 },
      ],
      flags: [],
      customer: {
        email: "guest@example.com",
        phone: "5125550100",
        givenName: "Gus",
        familyName: "Est",
        address: {
          line1: "1 Main St",
          city: "Austin",
          region: "Texas",
          postalCode: "78701",
          country: "US",
        },
      },
    },
  ]);
});

test("a refund of goods, tax and shipping adds up to what was paid back", () => {
  expect(captures("refunds/create", raw("refunds_create"))).toMatchObject([
    {
      key: "refund:888",
      order: "5678901230002",
      lines: [
        { sku: "LAMP", quantity: "-1", amountMinor: -10_000 },
        { sku: "TAX", amountMinor: -800 },
        { sku: "SHIPPING", amountMinor: -1_000 },
        { sku: "TAX", amountMinor: -88 },
      ],
      flags: [],
    },
  ]);
});

describe("what a refund is, and what is none", () => {
  const refund = fixture("refunds_create");
  const [paid] = refund["transactions"] as Record<string, unknown>[];
  const withStatus = (status: string) => ({ ...refund, transactions: [{ ...paid, status }] });

  test("goods that were taken out without money, and money that is not back yet, are none", () => {
    expect(captures("refunds/create", { ...refund, transactions: [] })).toEqual([]);
    expect(captures("refunds/create", withStatus("pending"))).toEqual([]);
    expect(captures("refunds/create", withStatus("failure"))).toEqual([]);
    expect(captures("refunds/create", withStatus("success"))).toHaveLength(1);
  });

  test("money without goods is one line", () => {
    const goodwill = {
      ...refund,
      refund_line_items: [],
      order_adjustments: [{ kind: "refund_discrepancy", amount: "-118.88", tax_amount: "0.00" }],
    };
    const lines = [{ sku: "REFUND", quantity: "1", amountMinor: -11_888 }];
    expect(captures("refunds/create", goodwill)).toMatchObject([{ lines, flags: [] }]);
    const bare = { ...goodwill, order_adjustments: [] };
    expect(captures("refunds/create", bare)).toMatchObject([{ lines, flags: [] }]);
  });
});

test.each([
  [{ financial_status: "pending" }, "placed"],
  [{ financial_status: "paid" }, "paid"],
  [{ financial_status: "paid", fulfillment_status: "fulfilled" }, "fulfilled"],
  [{ financial_status: "pending", fulfillment_status: "fulfilled" }, "placed"],
  [{ financial_status: "voided" }, "cancelled"],
  [{ financial_status: "pending", cancelled_at: "2024-03-01T09:00:00-05:00" }, "cancelled"],
  [{ financial_status: "paid", cancelled_at: "2024-03-01T09:00:00-05:00" }, "cancelled"],
  // Money that was taken and given back is told as both, so that it counts once.
  [{ financial_status: "refunded", cancelled_at: "2024-03-01T09:00:00-05:00" }, "paid"],
])("%o is %s", (fields, state) => {
  const order = { ...fixture("orders_create"), ...fields };
  expect(captures("orders/updated", order)[0]).toMatchObject({ state });
});

test("within one second, what is further along is the later revision", () => {
  const revisions = ["pending", "paid", "voided"].map((financial_status) => {
    const [order] = captures("orders/updated", { ...fixture("orders_create"), financial_status });
    return order?.kind === "order" ? order.revision : 0;
  });
  expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  expect(new Set(revisions).size).toBe(3);
});

test("a test order counts where the retailer wants it to", () => {
  const order = { ...fixture("orders_paid"), test: true };
  expect(captures("orders/paid", order)).toEqual([]);
  expect(captures("orders/paid", order, { rules: { countTests: true } })).toHaveLength(1);
});

test("a total that nothing explains is taken as it is, with the rest as a line and a flag", () => {
  const order = { ...fixture("orders_paid"), total_price: "4000", total_price_set: null };
  const [capture] = captures("orders/paid", order);
  expect(capture).toMatchObject({
    lines: [{}, {}, { sku: "DIFFERENCE", amountMinor: 40 }],
    flags: ["lines_differ"],
  });
});

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
