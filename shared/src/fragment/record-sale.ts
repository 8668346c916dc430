/** Sales, returns and voids as a fragment remembers them: totals of all, details of the newest. */
import type { RegularsEvent } from "../events/event.ts";
import { LIMITS } from "../limits.ts";
import { type RecentSale, recentSaleSchema, type Totals, totalsSchema } from "./contribution.ts";
import { ITEM_CHARS, ITEMS } from "./activity.ts";
import { readSection } from "./entries.ts";
import { keepNewest } from "./keep-newest.ts";
import { shorten } from "./shorten.ts";
import type { WrittenFragment } from "./written.ts";

type SaleEvent = Extract<RegularsEvent, { kind: "sale" | "return" }>;
type VoidEvent = Extract<RegularsEvent, { kind: "void" }>;

/**
 * Totals are plain numbers that their one writer overwrites, not counters to be merged: each event is recorded
 * once, in the transaction that numbers it.
 */
export function recordSale(fragment: WrittenFragment, event: SaleEvent): void {
  addToTotals(fragment, event.body.currency, {
    sales: event.kind === "sale" ? 1 : 0,
    returns: event.kind === "return" ? 1 : 0,
    minor: event.body.totalMinor,
  });
  const recent: RecentSale = {
    kind: event.kind,
    receipt: event.body.receipt,
    at: event.at,
    stamp: event.stamp,
    store: event.store,
    currency: event.body.currency,
    totalMinor: event.body.totalMinor,
    lines: event.body.lines.length,
    items: itemsOf(event.body.lines),
    ...(event.channel === "till" ? {} : { channel: event.channel }),
    ...paidOrderOf(event),
  };
  keepNewest(fragment, "recent", { seq: event.seq, max: LIMITS.recentSales, value: recent });
}

function paidOrderOf(event: SaleEvent): Pick<RecentSale, "order" | "shop"> {
  if (event.kind !== "sale") return {};
  const { order, shop } = event.body;
  return { ...(order === undefined ? {} : { order }), ...(shop === undefined ? {} : { shop }) };
}

export function recordVoid(fragment: WrittenFragment, event: VoidEvent): void {
  let kind: RecentSale["kind"] = event.body.totalMinor > 0 ? "return" : "sale";
  for (const [seq, value] of readSection(fragment, "recent")) {
    const entry = recentSaleSchema.parse(value);
    if (entry.receipt !== event.body.voids) continue;
    kind = entry.kind;
    fragment.set("recent", seq, { ...entry, voided: true });
  }
  addToTotals(fragment, event.body.currency, {
    sales: kind === "sale" ? -1 : 0,
    returns: kind === "return" ? -1 : 0,
    minor: event.body.totalMinor,
  });
}

function addToTotals(fragment: WrittenFragment, currency: string, more: Totals): void {
  const before = totalsSchema.safeParse(readSection(fragment, "totals").get(currency));
  const base = before.success ? before.data : { sales: 0, returns: 0, minor: 0 };
  fragment.set("totals", currency, {
    sales: base.sales + more.sales,
    returns: base.returns + more.returns,
    minor: base.minor + more.minor,
  });
}

/** What is shown of a receipt's lines. */
export const itemsOf = (lines: SaleEvent["body"]["lines"]): string[] =>
  lines.slice(0, ITEMS).map((line) => shorten(line.description ?? line.sku, ITEM_CHARS));
