import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sumMinor } from "../read/lines.ts";
import { amounts, map, NOW, order, track } from "../testing/segment.ts";

const completed = (properties: object) => map("track", { event: "Order Completed", properties });

describe("CAP5: the money of an order is exact", () => {
  const products = [
    { product_id: "1", sku: "45790-32", name: "Monopoly", price: 19, quantity: 1 },
    { product_id: "2", sku: "46493-32", name: "Uno", price: 3, quantity: 2 },
  ];
  const paid = { order_id: "o-1", shipping: 3, tax: 2, discount: 2.5, coupon: "hasbros", products };

  test("the handbook's order", () => {
    const properties = {
      ...paid,
      checkout_id: "c-9",
      total: 27.5,
      subtotal: 22.5,
      revenue: 25,
      currency: "USD",
    };
    expect(track("Order Completed", properties)).toMatchObject([
      {
        kind: "order",
        key: `order:o-1@${NOW}`,
        ids: ["o-1", "c-9"],
        revision: NOW,
        state: "paid",
        currency: "USD",
        flags: [],
        customer: { userId: "u-1", anonymousIds: ["a-1"] },
      },
      { kind: "cart", cart: "c-9", change: "ordered", items: [] },
    ]);
    expect(amounts(order("Order Completed", properties))).toEqual([
      ["45790-32", 1900],
      ["46493-32", 600],
      ["SHIPPING", 300],
      ["TAX", 200],
      ["DISCOUNT", -250],
    ]);
  });

  test.each<[string, object, number]>([
    ["a total", { total: 27.5 }, 2750],
    ["a subtotal after discounts, as in the specification", { subtotal: 22.5 }, 2750],
    ["a subtotal before discounts, as many send it", { subtotal: 25 }, 2750],
    ["revenue only", { revenue: 25 }, 2750],
    ["goods only", {}, 2750],
    ["revenue and no goods", { products: undefined, revenue: 22.5 }, 2750],
  ])("with %s", (_name, more, total) => {
    const said = order("Order Completed", { ...paid, ...more });
    expect(sumMinor(said.lines)).toBe(total);
    expect(said.currency).toBe("EUR");
  });

  test("0.1 + 0.2 are thirty cents", () => {
    const items = [
      { sku: "A", price: 0.1 },
      { sku: "B", price: 0.2 },
    ];
    const said = order("Order Completed", { order_id: "o", total: 0.1 + 0.2, products: items });
    expect(amounts(said)).toEqual([
      ["A", 10],
      ["B", 20],
    ]);
    expect(said.flags).toEqual([]);
  });

  test("yen have no cents, dinars have a thousand", () => {
    const yen = order("Order Completed", {
      order_id: "o",
      currency: "JPY",
      products: [{ sku: "A", price: 1200, quantity: 3 }],
    });
    expect(amounts(yen)).toEqual([["A", 3600]]);
    const dinar = order("Order Completed", {
      order_id: "o",
      currency: "KWD",
      total: 1.2345,
      products: [],
    });
    expect(sumMinor(dinar.lines)).toBe(1235);
  });

  test("text that has one reading is money, text with two is a failure", () => {
    expect(sumMinor(order("Order Completed", { order_id: "o", total: "1.234,50 €" }).lines)).toBe(
      123_450,
    );
    for (const total of ["1,234", "free", {}, "1e3"]) {
      expect(
        map("track", { event: "Order Completed", properties: { order_id: "o", total } }),
      ).toEqual({
        ok: false,
        reason: { code: "bad_money", field: "properties.total" },
      });
    }
  });

  test("taxes that are in the prices are not added once more", () => {
    const said = order("Order Completed", {
      order_id: "o",
      total: 22,
      tax: 3.51,
      shipping: 0,
      products: [{ sku: "A", price: 22 }],
    });
    expect(amounts(said)).toEqual([["A", 2200]]);
    expect(said.flags).toEqual([]);
  });

  test("what does not add up is a line of its own, and flagged", () => {
    const said = order("Order Completed", { ...paid, total: 31 });
    expect(amounts(said)).toContainEqual(["DIFFERENCE", 350]);
    expect(said.flags).toEqual(["lines_differ"]);
    expect(sumMinor(said.lines)).toBe(3100);
  });

  test("an order without a number, and one that says no money, are failures", () => {
    expect(completed({ total: 1 })).toMatchObject({
      reason: { code: "missing_field", field: "properties.order_id" },
    });
    expect(completed({ order_id: "o" })).toMatchObject({
      reason: { code: "missing_field", field: "properties.total" },
    });
    expect(
      completed({ order_id: "o", total: 1, products: [{ sku: "A", price: "1,234" }] }),
    ).toMatchObject({
      reason: { code: "bad_money", field: "properties.products.0.price" },
    });
  });

  test("updated, cancelled, and what the first specification called them", () => {
    expect(track("Order Updated", { order_id: "o", total: 5 })).toMatchObject([
      { kind: "order", state: "paid" },
    ]);
    expect(track("Order Cancelled", { order_id: "o" })).toMatchObject([
      { kind: "order", state: "cancelled", lines: [] },
    ]);
    expect(track("Completed Order", { orderId: 7, total: 5 })).toMatchObject([
      { ids: ["7"], state: "paid" },
      {},
    ]);
  });

  test("a part that is given back, by amount or by goods", () => {
    const byAmount = order("Order Refunded", { order_id: "o", total: 5.55 });
    expect(byAmount).toMatchObject({
      kind: "refund",
      order: "o",
      refund: "segment:m-1",
      key: "refund:segment:m-1",
    });
    expect(amounts(byAmount)).toEqual([["REFUND", -555]]);
    const byGoods = order("Order Refunded", { order_id: "o", products: [products[1]] });
    expect(byGoods).toMatchObject({
      lines: [{ sku: "46493-32", quantity: "-2", unitPrice: "3", amountMinor: -600 }],
    });
    const both = order("Order Refunded", {
      order_id: "o",
      total: 7,
      tax: 1,
      products: [products[1]],
    });
    expect(amounts(both)).toEqual([
      ["46493-32", -600],
      ["TAX", -100],
    ]);
  });

  test("a refund that says neither amount nor goods is of the whole order, which is cancelled by it", () => {
    expect(track("Order Refunded", { order_id: "o" })).toMatchObject([
      { kind: "order", state: "cancelled", ids: ["o"] },
    ]);
  });

  test("a refund of goods without prices is of a part of the order, so it is for a person", () => {
    const unpriced = [{ product_id: "p-1", quantity: 1 }];
    expect(() => track("Order Refunded", { order_id: "o", products: unpriced })).toThrow(
      /needed is missing: properties\.products\.0\.price/,
    );
  });

  test("whatever an order says, its lines add up to its total", () => {
    const cents = fc.integer({ min: 0, max: 10_000_000 });
    const amount = cents.map((minor) => minor / 100);
    const product = fc.record({
      sku: fc.string({ minLength: 1, maxLength: 9 }),
      price: amount,
      quantity: fc.integer({ min: 1, max: 99 }),
    });
    const said = fc.record(
      {
        total: cents,
        shipping: amount,
        tax: amount,
        discount: amount,
        products: fc.array(product, { maxLength: 5 }),
      },
      { requiredKeys: ["total"] },
    );
    fc.assert(
      fc.property(said, ({ total, ...rest }) => {
        const read = order("Order Completed", { order_id: "o", total: total / 100, ...rest });
        expect(sumMinor(read.lines)).toBe(total);
      }),
    );
  });
});
