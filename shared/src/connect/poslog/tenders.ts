/** How a POSLog transaction was paid: what was handed over less the change. References of cards are not read (SEC2). */
import type { Tender } from "../../events/tender.ts";
import { LIMITS } from "../../limits.ts";
import { ok, type Result } from "../../result.ts";
import type { Failure } from "../failure.ts";
import { minorAt } from "./amounts.ts";
import { attributeOf, type Element, elementsIn, isSet } from "./xml.ts";

const TYPES: readonly (readonly [RegExp, Tender["type"]])[] = [
  [/^cash$/, "cash"],
  [/credit|debit|card$/, "card"],
  [/loyalty|points/, "loyalty"],
  [/gift|voucher|coupon|stored|certificate/, "voucher"],
  [/account|invoice/, "account"],
];

export function tendersOf(retail: Element, currency: string): Result<readonly Tender[], Failure> {
  const tenders: Tender[] = [];
  for (const item of elementsIn(retail, "LineItem")) {
    for (const element of elementsIn(item, "Tender")) {
      const amount = amountOf(element, currency);
      if (!amount.ok) return amount;
      // A voided tender is left out; a line that takes one back counts against it.
      if (isSet(item, "VoidFlag") && amount.value >= 0) continue;
      tenders.push({ type: typeOf(element), amountMinor: amount.value });
    }
  }
  return ok(tenders.length > LIMITS.tenders ? byType(tenders) : tenders);
}

function amountOf(tender: Element, currency: string): Result<number, Failure> {
  const amount = minorAt(tender, currency, "Amount");
  if (!amount.ok) return amount;
  const change = minorAt(tender, currency, "TenderChange", "Amount");
  if (!change.ok) return change;
  const given = amount.value ?? 0;
  const isRefund = /^refund$/i.test(attributeOf(tender, "TypeCode") ?? "");
  if (isRefund && given > 0) return ok(-given);
  // A line that is nothing but change says it twice.
  const isChange = change.value === null || change.value === given;
  return ok(isChange ? given : given - Math.abs(change.value));
}

function typeOf(tender: Element): Tender["type"] {
  const name = (attributeOf(tender, "TenderType") ?? "").replace(/^\w+:/, "").toLowerCase();
  // Not a loyalty card or a gift card that ends like a bank's.
  const isCard = /^(?!gift|loyalty).*(?:credit|debit|card)/.test(name);
  if (isCard) return "card";
  return TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
}

function byType(tenders: readonly Tender[]): readonly Tender[] {
  const sums = new Map<Tender["type"], number>();
  for (const { type, amountMinor } of tenders) {
    sums.set(type, (sums.get(type) ?? 0) + amountMinor);
  }
  return [...sums].map(([type, amountMinor]) => ({ type, amountMinor }));
}
