/**
 * What the samples come to, worked out from themselves in another way than the connectors do: the newest state of each order,
 * its total if it is paid, less what went back.
 */
import type { Json } from "./payloads.ts";

export type Money = Readonly<Record<string, number>>;

/** Currencies whose amounts have no decimals; all others of the samples have two. */
const WHOLE = new Set(["JPY"]);
const minor = (amount: unknown, currency: string): number =>
  Math.round(Number(amount) * (WHOLE.has(currency) ? 1 : 100));

/** Everything in it that has all of these fields, however it is wrapped. */
export function having(value: unknown, ...fields: readonly string[]): Json[] {
  if (Array.isArray(value)) return value.flatMap((each) => having(each, ...fields));
  if (typeof value !== "object" || value === null) return [];
  const here = fields.every((field) => Object.hasOwn(value, field)) ? [value as Json] : [];
  return [...here, ...Object.values(value).flatMap((each) => having(each, ...fields))];
}

interface Fact {
  readonly id: string;
  readonly newness: number;
  readonly isPaid: boolean;
  readonly currency: string;
  readonly total: number;
}
/** What went back, by the refund's id. */
type Refunds = Map<string, { readonly order: string; readonly amount: number }>;

function sumOf(facts: readonly Fact[], refunds: Refunds): Money {
  const newest = new Map<string, Fact>();
  for (const fact of facts) {
    const known = newest.get(fact.id);
    if (!known || fact.newness > known.newness) newest.set(fact.id, fact);
  }
  const sums: Record<string, number> = {};
  for (const { id, isPaid, currency, total } of newest.values()) {
    if (!isPaid) continue;
    const back = [...refunds.values()].filter(({ order }) => order === id);
    const net = back.reduce((sum, { amount }) => sum - amount, total);
    sums[currency] = (sums[currency] ?? 0) + net;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

/** What the shop counts in; the customer may have seen another currency. */
const inShopMoney = (transaction: Json): unknown =>
  having(transaction["amount_set"], "shop_money")
    .map(({ shop_money: money }) => (money as Json)["amount"])
    .at(0) ?? transaction["amount"];

const PAID = new Set(["paid", "partially_refunded", "refunded"]);

export function shopifyMoney(bodies: readonly unknown[]): Money {
  const orders = having(bodies, "financial_status", "total_price").filter(
    (order) => !Object.hasOwn(order, "invoice_url"),
  );
  const refunds: Refunds = new Map();
  const currencies = new Map(
    orders.map((order) => [String(order["id"]), String(order["currency"])]),
  );
  const add = (refund: Json, order: string): void => {
    const back = having(refund["transactions"], "kind", "amount").filter(
      ({ kind, status }) => kind === "refund" && status === "success",
    );
    const currency = currencies.get(order) ?? "";
    const amount = back.reduce((sum, each) => sum + minor(inShopMoney(each), currency), 0);
    if (amount !== 0) refunds.set(String(refund["id"]), { order, amount });
  };
  for (const order of orders) {
    for (const refund of having(order["refunds"], "transactions")) add(refund, String(order["id"]));
  }
  for (const refund of having(bodies, "refund_line_items", "order_id", "transactions")) {
    add(refund, String(refund["order_id"]));
  }
  const facts = orders.map((order): Fact => {
    const currency = String(order["currency"]);
    return {
      id: String(order["id"]),
      newness: Date.parse(String(order["updated_at"])),
      isPaid: PAID.has(String(order["financial_status"])),
      currency,
      total: minor(order["total_price"], currency),
    };
  });
  return sumOf(facts, refunds);
}

export function wooMoney(bodies: readonly unknown[]): Money {
  const orders = having(bodies, "order_key", "total");
  const deleted = new Set(
    having(bodies, "delete").flatMap((batch) => having(batch["delete"], "order_key")),
  );
  const refunds: Refunds = new Map();
  for (const order of orders) {
    for (const each of having(order["refunds"], "id", "total")) {
      const amount = -minor(each["total"], String(order["currency"]));
      refunds.set(String(each["id"]), { order: String(order["id"]), amount });
    }
  }
  const facts = orders.map((order): Fact => {
    const currency = String(order["currency"]);
    const isDeleted = deleted.has(order);
    return {
      id: String(order["id"]),
      // Of the same moment, what is gone is later.
      newness: Date.parse(`${String(order["date_modified_gmt"])}Z`) + (isDeleted ? 1 : 0),
      isPaid: !isDeleted && ["processing", "completed"].includes(String(order["status"])),
      currency,
      total: minor(order["total"], currency),
    };
  });
  return sumOf(facts, refunds);
}

const amountOf = (money: unknown) => money as { amount: number; currency: string };

/** Square's amounts are minor units as they are. */
export function squareMoney(bodies: readonly unknown[]): Money {
  const orders = having(bodies, "total_money", "state", "id", "line_items");
  const payments = having(bodies, "amount_money", "status", "id", "source_type");
  const facts = [
    ...orders.map((order): Fact => {
      const { amount, currency } = amountOf(order["total_money"]);
      const newness = Number(order["version"]);
      const isPaid = order["state"] === "COMPLETED";
      return { id: String(order["id"]), newness, isPaid, currency, total: amount };
    }),
    ...payments.map((payment): Fact => {
      const { amount, currency } = amountOf(payment["amount_money"]);
      const isPaid = payment["status"] === "COMPLETED";
      return { id: String(payment["order_id"]), newness: 0, isPaid, currency, total: amount };
    }),
  ];
  const orderOfPayment = new Map([
    ...payments.map((payment) => [payment["id"], String(payment["order_id"])] as const),
    ...orders.flatMap((order) =>
      having(order["tenders"], "payment_id").map(
        (tender) => [tender["payment_id"], String(order["id"])] as const,
      ),
    ),
  ]);
  const refunds: Refunds = new Map();
  for (const refund of having(bodies, "payment_id", "amount_money", "status")) {
    const order = orderOfPayment.get(refund["payment_id"]);
    if (order === undefined || refund["status"] !== "COMPLETED") continue;
    refunds.set(String(refund["id"]), { order, amount: amountOf(refund["amount_money"]).amount });
  }
  return sumOf(facts, refunds);
}

const upper = (value: unknown): string => String(value).toUpperCase();

/** Stripe's amounts are minor units too, and a refund is of a payment. */
export function stripeMoney(bodies: readonly unknown[]): Money {
  const objects = having(bodies, "object", "id");
  const named = (name: string) => objects.filter(({ object }) => object === name);
  const facts = [
    ...named("charge").map((charge): Fact => ({
      id: String(charge["payment_intent"]),
      newness: 0,
      isPaid: charge["captured"] === true,
      currency: upper(charge["currency"]),
      total: Number(charge["amount_captured"]),
    })),
    ...named("checkout.session").map((session): Fact => ({
      id: String(session["payment_intent"]),
      newness: 0,
      isPaid: session["payment_status"] === "paid",
      currency: upper(session["currency"]),
      total: Number(session["amount_total"]),
    })),
  ];
  const refunds: Refunds = new Map();
  for (const refund of named("refund").filter(({ status }) => status === "succeeded")) {
    const order = String(refund["payment_intent"]);
    refunds.set(String(refund["id"]), { order, amount: Number(refund["amount"]) });
  }
  return sumOf(facts, refunds);
}
