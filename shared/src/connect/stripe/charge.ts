/** `charge.*` and `refund.*`: a payment is an order of which nobody says what was in it. */
import type { OrderState } from "../../events/order.ts";
import type { ConnectCapture } from "../captures.ts";
import { extraLines } from "../read/lines.ts";
import { defined, type Part } from "../read/part.ts";
import { revisionOf } from "../read/revision.ts";
import { cardReference } from "../read/tender-type.ts";
import { namesOf, referenceOf, type StripeContext } from "./context.ts";
import { personOf } from "./person.ts";
import { stripeMinor } from "./stripe-money.ts";

/** A charge that failed moved no money; another one of the same payment may follow. */
export function mapCharge(charge: Part, context: StripeContext): ConnectCapture[] {
  const id = charge.need(charge.id("id"), "id");
  const currency = charge.need(charge.currency("currency"), "currency");
  const amount = charge.need(amountOf(charge, currency ?? "USD"), "amount");
  const at = charge.need(charge.instantOfSeconds("created"), "created");
  if (id === undefined || currency === undefined || amount === undefined || at === undefined) {
    return [];
  }
  if (charge.text("status") === "failed") return [];
  const payment = referenceOf(charge, "payment_intent");
  const state: OrderState = isPaid(charge) ? "paid" : "placed";
  const revision = revisionOf(context.changedAt, state);
  const customer = personOf(
    charge.part("billing_details"),
    referenceOf(charge, "customer"),
    receiptEmail(charge),
  );
  const order: ConnectCapture = {
    kind: "order",
    key: `order:${id}@${revision}`,
    at,
    ids: namesOf(charge, [payment ?? id, id]),
    revision,
    state,
    currency,
    lines: extraLines([{ sku: "PAYMENT", amountMinor: amount }]),
    ...defined({ customer, tenders: state === "paid" ? [tenderOf(charge, amount)] : undefined }),
  };
  const refunds = charge.part("refunds")?.parts("data") ?? [];
  return [order, ...refunds.flatMap((refund) => mapRefund(refund, context, payment ?? id))];
}

/** Pending money may never arrive, and failed money stayed: only a refund that succeeded is one. */
export function mapRefund(
  refund: Part,
  { receivedAt }: StripeContext,
  orderId?: string,
): ConnectCapture[] {
  const id = refund.need(refund.id("id"), "id");
  const own = referenceOf(refund, "payment_intent") ?? referenceOf(refund, "charge");
  const order = refund.need(orderId ?? own, "charge");
  const currency = refund.need(refund.currency("currency"), "currency");
  const amount = refund.need(stripeMinor(refund, "amount", currency ?? "USD"), "amount");
  if (id === undefined || order === undefined || currency === undefined || amount === undefined) {
    return [];
  }
  // Of old there was no status: it was there when it was done.
  const status = refund.text("status") ?? "succeeded";
  if (status !== "succeeded" || amount === 0 || isReleased(refund)) return [];
  return [
    {
      kind: "refund",
      key: `refund:${id}`,
      at: refund.instantOfSeconds("created") ?? receivedAt,
      refund: id,
      order,
      currency,
      lines: extraLines([{ sku: "REFUND", amountMinor: 0 - amount }]),
      tenders: [{ type: isToCard(refund) ? "card" : "other", amountMinor: 0 - amount }],
    },
  ];
}

/**
 * What was promised and never taken (of a charge that was captured in part, or let go) is told as a refund as well: one that
 * did not touch the balance.
 */
const isReleased = (refund: Part): boolean => refund.value["balance_transaction"] === null;

/** Old versions do not say where it went: to the card, as nearly all of it does. */
function isToCard(refund: Part): boolean {
  const kind = refund.part("destination_details")?.text("type");
  return kind === undefined || kind === "card";
}

/** What was taken, where less was taken than was promised. */
function amountOf(charge: Part, currency: string): number | undefined {
  const captured = stripeMinor(charge, "amount_captured", currency);
  const isPart = charge.isTrue("captured") && captured !== undefined && captured > 0;
  return isPart ? captured : stripeMinor(charge, "amount", currency);
}

/** Without `status`, in old versions, `paid` says it. */
function isPaid(charge: Part): boolean {
  const status = charge.text("status");
  const isDone = status === "succeeded" || (status === undefined && charge.isTrue("paid"));
  return isDone && charge.raw("captured") !== false;
}

function receiptEmail(charge: Part) {
  const given = charge.part("billing_details")?.scalar("email");
  const email = given ?? charge.scalar("receipt_email");
  return defined({ email });
}

function tenderOf(charge: Part, amountMinor: number) {
  const method = charge.part("payment_method_details");
  const card = method?.part("card") ?? method?.part("card_present");
  const kind = method?.text("type", 64);
  const reference = card ? cardReference(card.text("brand"), card.text("last4", 4)) : kind;
  const isCard = card !== undefined || kind === undefined;
  return {
    type: isCard ? ("card" as const) : ("other" as const),
    amountMinor,
    ...defined({ reference }),
  };
}
