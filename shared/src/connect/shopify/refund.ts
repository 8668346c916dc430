/** Refunds of a Shopify order, the same whether they come alone or within the order. */
import type { LineInput } from "../../capture/input.ts";
import type { Tender } from "../../events/tender.ts";
import type { ConnectCapture } from "../captures.ts";
import { closeLines, type Extra, shareMinor, subsetsOf, sumMinor } from "../read/lines.ts";
import { defined, type Part } from "../read/part.ts";
import { tenderTypeOf } from "../read/tender-type.ts";
import type { ShopifyContext } from "./context.ts";
import { descriptionOf, skuOf } from "./lines.ts";
import { setMinor, shopCurrency, shopMinor, sumOf } from "./shop-money.ts";

export interface RefundOf {
  readonly order: string;
  readonly currency: string;
  readonly customer?: ConnectCapture["customer"];
}

/**
 * Money back is what its transactions say; goods that were taken out without money going back are none. While a transaction
 * is pending the refund is not told: it comes again once that is done.
 */
export function mapRefund(
  refund: Part,
  { account, receivedAt }: ShopifyContext,
  known?: RefundOf,
): ConnectCapture[] {
  const id = refund.need(refund.id("id"), "id");
  const order = known?.order ?? refund.need(refund.id("order_id"), "order_id");
  if (id === undefined || order === undefined) return [];
  const transactions = refund.parts("transactions").filter(isMoneyBack);
  const isTest = transactions.some((transaction) => transaction.isTrue("test"));
  if (isTest && account.rules.countTests !== true) return [];
  if (transactions.some((transaction) => transaction.text("status") === "pending")) return [];
  const paid = transactions.filter((transaction) => transaction.text("status") === "success");
  if (paid.length === 0) return [];
  const currency = known?.currency ?? currencyOf(refund, paid) ?? account.currency;
  const goods = refund.parts("refund_line_items").map((item) => goodsBack(item, currency));
  const perhaps = partsBack(refund, currency);
  const tenders = tendersOf(paid, currency);
  const totalMinor = tenders
    ? sumMinor(tenders)
    : convertedMinor(refund, paid, { goods, perhaps, currency });
  if (totalMinor === undefined) return [];
  const isMoneyOnly = goods.length === 0 && !perhaps.some(({ amountMinor }) => amountMinor !== 0);
  const closed = isMoneyOnly
    ? { lines: [{ sku: "REFUND", quantity: "1", amountMinor: totalMinor }], flags: [] }
    : closeLines(goods, totalMinor, perhaps);
  const staff = refund.id("user_id", 64);
  return [
    {
      kind: "refund",
      key: `refund:${id}`,
      at: refund.instant("processed_at") ?? refund.instant("created_at") ?? receivedAt,
      refund: id,
      order,
      currency,
      ...closed,
      ...defined({ tenders: tenders ?? undefined, customer: known?.customer, staff }),
    },
  ];
}

export const isMoneyBack = (transaction: Part): boolean => transaction.text("kind") === "refund";

function currencyOf(refund: Part, paid: readonly Part[]): string | undefined {
  for (const item of refund.parts("refund_line_items")) {
    const currency = item.part("subtotal_set")?.part("shop_money")?.currency("currency_code");
    if (currency !== undefined) return currency;
  }
  const [first] = paid;
  return first ? shopCurrency(first, "amount_set") : undefined;
}

export function goodsBack(item: Part, currency: string): LineInput {
  const line = item.part("line_item");
  const quantity = item.need(item.int("quantity"), "quantity") ?? 0;
  const amountMinor = shopMinor(item, "subtotal", currency) ?? priceOf(line, quantity, currency);
  return {
    sku: line ? skuOf(line) : (item.id("line_item_id", 64) ?? "ITEM"),
    quantity: String(0 - quantity),
    amountMinor: 0 - amountMinor,
    ...defined({ description: line ? descriptionOf(line) : undefined }),
  };
}

/** Old versions do not say what goes back for an item: its share of its line then. */
function priceOf(line: Part | undefined, quantity: number, currency: string): number {
  if (!line) return 0;
  const ordered = line.int("quantity") ?? 0;
  const discount = shopMinor(line, "total_discount", currency) ?? 0;
  const price = shopMinor(line, "price", currency) ?? 0;
  return price * quantity - shareMinor(discount, quantity, ordered);
}

