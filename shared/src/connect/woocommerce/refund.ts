/** A refund as a resource of its own: it names its goods, but neither its customer nor its currency. */
import type { ConnectCapture } from "../captures.ts";
import { defined, type Part } from "../read/part.ts";
import { type WooContext, whenOf } from "./context.ts";
import { refundLines } from "./lines.ts";

export function mapRefund(refund: Part, context: WooContext): ConnectCapture[] {
  if (context.isDeleted) return [];
  const id = refund.need(refund.id("id"), "id");
  const order = refund.need(orderOf(refund), "parent_id");
  const at = refund.need(whenOf(refund, "date_created", context), "date_created_gmt");
  const currency = refund.currency("currency") ?? context.account.currency;
  const amount = refund.need(
    refund.minor("amount", currency) ?? refund.minor("total", currency),
    "amount",
  );
  if (id === undefined || order === undefined || at === undefined || amount === undefined)
    return [];
  if (amount === 0) return [];
  return [
    {
      kind: "refund",
      key: `refund:${id}`,
      at,
      refund: id,
      order,
      currency,
      ...refundLines(refund, currency, 0 - Math.abs(amount)),
      ...defined({ staff: staffOf(refund) }),
    },
  ];
}

/** The order stands in the refund, or only in its links. */
function orderOf(refund: Part): string | undefined {
  const parent = refund.id("parent_id");
  if (parent !== undefined && parent !== "0") return parent;
  const links = refund.part("_links");
  for (const link of links?.parts("up") ?? []) {
    const order = /\/orders\/(\d{1,20})\/?$/.exec(link.text("href", 2_000) ?? "")?.[1];
    if (order !== undefined) return order;
  }
  return undefined;
}

function staffOf(refund: Part): string | undefined {
  const staff = refund.id("refunded_by", 64);
  return staff === "0" ? undefined : staff;
}
