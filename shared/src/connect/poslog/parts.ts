/** The line items of a retail transaction, sorted into what each of them does to the total. */
import type { LineInput } from "../../capture/input.ts";
import { ok, type Result } from "../../result.ts";
import type { Failure } from "../failure.ts";
import { minorAt } from "./amounts.ts";
import { articleOf, modifiersMinor } from "./article.ts";
import { attributeOf, type Element, elementsIn, isSet, textAt } from "./xml.ts";

export interface Part extends LineInput {
  readonly amountMinor: number;
}

export interface Parts {
  /** Sold and taken back, in the order of the receipt; what comes back is negative. */
  readonly articles: readonly Part[];
  /** Discounts of the whole transaction, fees, tips, rounding: always part of the total. */
  readonly extras: readonly Part[];
  readonly taxMinor: number;
  /** All taxes are said to be part of the prices. */
  readonly isTaxIncluded: boolean;
  /** Price modifiers of the articles, which most tills have taken off the extended amount already. */
  readonly modifiersMinor: number;
  readonly sales: number;
  readonly returns: number;
  readonly voided: number;
}

interface Collected {
  readonly articles: Part[];
  readonly extras: Part[];
  taxMinor: number;
  taxes: number;
  includedTaxes: number;
  modifiersMinor: number;
  sales: number;
  returns: number;
  voided: number;
}

const EXTRAS: readonly (readonly [name: string, sku: string, sign: 1 | -1 | null])[] = [
  ["Discount", "DISCOUNT", -1],
  ["Fee", "FEE", null],
  ["Tip", "TIP", null],
  ["Gratuity", "TIP", null],
  ["ShippingCharge", "SHIPPING", null],
  ["Rounding", "ROUNDING", null],
];

export function partsOf(retail: Element, currency: string): Result<Parts, Failure> {
  const into: Collected = {
    articles: [],
    extras: [],
    taxMinor: 0,
    taxes: 0,
    includedTaxes: 0,
    modifiersMinor: 0,
    sales: 0,
    returns: 0,
    voided: 0,
  };
  for (const item of elementsIn(retail, "LineItem")) {
    const failure = addItem(item, currency, into);
    if (failure !== null) return { ok: false, reason: failure };
  }
  return ok({ ...into, isTaxIncluded: into.taxes > 0 && into.taxes === into.includedTaxes });
}

function addItem(item: Element, currency: string, into: Collected): Failure | null {
  const isVoid = isSet(item, "VoidFlag");
  for (const name of ["Sale", "Return"] as const) {
    for (const element of elementsIn(item, name)) {
      const failure = addArticle(element, name, isVoid, currency, into);
      if (failure !== null) return failure;
    }
  }
  if (isVoid) return null;
  for (const tax of elementsIn(item, "Tax")) {
    const amount = minorAt(tax, currency, "Amount");
    if (!amount.ok) return amount.reason;
    into.taxMinor += amount.value ?? 0;
    into.taxes++;
    if (isIncluded(tax)) into.includedTaxes++;
  }
  for (const reward of elementsIn(item, "LoyaltyReward")) {
    const failure = addReward(reward, currency, into);
    if (failure !== null) return failure;
  }
  return addExtras(item, currency, into);
}

function addArticle(
  element: Element,
  name: "Sale" | "Return",
  isVoid: boolean,
  currency: string,
  into: Collected,
): Failure | null {
  const article = articleOf(element, name, currency);
  if (!article.ok) return article.reason;
  if (isVoid) {
    into.voided++;
    // Some tills write what was voided with a flag; others a second line that takes the first one back.
    if (article.value.amountMinor < 0 === (name === "Return")) return null;
    takeBack(article.value, into);
    return null;
  }
  into[name === "Sale" ? "sales" : "returns"]++;
  into.articles.push(article.value);
  const modifiers = modifiersMinor(element, currency);
  if (!modifiers.ok) return modifiers.reason;
  into.modifiersMinor += name === "Sale" ? modifiers.value : -modifiers.value;
  return null;
}

/** Both lines go, so that nobody seems to have bought and returned what was a slip; without its first it stays. */
function takeBack(reversal: Part, into: Collected): void {
  const at = into.articles.findLastIndex(
    ({ sku, amountMinor }) => sku === reversal.sku && amountMinor === -reversal.amountMinor,
  );
  if (at === -1) into.articles.push(reversal);
  else into.articles.splice(at, 1);
}

const isIncluded = (tax: Element): boolean =>
  isSet(tax, "IncludedInPriceFlag") ||
  /^(?:true|1)$/i.test(textAt(tax, "IncludedInPriceFlag") ?? "") ||
  /^(?:vat)?included$/i.test(attributeOf(tax, "TaxType") ?? "");

/**
 * Money that a loyalty scheme takes off. Tills that say a reward twice, in detail and summed up, mark which is which; points,
 * messages and offers are no money.
 */
function addReward(reward: Element, currency: string, into: Collected): Failure | null {
  const category = textAt(reward, "RewardCategory");
  if (category !== undefined && category !== "Monetary") return null;
  if (isSet(reward, "summarizedActivity") && !isSet(reward, "detailedData")) return null;
  const path = category === undefined ? "Amount" : "ExtendedRewardAmount";
  const amount = minorAt(reward, currency, path);
  if (!amount.ok) return amount.reason;
  addExtra(into, "DISCOUNT", category === undefined ? -Math.abs(amount.value ?? 0) : amount.value);
  return null;
}

function addExtras(item: Element, currency: string, into: Collected): Failure | null {
  for (const [name, sku, sign] of EXTRAS) {
    for (const element of elementsIn(item, name)) {
      const amount = minorAt(element, currency, "Amount");
      if (!amount.ok) return amount.reason;
      const minor = amount.value ?? 0;
      addExtra(into, sku, sign === null ? minor : sign * Math.abs(minor));
    }
  }
  return null;
}

function addExtra(into: Collected, sku: string, amountMinor: number | null): void {
  if (amountMinor !== null && amountMinor !== 0) into.extras.push(extraOf(sku, amountMinor));
}

export const extraOf = (sku: string, amountMinor: number): Part => ({
  sku,
  quantity: "1",
  amountMinor,
});
