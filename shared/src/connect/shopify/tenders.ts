/** How a Shopify order was paid, as far as its message says. */
import type { Tender } from "../../events/tender.ts";
import { defined, type Part } from "../read/part.ts";
import { cardReference, tenderTypeOf } from "../read/tender-type.ts";
import { shopMinor } from "./shop-money.ts";

/** Transactions where there are any. Names of gateways come without amounts: one of them paid all, of several none is known. */
export function orderTenders(order: Part, currency: string, totalMinor: number): Tender[] {
  const paid = order.parts("transactions").filter(isPayment);
  if (paid.length > 0) return paid.map((transaction) => tenderOf(transaction, currency));
  const names = gatewaysOf(order);
  if (names.length === 0 || totalMinor === 0) return [];
  const [only] = names;
  const details = order.part("payment_details");
  const card = cardReference(
    details?.text("credit_card_company"),
    details?.text("credit_card_number", 40),
  );
  return [
    {
      type: names.length === 1 ? tenderTypeOf(card === undefined ? only : "card") : "other",
      amountMinor: totalMinor,
      reference: (names.length === 1 ? (card ?? only ?? "") : names.join(" + ")).slice(0, 64),
    },
  ];
}

function isPayment(transaction: Part): boolean {
  const kind = transaction.text("kind");
  return (kind === "sale" || kind === "capture") && transaction.text("status") === "success";
}

function tenderOf(transaction: Part, currency: string): Tender {
  const gateway = transaction.text("gateway", 64);
  const details = transaction.part("payment_details");
  const card = cardReference(
    details?.text("credit_card_company"),
    details?.text("credit_card_number", 40),
  );
  return {
    type: tenderTypeOf(card === undefined ? gateway : "card"),
    amountMinor: transaction.need(shopMinor(transaction, "amount", currency), "amount") ?? 0,
    ...defined({ reference: card ?? gateway }),
  };
}

function gatewaysOf(order: Part): string[] {
  const names = order.raw("payment_gateway_names") ?? [];
  const list = Array.isArray(names) ? names : [];
  const given = list.filter((name): name is string => typeof name === "string" && name !== "");
  const gateway = order.text("gateway", 64);
  return given.length === 0 && gateway !== undefined ? [gateway] : [...new Set(given)].slice(0, 8);
}
