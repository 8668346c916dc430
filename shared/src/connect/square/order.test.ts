import { describe, expect, test } from "vitest";
import { sumMinor } from "../read/lines.ts";
import { answered, mapSaid, ORDER, SQUARE, usd } from "../testing/square.ts";

const orderOf = (more: object) => answered({ order: { ...ORDER, ...more } })[0];
const yen = (amount: number) => ({ amount, currency: "JPY" });

describe("orders", () => {
  test("CAP5: goods, discount, tax, fee and tip come to the total, in cents", () => {
    expect(answered({ order: ORDER })).toEqual([
      {
        kind: "order",
        key: "order:o-1@4",
        at: "2026-04-30T09:05:00.000Z",
        ids: ["o-1", "web-7", "p-1", "t-2"],
        revision: 4,
        state: "paid",
        currency: "USD",
        lines: [
          {
            sku: "V1",
            quantity: "2",
            unitPrice: "5.00",
            amountMinor: 1000,
            description: "Tea, Large",
          },
          { sku: "DISCOUNT", quantity: "1", amountMinor: -100 },
          { sku: "TAX", quantity: "1", amountMinor: 90 },
          { sku: "FEE", quantity: "1", amountMinor: 50 },
          { sku: "TIP", quantity: "1", amountMinor: 150 },
        ],
        flags: [],
        tenders: [
          { type: "card", amountMinor: 1000, reference: "p-1" },
          { type: "cash", amountMinor: 190, reference: "t-2" },
        ],
        customer: { userId: "c-1" },
      },
    ]);
  });

  test("yen have no cents", () => {
    const order = {
      id: "o",
      state: "OPEN",
      version: 1,
      total_money: yen(3600),
      line_items: [
        { name: "Tea", quantity: "3", base_price_money: yen(1200), gross_sales_money: yen(3600) },
      ],
    };
    expect(answered({ order })).toMatchObject([
      {
        currency: "JPY",
        state: "placed",
        lines: [{ sku: "CUSTOM", unitPrice: "1200", amountMinor: 3600 }],
      },
    ]);
  });

  test("taxes that are in the prices are not added once more, and what does not add up is told", () => {
    const inclusive = orderOf({ total_money: usd(1100) });
    expect(inclusive).toMatchObject({ flags: [] });
    const odd = orderOf({ total_money: usd(777) });
    expect(odd).toMatchObject({ flags: ["lines_differ"] });
    expect(odd && "lines" in odd && sumMinor(odd.lines)).toBe(777);
  });

  test("another currency within an order, or half a cent, is a failure", () => {
    const euro = { ...ORDER, total_tip_money: { amount: 1, currency: "EUR" } };
    expect(mapSaid("api", { order: euro })).toEqual({
      ok: false,
      reason: { code: "bad_money", field: "order.total_tip_money.currency" },
    });
    expect(mapSaid("api", { order: { ...ORDER, total_money: usd(0.5) } })).toMatchObject({
      reason: { code: "bad_money", field: "order.total_money.amount" },
    });
  });

  test.each<[string, object, string]>([
    ["open", { state: "OPEN", net_amount_due_money: usd(1190) }, "placed"],
    ["open and paid", { state: "OPEN", net_amount_due_money: usd(0) }, "paid"],
    [
      "open, nothing due, nothing paid",
      { state: "OPEN", net_amount_due_money: usd(0), tenders: [] },
      "placed",
    ],
    ["cancelled", { state: "CANCELED" }, "cancelled"],
    ["handed over", { fulfillments: [{ type: "PICKUP", state: "COMPLETED" }] }, "fulfilled"],
    ["not handed over", { fulfillments: [{ type: "PICKUP", state: "PROPOSED" }] }, "paid"],
  ])("an order that is %s", (_name, more, state) => {
    expect(orderOf(more)).toMatchObject({ state });
  });

  test("a draft, and a quote, say nothing", () => {
    expect(orderOf({ state: "DRAFT" })).toBeUndefined();
    expect(orderOf({ id: undefined })).toBeUndefined();
    expect(mapSaid("api", { order: { ...ORDER, state: "NEW" } })).toMatchObject({
      reason: { code: "bad_field", field: "order.state" },
    });
  });

  test("the order's own customer comes first, then a payment's, then who gets it", () => {
    const recipient = {
      customer_id: "c-3",
      email_address: "ada@example.com",
      phone_number: "+12125550100",
      display_name: "Ada Lovelace",
    };
    const fulfillments = [{ type: "PICKUP", state: "PROPOSED", pickup_details: { recipient } }];
    expect(orderOf({ fulfillments })).toMatchObject({ customer: { userId: "c-1" } });
    expect(orderOf({ fulfillments, customer_id: undefined })).toMatchObject({
      customer: { userId: "c-2" },
    });
    const alone = { fulfillments, customer_id: undefined, tenders: [] };
    const reached = {
      email: "ada@example.com",
      phone: "+12125550100",
      givenName: "Ada",
      familyName: "Lovelace",
    };
    expect(orderOf(alone)).toMatchObject({ customer: { userId: "c-3", ...reached } });
    // Somebody else's address is not the customer's.
    expect(JSON.stringify(orderOf({ fulfillments }))).not.toContain("ada@");
    const nobody = [{ pickup_details: { recipient: { ...recipient, customer_id: undefined } } }];
    expect(orderOf({ ...alone, fulfillments: nobody })).toMatchObject({ customer: reached });
    expect(orderOf({ customer_id: undefined, tenders: [] })).not.toHaveProperty("customer");
  });

  test("a location is a store, where the account knows its locations", () => {
    const known = { ...SQUARE, locations: { L1: "paris" } };
    expect(answered({ order: ORDER }, known)).toMatchObject([{ store: "paris" }]);
    const other = { ...SQUARE, locations: { L2: "paris" } };
    expect(mapSaid("api", { order: ORDER }, other)).toEqual({
      ok: false,
      reason: { code: "unknown_store", field: "order.location_id" },
    });
  });
});
