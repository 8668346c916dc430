/** Products of the e-commerce events: lines of an order, and what somebody looked at. */
import type { LineInput } from "../../capture/input.ts";
import type { Item } from "../../events/behaviour.ts";
import { LIMITS } from "../../limits.ts";
import { lineAmountMinor } from "../../money.ts";
import type { JsonObject } from "../read/json.ts";
import { minorOf, Part } from "../read/part.ts";
import { looseDecimal } from "./loose-money.ts";

/** A number, or text that has one reading; undefined where it is absent, or where it is noted as a failure. */
export function moneyIn(part: Part, name: string, currency: string): number | undefined {
  const value = part.raw(name);
  if (value === undefined) return undefined;
  const decimal = decimalOf(value);
  const minor = decimal === null ? null : minorOf(decimal, currency);
  return minor ?? part.fail("bad_money", name);
}

const decimalOf = (value: unknown): string | null =>
  typeof value === "number" || typeof value === "string" ? looseDecimal(String(value)) : null;

/** Lines in the currency; a product without a price comes to nothing, and the total says what is missing. */
export function linesOf(products: readonly Part[], currency: string, sign: 1 | -1): LineInput[] {
  return products.map((product) => {
    const unitPrice = priceOf(product);
    const quantity = quantityOf(product);
    const amount = lineAmountMinor(quantity, unitPrice ?? "0", currency);
    if (!amount.ok) product.fail("bad_money", "price");
    // Negative zero is no amount.
    const amountMinor = amount.ok && amount.value !== 0 ? sign * amount.value : 0;
    return {
      ...namesOf(product),
      quantity: sign === 1 ? quantity : negated(quantity),
      ...(unitPrice === undefined ? {} : { unitPrice }),
      amountMinor,
    };
  });
}

export const isPriced = (product: Part): boolean => product.raw("price") !== undefined;

/** What can be used of a product that was looked at: no behaviour is refused for its price. */
export function itemsOf(products: readonly JsonObject[], limit: number): Item[] {
  return products.slice(0, limit).map((value) => {
    const product = new Part(value, "", { failure: null });
    const quantity = decimalOf(product.raw("quantity"));
    const unitPrice = decimalOf(product.raw("price"));
    return {
      ...namesOf(product),
      ...(quantity === null ? {} : { quantity }),
      ...(unitPrice === null ? {} : { unitPrice }),
    };
  });
}

const SKU_CHARS = 64;

/** The name that the till has as well comes first. */
function namesOf(product: Part) {
  const sku = ["sku", "product_id", "productId", "id"]
    .map((name) => product.scalar(name))
    .find((name) => name !== undefined && String(name).trim().length <= SKU_CHARS);
  const description = product.text("name", LIMITS.fieldChars);
  return {
    sku: sku === undefined ? "UNNAMED" : String(sku).trim().toWellFormed(),
    ...(description === undefined ? {} : { description }),
  };
}

function priceOf(product: Part): string | undefined {
  const value = product.raw("price");
  if (value === undefined) return undefined;
  return decimalOf(value) ?? product.fail("bad_money", "price");
}

function quantityOf(product: Part): string {
  const value = product.raw("quantity");
  if (value === undefined) return "1";
  return decimalOf(value) ?? product.fail("bad_field", "quantity") ?? "1";
}

const negated = (decimal: string): string =>
  decimal.startsWith("-") ? decimal.slice(1) : `-${decimal}`;
