/**
 * A payment, as long as nothing is known of its order. Its revisions lie below those of any order: as soon as the order
 * itself is there, with its goods, it counts instead.
 */
import type { ConnectCapture } from "../captures.ts";
import { closeLines } from "../read/lines.ts";
import type { Part } from "../read/part.ts";
import { currencyIn, minorIn } from "./money.ts";
import { tenderTypeOf } from "./tenders.ts";
import { placeOf, type Told } from "./told.ts";

type Order = Extract<ConnectCapture, { kind: "order" }>;

/** Later than any payment: what is counted down from it is negative, and an order's version begins at 1. */
const BELOW_ORDERS_MS = Date.UTC(2200, 0, 1);

export function captureOfPayment(payment: Part, told: Told): Order[] {
  const state = stateOf(payment);
  if (state === null) return [];
  const id = payment.need(payment.id("id"), "id");
  const currency = currencyIn(payment, ["total_money", "amount_money"]) ?? told.account.currency;
  const amount = payment.need(minorIn(payment, "amount_money", currency), "amount_money");
  if (id === undefined || amount === undefined) return [];
  const order = payment.id("order_id") ?? id;
  const tip = minorIn(payment, "tip_money", currency) ?? 0;
  const totalMinor = minorIn(payment, "total_money", currency) ?? amount + tip;
  const createdAt = payment.utcInstant("created_at") ?? told.at;
  const updatedAt = payment.utcInstant("updated_at") ?? createdAt;
  const revision = Date.parse(updatedAt) - BELOW_ORDERS_MS;
  const staff = payment.id("team_member_id", 64) ?? payment.id("employee_id", 64);
  const number = payment.id("receipt_number", 64);
  const paid = { sku: "PAYMENT", quantity: "1", amountMinor: amount };
  return [
    {
      kind: "order",
      key: `payment:${id}@${revision}`,
      // The till's own clock, of a payment that it took without a network.
      at: payment.part("offline_payment_details")?.utcInstant("client_created_at") ?? createdAt,
      ids: [...new Set([order, id])],
      revision,
      state,
      currency,
      ...closeLines([paid], totalMinor, [{ sku: "TIP", amountMinor: tip }]),
      tenders: [
        {
          type: tenderTypeOf(payment.raw("source_type")),
          amountMinor: totalMinor,
          ...(id.length > 64 ? {} : { reference: id }),
        },
      ],
      ...(number === undefined ? {} : { externalId: number }),
      ...(staff === undefined ? {} : { staff }),
      ...customerOf(payment),
      ...placeOf(payment, told.account),
    },
  ];
}

/** An attempt that failed says nothing of the order: the next one may succeed. */
function stateOf(payment: Part): Order["state"] | null {
  switch (payment.raw("status")) {
    case "COMPLETED":
      return "paid";
    case "APPROVED":
    case "PENDING":
      return "placed";
    case "CANCELED":
      return "cancelled";
    case "FAILED":
      return null;
    case undefined:
      return payment.fail("missing_field", "status") ?? null;
    default:
      return payment.fail("bad_field", "status") ?? null;
  }
}

function customerOf(payment: Part): Pick<Order, "customer"> {
  const userId = payment.scalar("customer_id");
  const email = payment.scalar("buyer_email_address");
  if (userId === undefined && email === undefined) return {};
  return {
    customer: {
      ...(userId === undefined ? {} : { userId }),
      ...(email === undefined ? {} : { email }),
    },
  };
}
