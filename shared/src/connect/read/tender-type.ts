/** Kinds of tender by the names that shops and payment providers give them. */
import type { Tender } from "../../events/tender.ts";

const KINDS: readonly (readonly [Tender["type"], RegExp])[] = [
  ["voucher", /gift|voucher|coupon|store.?credit/],
  ["loyalty", /loyalty|points|reward/],
  ["cash", /^cash$|^cod$|cash.?on.?delivery|bar(?:zahlung|geld)/],
  ["account", /invoice|on.?account|net.?terms|purchase.?order/],
  [
    "card",
    /card|stripe|shopify.?payments|visa|master|amex|american.?express|maestro|adyen|braintree|worldpay|authorize|square|woocommerce.?payments|apple.?pay|google.?pay|bogus/,
  ],
];

export function tenderTypeOf(name: string | undefined): Tender["type"] {
  const folded = (name ?? "").toLowerCase();
  return KINDS.find(([, pattern]) => pattern.test(folded))?.[0] ?? "other";
}

/** `visa 4242` at most: less than this says nothing to the customer, more says too much to others. */
export function cardReference(
  brand: string | undefined,
  number: string | undefined,
): string | undefined {
  const last = /(\d{4})\D*$/.exec(number ?? "")?.[1];
  const words = [brand?.slice(0, 30), last].filter((word) => word !== undefined && word !== "");
  return words.length === 0 ? undefined : words.join(" ");
}
