/** Lines of orders and returns; with taxes, discounts, tips and fees they come to the total. */
import type { LineInput } from "../../capture/input.ts";
import { lineAmountMinor } from "../../money.ts";
import { type Closed, closeWith, type Extra } from "../read/lines.ts";
import type { Part } from "../read/part.ts";
import { majorOf, minorIn } from "./money.ts";

/** Before discounts and taxes, with what was added to the item. */
export function goodsOf(items: readonly Part[], currency: string): LineInput[] {
  return items.map((item) => {
    const quantity = item.decimal("quantity") ?? "1";
    const base = minorIn(item, "base_price_money", currency);
    const gross = minorIn(item, "gross_sales_money", currency);
    const unitPrice = base === undefined ? undefined : majorOf(base, currency);
    const product = amountOf(item, quantity, unitPrice, currency);
    const amountMinor = gross ?? product ?? minorIn(item, "total_money", currency) ?? 0;
    const description = describe(item);
    return {
      sku: item.id("catalog_object_id", 64) ?? "CUSTOM",
      quantity,
      // With modifiers a piece costs more than its base price.
      ...(unitPrice === undefined || product !== amountMinor ? {} : { unitPrice }),
      amountMinor,
      ...(description === undefined ? {} : { description }),
    };
  });
}

function amountOf(item: Part, quantity: string, unitPrice: string | undefined, currency: string) {
  if (unitPrice === undefined) return undefined;
  const amount = lineAmountMinor(quantity, unitPrice, currency);
  return amount.ok ? amount.value : item.fail("bad_money", "base_price_money");
}

function describe(item: Part): string | undefined {
  const name = item.text("name", 250);
  const variation = item.text("variation_name", 250);
  return name === undefined || variation === undefined
    ? (name ?? variation)
    : `${name}, ${variation}`;
}

/** Taxes may be in the prices: what is in the goods already is not added once more. */
export function close(
  goods: readonly LineInput[],
  order: Part,
  currency: string,
  totalMinor: number,
): Closed {
  return closeWith(goods, extrasOf(order, currency), totalMinor);
}

function extrasOf(order: Part, currency: string): Extra[] {
  const minor = (name: string) => minorIn(order, name, currency) ?? 0;
  const rounding = order.part("rounding_adjustment");
  const rounded = rounding === undefined ? undefined : minorIn(rounding, "amount_money", currency);
  return [
    { sku: "DISCOUNT", amountMinor: -minor("total_discount_money") },
    { sku: "TAX", amountMinor: minor("total_tax_money") },
    { sku: "FEE", amountMinor: minor("total_service_charge_money") },
    { sku: "TIP", amountMinor: minor("total_tip_money") },
    { sku: "ROUNDING", amountMinor: rounded ?? 0 },
  ];
}
