/**
 * The lines of a WooCommerce order or refund. Totals of goods, shipping and fees are without tax, whether the shop's prices
 * hold it or not, and after coupons: so tax is always a line, and a coupon never is (its discount is what lies between a
 * line's `subtotal` and its `total`).
 */
import type { LineInput } from "../../capture/input.ts";
import { closeLines, type Closed, type Extra, extraLines } from "../read/lines.ts";
import { decimalTextOf, defined, type Part } from "../read/part.ts";

export function orderLines(order: Part, currency: string, totalMinor: number): Closed {
  const taxMinor = order.minor("total_tax", currency) ?? taxOfLines(order, currency);
  return close(order, currency, totalMinor, taxMinor);
}

/** A refund of money alone names no goods: it is one line. */
export function refundLines(refund: Part, currency: string, totalMinor: number): Closed {
  const closed = close(refund, currency, totalMinor, taxOfParts(refund, currency));
  const isMoneyOnly = closed.lines.length === 1 && closed.lines[0]?.sku === "DIFFERENCE";
  return isMoneyOnly ? moneyBack(totalMinor) : closed;
}

export const moneyBack = (totalMinor: number): Closed => ({
  lines: extraLines([{ sku: "REFUND", amountMinor: totalMinor }]),
  flags: [],
});

function close(part: Part, currency: string, totalMinor: number, taxMinor: number): Closed {
  const goods = part.parts("line_items").map((line) => goodsLine(line, currency));
  const extras: Extra[] = [
    ...extrasOf(part, "shipping_lines", "SHIPPING", "method_title", currency),
    ...extrasOf(part, "fee_lines", "FEE", "name", currency),
    { sku: "TAX", amountMinor: taxMinor },
  ];
  // A shop rounds taxes by line or by total, and prices that hold them to more digits than it shows: a unit per line.
  const roundingMinor = goods.length + extras.length;
  return closeLines([...goods, ...extraLines(extras)], totalMinor, [], roundingMinor);
}

function goodsLine(line: Part, currency: string): LineInput {
  const name = line.text("name");
  const price = line.raw("price");
  return {
    sku: skuOf(line),
    quantity: line.decimal("quantity") ?? "1",
    amountMinor: line.need(line.minor("total", currency), "total") ?? 0,
    // Worked out by the shop, so it may have any number of digits: it is shown, and nothing is counted by it.
    ...defined({ description: name, unitPrice: decimalTextOf(price) ?? undefined }),
  };
}

function skuOf(line: Part): string {
  const sku = line.text("sku", 64);
  if (sku !== undefined) return sku;
  const variation = line.id("variation_id");
  if (variation !== undefined && variation !== "0") return `variation:${variation}`.slice(0, 64);
  const product = line.id("product_id");
  if (product !== undefined && product !== "0") return `product:${product}`.slice(0, 64);
  return line.text("name", 64) ?? "ITEM";
}

function extrasOf(
  part: Part,
  list: string,
  sku: "SHIPPING" | "FEE",
  nameField: string,
  currency: string,
): Extra[] {
  return part.parts(list).map((line) => ({
    sku,
    description: line.text(nameField),
    amountMinor: line.minor("total", currency) ?? 0,
  }));
}

function taxOfLines(order: Part, currency: string): number {
  return order
    .parts("tax_lines")
    .reduce(
      (sum, tax) =>
        sum +
        (tax.minor("tax_total", currency) ?? 0) +
        (tax.minor("shipping_tax_total", currency) ?? 0),
      0,
    );
}

function taxOfParts(refund: Part, currency: string): number {
  return ["line_items", "shipping_lines", "fee_lines"]
    .flatMap((list) => refund.parts(list))
    .reduce((sum, line) => sum + (line.minor("total_tax", currency) ?? 0), 0);
}
