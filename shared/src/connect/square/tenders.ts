/** How an order was paid. */
import type { Tender } from "../../events/tender.ts";
import { LIMITS } from "../../limits.ts";
import type { Part } from "../read/part.ts";
import { minorIn } from "./money.ts";

/** Types of tenders, and sources of payments. */
const TYPES: ReadonlyMap<string, Tender["type"]> = new Map([
  ["CARD", "card"],
  ["THIRD_PARTY_CARD", "card"],
  ["WALLET", "card"],
  ["CASH", "cash"],
  ["SQUARE_GIFT_CARD", "voucher"],
  ["SQUARE_ACCOUNT", "account"],
]);

export const tenderTypeOf = (type: unknown): Tender["type"] =>
  (typeof type === "string" ? TYPES.get(type) : undefined) ?? "other";

export function tendersOf(order: Part, currency: string): Tender[] {
  return order.parts("tenders", LIMITS.tenders).map((tender) => {
    const reference = tender.id("payment_id", 64) ?? tender.id("id", 64);
    return {
      type: tenderTypeOf(tender.raw("type")),
      amountMinor: minorIn(tender, "amount_money", currency) ?? 0,
      ...(reference === undefined ? {} : { reference }),
    };
  });
}
