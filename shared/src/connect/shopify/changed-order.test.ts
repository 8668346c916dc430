import { describe, expect, test } from "vitest";
import { captures } from "../../../../test/connect/shopify.ts";
import { sumMinor } from "../read/lines.ts";

const both = (eur: string, usd: string) => ({
  shop_money: { amount: eur, currency_code: "EUR" },
  presentment_money: { amount: usd, currency_code: "USD" },
});
const line = (id: number, price: string) => ({
  id,
  sku: `S${id}`,
  name: `Thing ${id}`,
  quantity: 1,
  price,
});
const back = (id: number, price: string, tax = "0.00") => ({
  id: id * 10,
  line_item_id: id,
  line_item: line(id, price),
  quantity: 1,
  subtotal: price,
  total_tax: tax,
});
const ORDER = {
  id: 1,
  name: "#1",
  currency: "EUR",
  created_at: "2026-03-01T10:00:00+01:00",
  updated_at: "2026-03-01T11:00:00+01:00",
  financial_status: "paid",
  taxes_included: true,
  line_items: [line(1, "60.00"), line(2, "40.00")],
};
const takenOut = { id: 5, created_at: "2026-03-01T10:30:00+01:00", transactions: [] };
const paidBack = (amount: string) => ({
  ...takenOut,
  id: 6,
  transactions: [{ kind: "refund", status: "success", amount, currency: "EUR", gateway: "bogus" }],
});
const moneyOf = (order: object) =>
  captures("orders/updated", { ...ORDER, ...order }).map((capture) => [
    capture.kind,
    "lines" in capture ? sumMinor(capture.lines) : null,
    "flags" in capture ? capture.flags : [],
  ]);

describe("CAP5: an order counts for what was paid for it, whatever became of it", () => {
  const edit = { ...takenOut, refund_line_items: [back(2, "40.00")] };

  test("an item was taken out before it was paid", () => {
    const order = { total_price: "100.00", refunds: [edit] };
    const sale = [["order", 6_000, []]];
    expect(moneyOf({ ...order, current_total_price: "60.00" })).toEqual(sale);
    expect(moneyOf(order)).toEqual(sale);
  });

  test("taxes on top go with it", () => {
    const order = {
      taxes_included: false,
      total_price: "119.00",
      total_tax: "19.00",
      current_total_price: "71.40",
      refunds: [{ ...takenOut, refund_line_items: [back(2, "40.00", "7.60")] }],
    };
    expect(moneyOf(order)).toEqual([["order", 7_140, []]]);
  });

  test("one item was exchanged for another that costs more", () => {
    const order = {
      line_items: [line(1, "60.00"), line(2, "40.00"), line(3, "50.00")],
      total_price: "150.00",
      current_total_price: "110.00",
      refunds: [edit],
    };
    expect(moneyOf(order)).toEqual([["order", 11_000, []]]);
  });

  test("an item came back, and the shop kept the money", () => {
    const kept = { kind: "refund_discrepancy", amount: "40.00", tax_amount: "0.00" };
    const order = {
      total_price: "100.00",
      current_total_price: "100.00",
      refunds: [{ ...edit, order_adjustments: [kept] }],
    };
    expect(moneyOf(order)).toEqual([["order", 10_000, []]]);
  });

  test("an item was taken out, then the rest was cancelled and paid back", () => {
    const rest = { ...paidBack("60.00"), refund_line_items: [back(1, "60.00")] };
    const order = {
      financial_status: "refunded",
      cancelled_at: "2026-03-01T11:00:00+01:00",
      total_price: "100.00",
      current_total_price: "0.00",
      refunds: [edit, rest],
    };
    expect(captures("orders/cancelled", { ...ORDER, ...order })[0]).toMatchObject({
      state: "cancelled",
    });
  });

  test("an item came back and was paid back: the order stays what it was", () => {
    const paid = { ...paidBack("40.00"), refund_line_items: [back(2, "40.00")] };
    const order = { total_price: "100.00", current_total_price: "60.00", refunds: [paid] };
    expect(moneyOf(order)).toEqual([
      ["order", 10_000, []],
      ["refund", -4_000, []],
    ]);
  });
});

const totalOf = (value: object) =>
  captures("refunds/create", value).map((each) => ("lines" in each ? sumMinor(each.lines) : 0));

describe("CAP5: paid back in the customer's currency, it counts in the shop's", () => {
  const refund = {
    id: 8,
    order_id: 1,
    created_at: "2026-03-02T10:00:00+01:00",
    refund_line_items: [
      {
        line_item: line(1, "119.00"),
        quantity: 1,
        subtotal: "119.00",
        subtotal_set: both("119.00", "130.31"),
        total_tax: "19.00",
        total_tax_set: both("19.00", "20.81"),
      },
    ],
  };
  const inDollars = (amount: string, more: object = {}) => ({
    ...refund,
    transactions: [{ kind: "refund", status: "success", amount, currency: "USD" }],
    ...more,
  });

  test.each([
    ["with the tax in the prices", "130.31", -11_900],
    ["with the tax on top", "151.12", -13_800],
    ["a part of it", "65.16", -5_950],
  ])("%s", (_name, amount, minor) => {
    expect(totalOf(inDollars(amount))).toEqual([minor]);
  });

  test("where nothing says what it is, it is for a person, and never a refund of nothing", () => {
    const refunds = [inDollars("10.00", { refund_line_items: [] })];
    expect(() => moneyOf({ total_price: "100.00", refunds })).toThrow(/bad_money/);
  });
});

const customerOf = (order: object) =>
  captures("orders/create", { ...ORDER, total_price: "100.00", ...order })[0]?.customer;

test("IDN3: the phone of whoever gets a present is not the buyer's", () => {
  const buyer = { first_name: "Ann", last_name: "Poe" };
  const friend = { first_name: "Bea", last_name: "Fox", phone: "+447700900999", city: "Leeds" };
  expect(
    customerOf({ email: "ann@example.com", billing_address: buyer, shipping_address: friend }),
  ).toEqual({
    email: "ann@example.com",
    givenName: "Ann",
    familyName: "Poe",
  });
  const own = { ...friend, first_name: "ANN", last_name: "Poe" };
  expect(customerOf({ billing_address: buyer, shipping_address: own })).toMatchObject({
    phone: friend.phone,
  });
  expect(
    customerOf({ customer: { id: 7, ...buyer, default_address: friend } })?.phone,
  ).toBeUndefined();
});
