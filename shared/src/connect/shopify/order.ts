/** `orders/*`: an order as it stands, its refunds, and what it says of its customer. */
import type { OrderState } from "../../events/order.ts";
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { extraLines, refundedMinorOf } from "../read/lines.ts";
import { defined, type Part } from "../read/part.ts";
import { goneOrder } from "../read/gone-order.ts";
import { revisionOf } from "../read/revision.ts";
import { checkoutConsent, consentsOf } from "./consent.ts";
import type { ShopifyContext } from "./context.ts";
import { verifiedEmail } from "./customer.ts";
import { orderLines } from "./lines.ts";
import { anonymousOf, buyerOf } from "./person.ts";
import { mapRefund } from "./refund.ts";
import { shopCurrency, shopMinor } from "./shop-money.ts";
import { soldOf } from "./taken-out.ts";
import { orderTenders } from "./tenders.ts";

export function mapOrder(order: Part, context: ShopifyContext): ConnectCapture[] {
  const { account } = context;
  if (order.isTrue("test") && account.rules.countTests !== true) return [];
  const id = order.need(order.id("id"), "id");
  const currency = order.need(shopCurrency(order, "total_price_set"), "currency");
  const created = order.need(order.instant("created_at"), "created_at");
  if (id === undefined || currency === undefined || created === undefined) return [];
  order.need(order.raw("line_items"), "line_items");
  const at = order.instant("processed_at") ?? created;
  const cart = order.id("cart_token");
  const customer = buyerOf(order, anonymousOf(cart, order.id("checkout_token")));
  const who = defined({ customer });
  const refunds = order
    .parts("refunds")
    .flatMap((refund) => mapRefund(refund, context, { order: id, currency, ...who }));
  const refundedMinor = refundedMinorOf(refunds);
  const sold = soldOf(order, currency, refundedMinor);
  const owedMinor = owedOf(order, currency);
  const totalMinor = sold.totalMinor - owedMinor;
  const takenOut = [
    ...sold.takenOut,
    ...extraLines([{ sku: "OUTSTANDING", amountMinor: -owedMinor }]),
  ];
  const state = stateOf(order, totalMinor, refundedMinor, owedMinor > 0);
  const revision = revisionOf(order.instant("updated_at") ?? created, state);
  const isPaid = state === "paid" || state === "fulfilled";
  const capture: ConnectCapture = {
    kind: "order",
    key: `order:${id}@${revision}`,
    at,
    ids: namesOf(order, id),
    revision,
    state,
    currency,
    ...orderLines(order, currency, totalMinor, takenOut),
    ...who,
    ...defined({
      externalId: order.text("name", 64),
      store: storeOf(order, context),
      staff: order.id("user_id", 64),
      tenders: isPaid ? orderTenders(order, currency, totalMinor) : undefined,
    }),
  };
  return [capture, ...refunds, ...saidOfCustomer(order, id, customer, at)];
}

/** Only the id is left: an order that never was. */
export function mapDeletedOrder(order: Part, context: ShopifyContext): ConnectCapture[] {
  const id = order.need(order.id("id"), "id");
  if (id === undefined) return [];
  return [goneOrder(id, context.receivedAt, context.account.currency)];
}

/** An order that grew after it was paid counts for what was paid, until the rest is. Zero where nothing was, or all. */
function owedOf(order: Part, currency: string): number {
  if (order.text("financial_status") !== "partially_paid") return 0;
  return Math.max(0, shopMinor(order, "total_outstanding", currency) ?? 0);
}

/**
 * Cancelled is an order of which no money stays. Where only part of it went back, the shop has kept the rest: then both are
 * told, the order as paid and its refunds beside it.
 */
function stateOf(
  order: Part,
  totalMinor: number,
  refundedMinor: number,
  isPartlyPaid: boolean,
): OrderState {
  const financial = order.text("financial_status") ?? "";
  const isPartly =
    financial === "partially_refunded" || (refundedMinor > 0 && refundedMinor < totalMinor);
  if (order.raw("cancelled_at") !== undefined && !isPartly) return "cancelled";
  if (financial === "voided") return "cancelled";
  const isPaid =
    ["paid", "refunded"].includes(financial) || refundedMinor > 0 || isPartly || isPartlyPaid;
  if (!isPaid) return "placed";
  return order.text("fulfillment_status") === "fulfilled" ? "fulfilled" : "paid";
}

/** A cart's token is none of them: what lies in one cart may be ordered twice. */
function namesOf(order: Part, id: string): string[] {
  const names = [
    id,
    order.id("name"),
    order.id("order_number"),
    order.id("confirmation_number"),
    order.id("checkout_token"),
    order.id("token"),
    order.id("checkout_id"),
  ];
  const known = names.filter((name) => name !== undefined);
  return [...new Set(known)].slice(0, LIMITS.orderIds);
}

function storeOf(order: Part, { account }: ShopifyContext): string | undefined {
  const location = order.id("location_id");
  const locations = account.locations ?? {};
  return location !== undefined && Object.hasOwn(locations, location)
    ? locations[location]
    : undefined;
}

function saidOfCustomer(
  order: Part,
  id: string,
  who: ConnectCapture["customer"],
  at: string,
): ConnectCapture[] {
  if (who === undefined) return [];
  const customer = order.part("customer");
  return [
    ...checkoutConsent(order, id, who, at),
    ...(customer ? verifiedEmail(customer) : []),
    ...(customer ? consentsOf(customer, who, at) : []),
  ];
}
