/** One article of a POSLog, sold or taken back. */
import { lineSchema } from "../../events/line.ts";
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { decimalOf, minorAt, minorOf, productMinor } from "./amounts.ts";
import type { Part } from "./parts.ts";
import { attributeOf, type Element, elementsIn, textAt } from "./xml.ts";

export function articleOf(
  element: Element,
  name: "Sale" | "Return",
  currency: string,
): Result<Part, Failure> {
  const sku = lineSchema.shape.sku.safeParse(
    textAt(element, "ItemID") ??
      textAt(element, "POSIdentity", "POSItemID") ??
      textAt(element, "MerchandiseHierarchy"),
  );
  if (!sku.success) return fail(failureOf("missing_field", `${name}.ItemID`));
  const quantity = decimalOf(textAt(element, "Quantity") ?? "1");
  if (quantity === null) return fail(failureOf("bad_field", `${name}.Quantity`));
  const unitPrice = priceOf(element);
  if (unitPrice === null) return fail(failureOf("bad_money", `${name}.RegularSalesUnitPrice`));
  const amount = amountOf(element, quantity, unitPrice, currency);
  if (!amount.ok) return amount;
  const description = textAt(element, "Description")?.slice(0, LIMITS.fieldChars);
  const isBack = name === "Return";
  return ok({
    sku: sku.data,
    ...(description === undefined ? {} : { description }),
    quantity: isBack ? negative(quantity) : quantity,
    ...(unitPrice === undefined ? {} : { unitPrice }),
    amountMinor: isBack ? 0 - Math.abs(amount.value) : amount.value,
  });
}

function amountOf(
  element: Element,
  quantity: string,
  unitPrice: string | undefined,
  currency: string,
): Result<number, Failure> {
  const stated = minorAt(element, currency, "ExtendedAmount");
  if (!stated.ok) return stated;
  if (stated.value !== null) return ok(stated.value);
  if (unitPrice === undefined) return fail(failureOf("missing_field", "ExtendedAmount"));
  return productMinor(quantity, unitPrice, textAt(element, "MultipleQuantity") ?? "1", currency);
}

/** What was asked for it, else what it usually costs. Null when that is no number, undefined when it is not said. */
function priceOf(element: Element): string | null | undefined {
  const text =
    textAt(element, "ActualSalesUnitPrice") ??
    textAt(element, "RegularSalesUnitPrice") ??
    textAt(element, "UnitListPrice");
  return text === undefined ? undefined : decimalOf(text);
}

const negative = (decimal: string): string =>
  decimal.startsWith("-") || !/[1-9]/.test(decimal) ? decimal : `-${decimal}`;

/** Sum of the price modifiers: negative where they take something off. */
export function modifiersMinor(article: Element, currency: string): Result<number, Failure> {
  let sum = 0;
  for (const modifier of elementsIn(article, "RetailPriceModifier")) {
    const [amount] = elementsIn(modifier, "Amount");
    const text = textAt(modifier, "Amount");
    if (text === undefined) continue;
    const minor = minorOf(text, currency, "RetailPriceModifier.Amount");
    if (!minor.ok) return minor;
    const action = amount === undefined ? undefined : attributeOf(amount, "Action");
    sum += /^add$/i.test(action ?? "") ? Math.abs(minor.value) : -Math.abs(minor.value);
  }
  return ok(sum);
}
