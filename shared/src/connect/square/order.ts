/** Square's orders, and the returns that stand in them. */
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { sumMinor } from "../read/lines.ts";
import type { Part } from "../read/part.ts";
import { customerOfOrder } from "./customer.ts";
import { close, goodsOf } from "./lines.ts";
import { currencyIn, minorIn } from "./money.ts";
import { refundsInOrder } from "./refund.ts";
import { placeOf, type Told } from "./told.ts";
import { tendersOf } from "./tenders.ts";

type Order = Extract<ConnectCapture, { kind: "order" }>;

/** A draft and a quote (which has no id) say nothing; a return alone is no order of its own. */
export function capturesOfOrder(order: Part, told: Told): ConnectCapture[] {
  const id = order.id("id");
  const state = stateOf(order);
  if (id === undefined || state === null) return [];
  const currency =
    currencyIn(order, ["total_money", "net_amount_due_money"]) ?? told.account.currency;
  const refunds = refundsInOrder(order, id, currency, told);
  const isReturn = order.raw("line_items") === undefined && order.raw("returns") !== undefined;
  return isReturn ? refunds : [orderOf(order, id, { state, currency, told }), ...refunds];
}

interface Around {
  readonly state: Order["state"];
  readonly currency: string;
  readonly told: Told;
}

function orderOf(order: Part, id: string, { state, currency, told }: Around): Order {
  const createdAt = order.utcInstant("created_at");
  const paidAt = order.parts("tenders", LIMITS.tenders)[0]?.utcInstant("created_at");
  const updatedAt = order.utcInstant("updated_at") ?? createdAt ?? told.at;
  const isSold = state === "paid" || state === "fulfilled";
  const revision = order.int("version") ?? Date.parse(updatedAt);
  const goods = goodsOf(order.parts("line_items"), currency);
  const total = order.need(minorIn(order, "total_money", currency), "total_money");
  const { lines, flags } = close(goods, order, currency, total ?? sumMinor(goods));
  const customer = customerOfOrder(order);
  const ticket = order.text("ticket_name", 64);
  return {
    kind: "order",
    key: `order:${id}@${revision}`,
    at: (isSold ? paidAt : undefined) ?? createdAt ?? told.at,
    ids: idsOf(order, id),
    revision,
    state,
    currency,
    lines,
    flags,
    tenders: tendersOf(order, currency),
    ...(ticket === undefined ? {} : { externalId: ticket }),
    ...(customer === null ? {} : { customer }),
    ...placeOf(order, told.account),
  };
}

function stateOf(order: Part): Order["state"] | null {
  switch (order.raw("state")) {
    case "DRAFT":
      return null;
    case "COMPLETED":
      return isHandedOver(order) ? "fulfilled" : "paid";
    case "CANCELED":
      return "cancelled";
    case "OPEN":
    case undefined:
      return isTendered(order) ? "paid" : "placed";
    default:
      return order.fail("bad_field", "state") ?? null;
  }
}

function isHandedOver(order: Part): boolean {
  const fulfillments = order.parts("fulfillments");
  return fulfillments.length > 0 && fulfillments.every((each) => each.raw("state") === "COMPLETED");
}

/** Open until it is handed over, and paid all the same. */
function isTendered(order: Part): boolean {
  const due = order.part("net_amount_due_money")?.raw("amount");
  return due === 0 && order.parts("tenders", LIMITS.tenders).length > 0;
}

/** Payments are names of their order too: a refund names the payment, and not the order that was paid. */
function idsOf(order: Part, id: string): string[] {
  const reference = order.id("reference_id");
  const payments = order
    .parts("tenders", LIMITS.tenders)
    .map((tender) => tender.id("payment_id") ?? tender.id("id"));
  const ids = [id, reference, ...payments].filter((each) => each !== undefined);
  return [...new Set(ids)].slice(0, LIMITS.orderIds);
}
