import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bent, faultIn, takenCuts } from "../testing/hostile.ts";
import { sumMinor } from "../read/lines.ts";
import { answered, bytesOf, mapBody, mapSaid, ORDER, usd } from "../testing/square.ts";

const revision = (said: unknown) => (said as { revision: number }).revision;

describe("payments and refunds", () => {
  const PAYMENT = {
    id: "p-1",
    order_id: "o-1",
    status: "COMPLETED",
    source_type: "CARD",
    customer_id: "c-1",
    amount_money: usd(1000),
    tip_money: usd(150),
    total_money: usd(1150),
    receipt_number: "R1",
    created_at: "2026-04-30T09:05:00Z",
    updated_at: "2026-04-30T09:06:00Z",
    offline_payment_details: { client_created_at: "2026-04-30T08:00:00Z" },
  };
  const REFUND = {
    id: "p-1_r-1",
    payment_id: "p-1",
    order_id: "o-2",
    status: "COMPLETED",
    amount_money: usd(555),
    created_at: "2026-04-30T11:00:00Z",
  };

  test("a payment stands for its order until that is there, which then counts", () => {
    const [payment] = answered({ payment: PAYMENT });
    expect(payment).toMatchObject({
      kind: "order",
      at: "2026-04-30T08:00:00.000Z",
      ids: ["o-1", "p-1"],
      state: "paid",
      lines: [
        { sku: "PAYMENT", amountMinor: 1000 },
        { sku: "TIP", amountMinor: 150 },
      ],
      tenders: [{ type: "card", amountMinor: 1150 }],
      externalId: "R1",
    });
    const [later] = answered({ payment: { ...PAYMENT, updated_at: "2026-04-30T09:06:01Z" } });
    expect(revision(later)).toBe(revision(payment) + 1000);
    expect(revision(later)).toBeLessThan(0);
  });

  test.each([
    ["APPROVED", "placed"],
    ["PENDING", "placed"],
    ["CANCELED", "cancelled"],
  ])("%s is %s", (status, state) => {
    expect(answered({ payment: { ...PAYMENT, status } })).toMatchObject([{ state }]);
  });

  test("an attempt that failed says nothing", () => {
    expect(answered({ payments: [{ ...PAYMENT, status: "FAILED" }] })).toEqual([]);
  });

  test("money back is a refund of what was paid; what is pending is none yet", () => {
    expect(answered({ refund: REFUND })).toEqual([
      {
        kind: "refund",
        key: "refund:r-1",
        refund: "r-1",
        order: "p-1",
        currency: "USD",
        at: "2026-04-30T11:00:00.000Z",
        lines: [{ sku: "REFUND", quantity: "1", amountMinor: -555 }],
      },
    ]);
    expect(answered({ refund: { ...REFUND, status: "PENDING" } })).toEqual([]);
  });

  const RETURN = {
    id: "o-2",
    state: "COMPLETED",
    version: 1,
    location_id: "L1",
    created_at: "2026-04-30T11:00:00Z",
    returns: [
      {
        uid: "x",
        source_order_id: "o-1",
        return_line_items: [
          {
            catalog_object_id: "V1",
            name: "Tea",
            quantity: "1",
            gross_return_money: usd(500),
            base_price_money: usd(500),
            total_money: usd(555),
          },
        ],
      },
    ],
    refunds: [
      {
        id: "r-1",
        tender_id: "p-1",
        status: "APPROVED",
        amount_money: usd(555),
        created_at: "2026-04-30T11:00:00Z",
      },
    ],
  };

  test("goods that came back have the key of their refund, so that both count once", () => {
    const [returned] = answered({ order: RETURN });
    expect(returned).toMatchObject({
      kind: "refund",
      key: "refund:r-1",
      order: "o-1",
      lines: [{ sku: "V1", quantity: "-1", amountMinor: -555 }],
    });
    expect(returned?.key).toBe(answered({ refund: REFUND })[0]?.key);
  });

  test("goods that came back before their refund wait for it; an exchange has none", () => {
    const pending = RETURN.refunds.map((refund) => ({ ...refund, status: "PENDING" }));
    expect(answered({ order: { ...RETURN, refunds: pending } })).toEqual([]);
    expect(answered({ order: { ...RETURN, refunds: undefined, state: "OPEN" } })).toEqual([]);
    expect(answered({ order: { ...RETURN, refunds: undefined } })).toMatchObject([
      { kind: "refund", key: "refund:o-2/x", order: "o-1" },
    ]);
    const exchange = { ...ORDER, id: "o-3", returns: RETURN.returns };
    expect(answered({ order: exchange })).toMatchObject([
      { kind: "order" },
      { kind: "refund", order: "o-1" },
    ]);
  });

  test("CAP5: goods that came back for cheaper ones count whole: a part is paid back, the rest pays for the others", () => {
    const refunds = [{ ...RETURN.refunds[0], amount_money: usd(155) }];
    const exchange = { ...ORDER, id: "o-3", returns: RETURN.returns, refunds };
    const back = answered({ order: exchange }).flatMap((each) =>
      each.kind === "refund" ? [[each.key, each.order, sumMinor(each.lines)]] : [],
    );
    expect(back).toEqual([
      ["refund:r-1", "o-1", -155],
      ["refund:o-3/credit", "o-1", -400],
    ]);
  });

  test("a refund of more than the goods is one amount", () => {
    const refunds = [{ ...RETURN.refunds[0], amount_money: usd(600) }];
    expect(answered({ order: { ...RETURN, refunds } })).toMatchObject([
      { lines: [{ sku: "REFUND", amountMinor: -600 }] },
    ]);
  });

  test.each([
    ["order", ORDER],
    ["order", RETURN],
    ["payment", PAYMENT],
    ["refund", REFUND],
    [
      "customer",
      {
        id: "c",
        email_address: "a@example.com",
        address: { locality: "x" },
        preferences: { email_unsubscribed: true },
      },
    ],
    ["loyalty_account", { id: "l", program_id: "p", balance: 1, mapping: { phone_number: "1" } }],
  ])("SEC2: a bent %s holds, or says why not without quoting it", (name, value) => {
    fc.assert(
      fc.property(bent({ [name]: value }), (said) => {
        expect(faultIn(mapSaid("api", said))).toBeNull();
      }),
      { numRuns: 400 },
    );
    expect(takenCuts(bytesOf({ [name]: value }), (cut) => mapBody(cut))).toEqual([]);
  });
});
