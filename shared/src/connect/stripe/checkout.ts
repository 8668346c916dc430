/** `checkout.session.completed`: an order of Stripe's own checkout. */
import type { LineInput } from "../../capture/input.ts";
import type { OrderState } from "../../events/order.ts";
import type { ConnectCapture } from "../captures.ts";
import { closeLines, type Closed, type Extra, extraLines } from "../read/lines.ts";
import { defined, type Part } from "../read/part.ts";
import { revisionOf } from "../read/revision.ts";
import { namesOf, referenceOf, type StripeContext } from "./context.ts";
import { personOf } from "./person.ts";
import { stripeMinor } from "./stripe-money.ts";

/** Sessions that only keep a card for later (`mode: setup`) or are still open order nothing. */
export function mapCheckout(session: Part, context: StripeContext): ConnectCapture[] {
  if (session.text("mode") === "setup") return [];
  const status = session.text("status");
  if (status === "open" || status === "expired") return [];
  const id = session.need(session.id("id"), "id");
  const currency = session.need(session.currency("currency"), "currency");
  const total = session.need(
    stripeMinor(session, "amount_total", currency ?? "USD"),
    "amount_total",
  );
  if (id === undefined || currency === undefined || total === undefined) return [];
  const at = session.instantOfSeconds("created") ?? context.changedAt;
  const state: OrderState = session.text("payment_status") === "unpaid" ? "placed" : "paid";
  const revision = revisionOf(context.changedAt, state);
  const payment = referenceOf(session, "payment_intent");
  const customer = personOf(
    session.part("customer_details"),
    referenceOf(session, "customer"),
    defined({
      email: session.part("customer_details")?.scalar("email") ?? session.scalar("customer_email"),
    }),
  );
  const order: ConnectCapture = {
    kind: "order",
    key: `order:${id}@${revision}`,
    at,
    ids: namesOf(session, [payment ?? id, id, session.id("client_reference_id")]),
    revision,
    state,
    currency,
    ...sessionLines(session, currency, total),
    ...defined({ customer }),
  };
  return [order, ...consentOf(session, id, customer, at)];
}

/** Items where they were asked for; else what was ordered is one line. Taxes and discounts may be within the items. */
function sessionLines(session: Part, currency: string, totalMinor: number): Closed {
  const items = session.part("line_items")?.parts("data") ?? [];
  const details = session.part("total_details");
  const detail = (name: string) => (details ? (stripeMinor(details, name, currency) ?? 0) : 0);
  const shipping: Extra = { sku: "SHIPPING", amountMinor: detail("amount_shipping") };
  const tax: Extra = { sku: "TAX", amountMinor: detail("amount_tax") };
  const discount: Extra = { sku: "DISCOUNT", amountMinor: 0 - detail("amount_discount") };
  if (items.length > 0) {
    const lines = items.map((item) => itemLine(item, currency));
    return closeLines(lines, totalMinor, [shipping, tax, discount]);
  }
  const subtotal = stripeMinor(session, "amount_subtotal", currency) ?? totalMinor;
  const goods = extraLines([{ sku: "PAYMENT", amountMinor: subtotal }]);
  return closeLines(goods, totalMinor, [shipping, tax, discount]);
}

function itemLine(item: Part, currency: string): LineInput {
  const price = item.part("price");
  const product = price ? referenceOf(price, "product") : undefined;
  return {
    sku: (product ?? price?.id("id") ?? item.text("description", 64) ?? "ITEM").slice(0, 64),
    quantity: item.decimal("quantity") ?? "1",
    amountMinor: item.need(stripeMinor(item, "amount_total", currency), "amount_total") ?? 0,
    ...defined({ description: item.text("description") }),
  };
}

function consentOf(
  session: Part,
  id: string,
  customer: ConnectCapture["customer"],
  at: string,
): ConnectCapture[] {
  const answer = session.part("consent")?.text("promotions");
  if (answer !== "opt_in" && answer !== "opt_out") return [];
  const state = answer === "opt_in" ? "granted" : "withdrawn";
  return [
    {
      kind: "consent",
      key: `consent:${id}`,
      at,
      purpose: "marketing",
      channel: "email",
      state,
      evidence: { text: "asked at the checkout" },
      ...defined({ customer }),
    },
  ];
}
