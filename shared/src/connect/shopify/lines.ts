/** The lines of a Shopify order: they add up to its `total_price`. */
import type { LineInput } from "../../capture/input.ts";
import { lineAmountMinor } from "../../money.ts";
import { closeLines, type Closed, type Extra, extraLines } from "../read/lines.ts";
import { defined, type Part } from "../read/part.ts";
import { setMinor, shopMinor, shopPrice, sumOf } from "./shop-money.ts";

/**
 * Goods stand at what was paid for them, after their share of all discounts. Tax is a line where it is not in the prices.
 * Tips, duties and fees are part of the total, but are among the goods in some versions: they are lines where they explain
 * what is missing, and so is a discount of which the goods know nothing. What was taken out again stands beside the goods.
 */
export function orderLines(
  order: Part,
  currency: string,
  totalMinor: number,
  takenOut: readonly LineInput[],
): Closed {
  const goods = order.parts("line_items").map((line) => goodsLine(line, currency));
  const taxMinor = shopMinor(order, "total_tax", currency) ?? 0;
  const tax: Extra = { sku: "TAX", amountMinor: taxMinor };
  const isTaxOnTop = order.raw("taxes_included") === false;
  const isTaxTold = order.raw("taxes_included") !== undefined;
  const lines = [
    ...goods,
    ...takenOut,
    ...extraLines([...shipping(order, currency), ...(isTaxOnTop ? [tax] : [])]),
  ];
  const perhaps: Extra[] = [
    ...(isTaxTold ? [] : [tax]),
    { sku: "TIP", amountMinor: shopMinor(order, "total_tip_received", currency) ?? 0 },
    { sku: "FEE", description: "Duties", amountMinor: setOf(order, "original_total_duties_set") },
    {
      sku: "FEE",
      description: "Additional fees",
      amountMinor: setOf(order, "original_total_additional_fees_set"),
    },
    { sku: "DISCOUNT", amountMinor: 0 - (shopMinor(order, "total_discounts", currency) ?? 0) },
  ];
  return closeLines(lines, totalMinor, perhaps);

  function setOf(part: Part, name: string): number {
    return setMinor(part.part(name), currency) ?? 0;
  }
}

function goodsLine(line: Part, currency: string): LineInput {
  const quantity = line.need(line.decimal("quantity"), "quantity") ?? "0";
  const unitPrice = line.need(shopPrice(line, "price", currency), "price") ?? "0";
  const gross = lineAmountMinor(quantity, unitPrice, currency);
  if (!gross.ok) line.fail("bad_money", "price");
  const description = descriptionOf(line);
  return {
    sku: skuOf(line),
    quantity,
    unitPrice,
    amountMinor: (gross.ok ? gross.value : 0) - discountOf(line, currency),
    ...(description === undefined ? {} : { description }),
  };
}

/** Old versions have only the line's own discount; where there are shares, they hold it. */
function discountOf(line: Part, currency: string): number {
  const shares = line.parts("discount_allocations");
  if (shares.length > 0) return sumOf(shares, (share) => shopMinor(share, "amount", currency));
  return shopMinor(line, "total_discount", currency) ?? 0;
}

function shipping(order: Part, currency: string): Extra[] {
  return order
    .parts("shipping_lines")
    .filter((line) => !line.isTrue("is_removed"))
    .map((line) => ({
      sku: "SHIPPING" as const,
      description: line.text("title"),
      amountMinor: (shopMinor(line, "price", currency) ?? 0) - discountOf(line, currency),
    }));
}

/** Goods without a number of their own are known by their variant. */
export function skuOf(line: Part): string {
  const sku = line.text("sku", 64);
  if (sku !== undefined) return sku;
  const variant = line.id("variant_id");
  if (variant !== undefined) return `variant:${variant}`.slice(0, 64);
  const product = line.id("product_id");
  if (product !== undefined) return `product:${product}`.slice(0, 64);
  return line.isTrue("gift_card") ? "GIFT_CARD" : (descriptionOf(line)?.slice(0, 64) ?? "ITEM");
}

export function descriptionOf(line: Part): string | undefined {
  const name = line.text("name") ?? line.text("title") ?? line.text("presentment_title");
  return name;
}

/** Fields of a cart's item, which is no line: it moves no money. */
export function itemOf(line: Part) {
  return {
    sku: skuOf(line),
    ...defined({
      description: descriptionOf(line),
      quantity: line.decimal("quantity"),
      unitPrice: line.decimal("price"),
    }),
  };
}
