/** Money of a Shopify resource in the shop's currency, whatever the customer saw. */
import type { Part } from "../read/part.ts";

/** The currency that the shop counts in; `currency` of an order is that one, of old and new ones. */
export function shopCurrency(part: Part, setName: string): string | undefined {
  return (
    part.part(setName)?.part("shop_money")?.currency("currency_code") ?? part.currency("currency")
  );
}

/** The amount of `<name>_set`, else of `<name>`; what the customer saw only where it is in the shop's currency as well. */
export function shopMinor(part: Part, name: string, currency: string): number | undefined {
  const set = part.part(`${name}_set`);
  return set ? (setMinor(set, currency) ?? part.minor(name, currency)) : part.minor(name, currency);
}

/** An amount that comes as a set only. */
export function setMinor(set: Part | undefined, currency: string): number | undefined {
  for (const side of ["shop_money", "presentment_money"]) {
    const money = set?.part(side);
    if (money?.currency("currency_code") === currency) return money.minor("amount", currency);
  }
  return undefined;
}

/** A price per piece, as decimal text. */
export function shopPrice(part: Part, name: string, currency: string): string | undefined {
  const money = part.part(`${name}_set`)?.part("shop_money");
  if (money?.currency("currency_code") === currency) return money.decimal("amount");
  return part.decimal(name);
}

export const sumOf = (parts: readonly Part[], minor: (part: Part) => number | undefined): number =>
  parts.reduce((sum, part) => sum + (minor(part) ?? 0), 0);
