import { describe, expect, test } from "vitest";
import { captures, fixture } from "../../../../test/connect/shopify.ts";

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
  [{ financial_status: "refunded", cancelled_at: "2024-03-01T09:00:00-05:00" }, "cancelled"],
  [{ financial_status: "refunded" }, "paid"],
  // The shop has kept part of the money: the order counts, less its refunds.
  [{ financial_status: "partially_refunded", cancelled_at: "2024-03-01T09:00:00-05:00" }, "paid"],
])("%o is %s", (fields, state) => {
  const order = { ...fixture("orders_create"), ...fields };
  expect(captures("orders/updated", order)[0]).toMatchObject({ state });
});

test("CAP5: an order that grew after it was paid counts for what was paid", () => {
  const order = fixture("orders_paid");
  const whole = captures("orders/updated", order)[0];
  const grown = {
    ...order,
    financial_status: "partially_paid",
    total_outstanding: "1000" /* yen */,
  };
  const sumOf = (capture: typeof whole) =>
    capture && "lines" in capture
      ? capture.lines.reduce((sum, { amountMinor = 0 }) => sum + amountMinor, 0)
      : 0;
  const part = captures("orders/updated", grown)[0];
  expect(part).toMatchObject({ state: "paid", flags: [] });
  expect(sumOf(part)).toBe(sumOf(whole) - 1_000);
  // Nobody says how much: nothing counts until it is paid.
  const { total_outstanding: _none, ...unsaid } = grown;
  expect(captures("orders/updated", unsaid)[0]).toMatchObject({ state: "placed" });
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