/** What a refund holds beside goods, or does not: taxes may be in the prices, and shipping is told in two ways. */
export function partsBack(refund: Part, currency: string): Extra[] {
  const taxMinor = sumOf(refund.parts("refund_line_items"), (item) => taxOf(item, currency));
  const adjustments = refund.parts("order_adjustments");
  const ofKind = (isShipping: boolean) =>
    adjustments.filter((each) => (each.text("kind") === "shipping_refund") === isShipping);
  const adjusted = sumOf(ofKind(true), (each) => shopMinor(each, "amount", currency));
  const shippingTax = sumOf(ofKind(true), (each) => shopMinor(each, "tax_amount", currency));
  const shippingMinor = sumOf(refund.parts("refund_shipping_lines"), (each) =>
    setMinor(each.part("subtotal_amount_set"), currency),
  );
  const discrepancy = sumOf(ofKind(false), (each) => shopMinor(each, "amount", currency));
  return [
    { sku: "TAX", amountMinor: 0 - taxMinor },
    { sku: "SHIPPING", amountMinor: 0 - (Math.abs(adjusted) || shippingMinor) },
    { sku: "TAX", description: "Tax on shipping", amountMinor: 0 - Math.abs(shippingTax) },
    // Negative: given back beyond the goods. Positive: kept.
    { sku: "REFUND", amountMinor: discrepancy },
  ];
}

interface InShopCurrency {
  readonly goods: readonly LineInput[];
  readonly perhaps: readonly Extra[];
  readonly currency: string;
}

/**
 * Paid back in the customer's currency, without a word of the shop's. What went back stands in both: their ratio says what the
 * money is about, and those of the parts that come nearest to it are what it is.
 */
function convertedMinor(
  refund: Part,
  paid: readonly Part[],
  { goods, perhaps, currency }: InShopCurrency,
): number | undefined {
  const [first] = paid;
  const own = first?.currency("currency") ?? currency;
  const paidMinor = sumOf(paid, (each) => each.need(each.minor("amount", own), "amount"));
  const theirs = refund.parts("refund_line_items").map((item) => goodsBack(item, own));
  const theirsMinor = sumMinor(theirs) + sumMinor(partsBack(refund, own));
  if (theirsMinor === 0) {
    return first?.fail(
      "bad_money",
      "amount",
      "Nothing says what it is in the currency of the shop.",
    );
  }
  const oursMinor = sumMinor(goods) + sumMinor(perhaps);
  const aboutMinor = shareMinor(0 - paidMinor, oursMinor, theirsMinor);
  const sums = subsetsOf(perhaps).map((parts) => sumMinor(goods) + sumMinor(parts));
  const nearest = nearestTo(aboutMinor, sums);
  // A unit for each part that was rounded; beyond that something else was paid back, and the ratio is all that there is.
  return Math.abs(nearest - aboutMinor) <= goods.length + perhaps.length ? nearest : aboutMinor;
}

function nearestTo(aboutMinor: number, sums: readonly number[]): number {
  const far = (sum: number) => Math.abs(sum - aboutMinor);
  return sums.reduce((best, sum) => (far(sum) < far(best) ? sum : best));
}

function taxOf(item: Part, currency: string): number {
  const told = shopMinor(item, "total_tax", currency);
  if (told !== undefined) return told;
  const line = item.part("line_item");
  const taxMinor = sumOf(line?.parts("tax_lines") ?? [], (tax) =>
    shopMinor(tax, "price", currency),
  );
  return shareMinor(taxMinor, item.int("quantity") ?? 0, line?.int("quantity") ?? 0);
}

/** Null where one of them does not say what it is in the shop's currency. */
function tendersOf(paid: readonly Part[], currency: string): Tender[] | null {
  const tenders: Tender[] = [];
  for (const transaction of paid) {
    const set = transaction.part("amount_set");
    const own = transaction.currency("currency") ?? currency;
    const amount =
      setMinor(set, currency) ??
      (own === currency
        ? transaction.need(transaction.minor("amount", currency), "amount")
        : undefined);
    if (amount === undefined) return null;
    const gateway = transaction.text("gateway", 64);
    tenders.push({
      type: tenderTypeOf(gateway),
      amountMinor: 0 - amount,
      ...defined({ reference: gateway }),
    });
  }
  return tenders;
}
