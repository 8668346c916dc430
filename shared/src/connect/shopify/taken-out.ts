/**
 * What an order was sold for. An edit, a return that is not paid back, and an exchange leave `total_price` as it was, and stand
 * among the refunds without money: what was taken out so was never paid for, or paid for something else.
 */
import type { LineInput } from "../../capture/input.ts";
import { extraLines, sumMinor } from "../read/lines.ts";
import type { Part } from "../read/part.ts";
import { goodsBack, isMoneyBack, partsBack } from "./refund.ts";
import { shopMinor } from "./shop-money.ts";

export interface Sold {
  readonly totalMinor: number;
  /** What was taken out, negative. */
  readonly takenOut: readonly LineInput[];
}

/** `refundedMinor`: what refunds have paid back, positive. */
export function soldOf(order: Part, currency: string, refundedMinor: number): Sold {
  const wholeMinor = order.need(shopMinor(order, "total_price", currency), "total_price") ?? 0;
  const takenOut = order
    .parts("refunds")
    .filter(
      (refund) =>
        refund.raw("refund_line_items") !== undefined &&
        !refund.parts("transactions").some(isMoneyBack),
    )
    .flatMap((refund) => linesOf(refund, order, currency));
  if (takenOut.length === 0) return { totalMinor: wholeMinor, takenOut };
  // The shop's own sum takes off whatever went out, paid back or not.
  const leftMinor = shopMinor(order, "current_total_price", currency);
  const totalMinor =
    leftMinor === undefined ? wholeMinor + sumMinor(takenOut) : leftMinor + refundedMinor;
  return { totalMinor: Math.min(wholeMinor, totalMinor), takenOut };
}

/** Taxes that are in the prices are in what went out as well. */
function linesOf(refund: Part, order: Part, currency: string): LineInput[] {
  const goods = refund.parts("refund_line_items").map((item) => goodsBack(item, currency));
  const isTaxOnTop = order.raw("taxes_included") === false;
  const extras = partsBack(refund, currency).filter(({ sku }) => sku !== "TAX" || isTaxOnTop);
  return [...goods, ...extraLines(extras)];
}
