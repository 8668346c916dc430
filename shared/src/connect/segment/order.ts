/** Orders of the e-commerce events. Their totals are exact: numbers are read as the decimals that they were written as. */
import type { LineInput } from "../../capture/input.ts";
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { type Closed, closeWith, type Extra, extraLines, sumMinor } from "../read/lines.ts";
import type { Part } from "../read/part.ts";
import { isPriced, linesOf, moneyIn } from "./items.ts";
import type { Message } from "./message.ts";

type Order = Extract<ConnectCapture, { kind: "order" }>;
type Refund = Extract<ConnectCapture, { kind: "refund" }>;
export type Said = Pick<ConnectCapture, "at" | "customer">;

/** `paid`: Order Completed and Updated, which are sent once the customer has paid. */
export function orderOf(
  message: Message,
  properties: Part,
  state: "paid" | "cancelled",
  said: Said,
): Order | null {
  const order = orderIdOf(properties);
  if (order === undefined) return null;
  const currency = properties.currency("currency") ?? message.account.currency;
  const { lines, flags } = contentOf(properties, currency, state === "paid");
  const checkout = properties.id("checkout_id") ?? properties.id("checkoutId");
  return {
    ...said,
    kind: "order",
    key: `order:${order}@${message.ms}`,
    ids: [...new Set([order, ...(checkout === undefined ? [] : [checkout])])],
    revision: message.ms,
    state,
    currency,
    lines,
    flags,
  };
}

/**
 * Money back. Without an amount and without goods it is the whole order, which then counts as cancelled. Goods without their
 * prices are a part of it, and nobody can say of how much.
 */
export function refundOf(message: Message, properties: Part, said: Said): Order | Refund | null {
  const order = orderIdOf(properties);
  if (order === undefined) return null;
  const currency = properties.currency("currency") ?? message.account.currency;
  const total = moneyIn(properties, "total", currency);
  const products = properties.parts("products");
  const hasGoods = products.some((product) => isPriced(product));
  if (total === undefined) {
    if (products.length === 0) return orderOf(message, properties, "cancelled", said);
    for (const product of products) product.need(product.raw("price"), "price");
  }
  const goods = linesOf(products, currency, -1);
  const totalMinor = total === undefined ? sumMinor(goods) : -Math.abs(total);
  const closed = hasGoods
    ? closeWith(goods, extrasOf(properties, currency, -1), totalMinor)
    : { lines: extraLines([{ sku: "REFUND", amountMinor: totalMinor }]), flags: [] };
  const refund = properties.id("refund_id") ?? message.key;
  return { ...said, kind: "refund", key: `refund:${refund}`, refund, order, currency, ...closed };
}

function orderIdOf(properties: Part): string | undefined {
  const max = LIMITS.orderIdChars;
  const order = properties.id("order_id", max) ?? properties.id("orderId", max);
  return properties.need(order, "order_id");
}

function contentOf(properties: Part, currency: string, isTotalNeeded: boolean): Closed {
  const products = properties.parts("products");
  const lines = linesOf(products, currency, 1);
  const extras = extrasOf(properties, currency, 1);
  const total = totalOf(properties, currency, { lines, extras });
  if (total !== undefined) return closeWith(lines, extras, total);
  if (isTotalNeeded) properties.need(total, "total");
  return { lines, flags: [] };
}

/**
 * `total`, or what it is made of. Segment's `subtotal` and `revenue` are without shipping and taxes, and after discounts; many
 * shops send them before discounts, which shows where they are exactly what the goods come to.
 */
function totalOf(
  properties: Part,
  currency: string,
  { lines, extras }: { readonly lines: readonly LineInput[]; readonly extras: readonly Extra[] },
): number | undefined {
  const total = moneyIn(properties, "total", currency);
  if (total !== undefined) return total;
  const goods = sumMinor(lines);
  const given =
    moneyIn(properties, "subtotal", currency) ?? moneyIn(properties, "revenue", currency);
  const base = given ?? (goods === 0 ? undefined : goods);
  if (base === undefined) return undefined;
  const isBeforeDiscount = base === goods;
  return base + sumMinor(extras.filter(({ sku }) => isBeforeDiscount || sku !== "DISCOUNT"));
}

function extrasOf(properties: Part, currency: string, sign: 1 | -1): Extra[] {
  const shipping = moneyIn(properties, "shipping", currency) ?? 0;
  const tax = moneyIn(properties, "tax", currency) ?? 0;
  const discount = moneyIn(properties, "discount", currency) ?? 0;
  const description = properties.text("coupon", LIMITS.fieldChars);
  return [
    { sku: "SHIPPING", amountMinor: sign * shipping },
    { sku: "TAX", amountMinor: sign * tax },
    { sku: "DISCOUNT", amountMinor: -sign * Math.abs(discount), description },
  ];
}
