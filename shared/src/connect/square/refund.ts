/**
 * Money back. Square tells of it twice: as a refund of a payment, and within the order that holds the goods that came back.
 * Both have one key, so that it counts once.
 */
import type { LineInput } from "../../capture/input.ts";
import type { ConnectCapture } from "../captures.ts";
import { extraLines, sumMinor } from "../read/lines.ts";
import type { Part } from "../read/part.ts";
import { goodsOf } from "./lines.ts";
import { currencyIn, minorIn } from "./money.ts";
import { placeOf, type Told } from "./told.ts";

type Refund = Extract<ConnectCapture, { kind: "refund" }>;

/** Of the refund of a payment: only money that is on its way, for what is pending may be refused. */
export function refundOf(refund: Part, told: Told): Refund[] {
  if (refund.raw("status") !== "COMPLETED") return [];
  const currency = currencyIn(refund, ["amount_money"]) ?? told.account.currency;
  const id = refund.need(refund.id("id", 255), "id");
  const payment = refund.id("payment_id");
  // Its order_id is that of the return, where it has goods; the payment is a name of the order that was paid.
  const order = refund.need(payment ?? refund.id("order_id"), "payment_id");
  const amount = refund.need(minorIn(refund, "amount_money", currency), "amount_money");
  if (id === undefined || order === undefined || amount === undefined) return [];
  const name = nameOf(id, payment);
  const staff = refund.id("team_member_id", 64);
  return [
    {
      kind: "refund",
      key: `refund:${name}`,
      at: refund.utcInstant("created_at") ?? told.at,
      refund: name,
      order,
      currency,
      lines: extraLines([{ sku: "REFUND", amountMinor: -amount }]),
      ...(staff === undefined ? {} : { staff }),
      ...placeOf(refund, told.account),
    },
  ];
}

/** `<payment>_<refund>` in one place, `<refund>` in the other. */
function nameOf(id: string, payment: string | undefined): string {
  const prefix = `${payment ?? ""}_`;
  const name = prefix.length > 1 && id.startsWith(prefix) ? id.slice(prefix.length) : id;
  return name.slice(-128);
}

/** Refunds that an order lists; where it lists none, the goods that came back (an exchange pays nothing out). */
export function refundsInOrder(order: Part, id: string, currency: string, told: Told): Refund[] {
  const returns = order.parts("returns", 100);
  const goods = returns.map((each) => linesOf(each, currency));
  const all = goods.flat();
  const listed = order.parts("refunds", 100);
  const paid = listed.filter((each) => isPaid(each.raw("status")));
  const place = placeOf(order, told.account);
  const source = returns[0]?.id("source_order_id") ?? id;
  if (paid.length === 0) {
    // What is pending comes again, with its refund: it would count twice.
    if (listed.length > 0 || order.raw("state") !== "COMPLETED") return [];
    return returns.map((each, index) => {
      const name = `${id.slice(0, 60)}/${each.id("uid", 60) ?? index}`;
      const at = order.utcInstant("created_at") ?? told.at;
      const of = each.id("source_order_id") ?? id;
      return { ...base(name, at), order: of, currency, lines: goods[index] ?? [], ...place };
    });
  }
  const given = paid.flatMap((each) => {
    const tender = each.id("tender_id");
    const refundId = each.need(each.id("id", 255), "id");
    const amount = each.need(minorIn(each, "amount_money", currency), "amount_money");
    if (refundId === undefined || amount === undefined) return [];
    const isAllOfIt = paid.length === 1 && sumMinor(all) === -amount && all.length > 0;
    const lines = isAllOfIt ? all : extraLines([{ sku: "REFUND", amountMinor: -amount }]);
    const at = each.utcInstant("created_at") ?? order.utcInstant("updated_at") ?? told.at;
    const head = base(nameOf(refundId, tender), at);
    return [{ ...head, order: source, currency, lines, ...place }];
  });
  const credited = creditedMinor(order, all, currency);
  if (credited === 0) return given;
  const lines = extraLines([
    { sku: "REFUND", amountMinor: credited, description: "Paid for what was taken instead" },
  ]);
  const at = order.utcInstant("created_at") ?? told.at;
  return [
    ...given,
    { ...base(`${id.slice(0, 100)}/credit`, at), order: source, currency, lines, ...place },
  ];
}

/** Of an exchange, what the goods that came back are worth beyond the refunds: it paid for those that were taken. Negative. */
function creditedMinor(order: Part, back: readonly LineInput[], currency: string): number {
  if (order.raw("line_items") === undefined || order.raw("state") !== "COMPLETED") return 0;
  const refundedMinor = order
    .parts("refunds", 100)
    .filter((each) => each.raw("status") !== "FAILED" && each.raw("status") !== "REJECTED")
    .reduce((sum, each) => sum + (minorIn(each, "amount_money", currency) ?? 0), 0);
  return Math.min(0, sumMinor(back) + refundedMinor);
}

const isPaid = (status: unknown) => status === "APPROVED" || status === "COMPLETED";

const base = (name: string, at: string) =>
  ({ kind: "refund", key: `refund:${name}`, refund: name, at }) as const;

/** What came back, at what it comes to with taxes and discounts. */
function linesOf(each: Part, currency: string): LineInput[] {
  const items = each.parts("return_line_items");
  const goods = goodsOf(items, currency).map((line, index) => {
    const item = items[index];
    const total = item === undefined ? undefined : minorIn(item, "total_money", currency);
    const { unitPrice: _, ...rest } = line;
    return {
      ...rest,
      quantity: `-${line.quantity.replace("-", "")}`,
      amountMinor: -(total ?? line.amountMinor ?? 0),
    };
  });
  const tips = each.parts("return_tips").map((tip) => ({
    sku: "TIP" as const,
    amountMinor: -(minorIn(tip, "applied_money", currency) ?? 0),
  }));
  const fees = each.parts("return_service_charges").map((fee) => ({
    sku: "FEE" as const,
    amountMinor: -(minorIn(fee, "total_money", currency) ?? 0),
  }));
  const rounding = each.part("rounding_adjustment");
  const rounded = rounding === undefined ? 0 : (minorIn(rounding, "amount_money", currency) ?? 0);
  return [...goods, ...extraLines([...tips, ...fees, { sku: "ROUNDING", amountMinor: -rounded }])];
}
