/** `order.*`: an order as it stands, and its refunds. */
import type { OrderState } from "../../events/order.ts";
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { refundedMinorOf } from "../read/lines.ts";
import { defined, type Part } from "../read/part.ts";
import { goneOrder } from "../read/gone-order.ts";
import { revisionOf } from "../read/revision.ts";
import { tenderTypeOf } from "../read/tender-type.ts";
import { type WooContext, whenOf } from "./context.ts";
import { moneyBack, orderLines } from "./lines.ts";
import { buyerOf } from "./person.ts";

/** Of carts that are being filled in at the checkout nobody has ordered anything yet. */
const DRAFTS: ReadonlySet<string> = new Set(["checkout-draft", "auto-draft", "draft"]);

export function mapOrder(order: Part, context: WooContext): ConnectCapture[] {
  const status = (order.text("status") ?? "").replace(/^wc-/, "");
  if (DRAFTS.has(status)) return [];
  const id = order.need(order.id("id"), "id");
  const currency = order.need(order.currency("currency"), "currency");
  const at = order.need(whenOf(order, "date_created", context), "date_created_gmt");
  if (id === undefined || currency === undefined || at === undefined) return [];
  const totalMinor = order.need(order.minor("total", currency), "total") ?? 0;
  order.need(order.raw("line_items"), "line_items");
  const changed = whenOf(order, "date_modified", context) ?? at;
  const who = defined({ customer: buyerOf(order) });
  const refunds = refundsOf(order, { id, currency, at: changed, ...who });
  const money = { totalMinor, refundedMinor: refundedMinorOf(refunds) };
  const state = context.isDeleted ? "cancelled" : stateOf(order, status, money, context);
  const revision = revisionOf(changed, state);
  const isPaid = state === "paid" || state === "fulfilled";
  const capture: ConnectCapture = {
    kind: "order",
    key: `order:${id}@${revision}`,
    at,
    ids: namesOf(order, id),
    revision,
    state,
    currency,
    ...orderLines(order, currency, totalMinor),
    ...who,
    ...defined({
      externalId: order.text("number", 64),
      tenders: isPaid ? tendersOf(order, totalMinor) : undefined,
    }),
  };
  // Of an order that is cancelled no money counts, so none goes back.
  return [capture, ...(state === "cancelled" ? [] : refunds)];
}

/** Only the id is left: an order that is in the bin, or gone. */
export function mapDeletedOrder(order: Part, context: WooContext): ConnectCapture[] {
  if (order.raw("line_items") !== undefined) {
    return mapOrder(order, { ...context, isDeleted: true });
  }
  const id = order.need(order.id("id"), "id");
  if (id === undefined) return [];
  return [goneOrder(id, context.receivedAt, context.account.currency)];
}

/**
 * Of a cancelled order no money stays; where only part of it went back, the shop has kept the rest: then both are told, the
 * order as paid and its refunds beside it. Refunded without a refund is as if it had not been paid. A failed payment may be
 * tried again. What plugins add is judged by whether it was paid.
 */
function stateOf(
  order: Part,
  status: string,
  { totalMinor, refundedMinor }: { readonly totalMinor: number; readonly refundedMinor: number },
  context: WooContext,
): OrderState {
  const isPaid = whenOf(order, "date_paid", context) !== undefined;
  const isDone = whenOf(order, "date_completed", context) !== undefined;
  switch (status) {
    case "pending":
    case "on-hold":
    case "failed":
      return "placed";
    case "processing":
      return "paid";
    case "completed":
      return "fulfilled";
    case "cancelled":
    case "trash":
      if (refundedMinor === 0 || refundedMinor >= totalMinor) return "cancelled";
      return isDone ? "fulfilled" : "paid";
    case "refunded":
      if (refundedMinor === 0) return "cancelled";
      return isDone ? "fulfilled" : "paid";
    default:
      if (isDone) return "fulfilled";
      return isPaid ? "paid" : "placed";
  }
}

/** Names under which a payment provider or another plugin knows the order. */
const NAMES_IN_META: ReadonlySet<string> = new Set(["_stripe_intent_id", "_intent_id"]);

function namesOf(order: Part, id: string): string[] {
  const intents = order
    .parts("meta_data")
    .filter((meta) => NAMES_IN_META.has(meta.text("key", 64) ?? ""))
    .map((meta) => meta.id("value"));
  const names = [
    id,
    order.id("number"),
    order.id("order_key"),
    order.id("transaction_id"),
    ...intents,
  ];
  const known = names.filter((name) => name !== undefined);
  return [...new Set(known)].slice(0, LIMITS.orderIds);
}

function tendersOf(order: Part, totalMinor: number) {
  const method = order.text("payment_method", 64);
  if (method === undefined || totalMinor === 0) return undefined;
  const reference = order.text("payment_method_title", 64) ?? method;
  return [{ type: tenderTypeOf(method), amountMinor: totalMinor, reference }];
}

interface Refunded {
  readonly id: string;
  readonly currency: string;
  readonly at: string;
  readonly customer?: ConnectCapture["customer"];
}

/** An order names its refunds with their amounts alone, and without a time: that of the change which brought them. */
function refundsOf(order: Part, { id, currency, at, ...who }: Refunded): ConnectCapture[] {
  return order.parts("refunds").flatMap((refund): ConnectCapture[] => {
    const refundId = refund.need(refund.id("id"), "id");
    const total = refund.need(refund.minor("total", currency), "total");
    if (refundId === undefined || total === undefined || total === 0) return [];
    const key = `refund:${refundId}`;
    const closed = moneyBack(0 - Math.abs(total));
    return [
      {
        kind: "refund",
        key,
        at,
        refund: refundId,
        order: id,
        currency,
        ...closed,
        ...defined(who),
      },
    ];
  });
}
