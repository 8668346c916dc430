import { describe, expect, test } from "vitest";
import { bytesOf } from "../../../../test/connect/captures.ts";
import { captures, fixture, raw } from "../../../../test/connect/shopify.ts";

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

test("an order of which the goods know no discount, as in the samples that Shopify sends for a try", () => {
  const order = {
    ...fixture("orders_create"),
    id: undefined,
    total_price: "388.00",
    total_tax: "0.00",
    total_discounts: "20.00",
    original_total_duties_set: null,
    line_items: [
      {
        variant_id: 1,
        sku: null,
        title: "IPod",
        quantity: 1,
        price: "199.00",
        discount_allocations: [],
      },
      {
        variant_id: 2,
        sku: "",
        title: "IPod",
        quantity: 1,
        price: "199.00",
        total_discount: "0.00",
      },
    ],
  };
  // Beyond what a number of JavaScript can hold.
  const body = bytesOf(JSON.stringify(order).replace("{", '{"id":820982911946154508,'));
  expect(captures("orders/create", body)).toMatchObject([
    {
      ids: ["820982911946154508", "#3001", "3001"],
      lines: [
        { sku: "variant:1", amountMinor: 19_900 },
        { sku: "variant:2", amountMinor: 19_900 },
        { sku: "SHIPPING", amountMinor: 1_000 },
        { sku: "DISCOUNT", amountMinor: -2_000 },
      ],
      flags: [],
    },
  ]);
});
