/**
 * One order, one sale, whatever channels tell of it (ING2). Pure: a word about an order, and the book as it stands, give the
 * book as it stands then and what follows for the journals.
 *
 * What counts is worked out from all that was said, not from what came last: the newest revision of the most trusted account
 * that says paid or cancelled. So any order of arrival, with any repetitions, ends with the same money.
 */
import { canonicalJson, sha256Hex } from "@regulars/shared/digest";
import type {
  OrderBook,
  OrderEffect,
  Refund,
  Said,
  StandingReturn,
  StandingSale,
} from "./order-book.ts";

export interface Decided {
  readonly book: OrderBook;
  readonly effects: readonly OrderEffect[];
}

const unchanged = (book: OrderBook): Decided => ({ book, effects: [] });

/**
 * `others`: books that turn out to be of this order as well, because this word has the names of all of them. What they counted
 * is taken back, and what was said there is said here.
 */
export function tellOrder(book: OrderBook, said: Said, others: readonly OrderBook[] = []): Decided {
  const joined = others.reduce<Decided>(join, unchanged(book));
  const told = tell(joined.book, said);
  const isRepeated = told.book === joined.book;
  const settled = isRepeated && others.length > 0 ? reconcile(told.book) : told;
  return { book: settled.book, effects: [...joined.effects, ...settled.effects] };
}

function join({ book, effects }: Decided, other: OrderBook): Decided {
  const counted = [...other.returns, ...(other.sale ? [other.sale] : [])];
  return {
    book: {
      ...book,
      said: [...book.said, ...other.said],
      refunds: [...book.refunds, ...other.refunds],
      sales: book.sales + other.sales,
      returned: book.returned + other.returned,
      till: book.till ?? other.till,
    },
    effects: [...effects, ...counted.map((of): OrderEffect => ({ kind: "void", of }))],
  };
}

/** Whether two books may be of one order: no account has told of both, for it would know. */
export const mayJoin = (one: OrderBook, other: OrderBook): boolean =>
  !one.said.some(({ account }) => other.said.some((said) => said.account === account));

/** A revision that is not newer than the account's last has no effect: it was repeated, or overtaken on its way. */
function tell(book: OrderBook, said: Said): Decided {
  const before = book.said.find(({ account }) => account === said.account);
  if (before && said.revision <= before.revision) return unchanged(book);
  const all = before
    ? book.said.map((each) => (each === before ? said : each))
    : [...book.said, said];
  const reconciled = reconcile({ ...book, said: all });
  const isNews = before?.state !== said.state && !isOutspoken(book, said);
  return isNews
    ? { ...reconciled, effects: [...reconciled.effects, { kind: "order", said }] }
    : reconciled;
}

/** How far an order has come is heard from whoever is trusted most, the first of them, not from each channel again. */
function isOutspoken({ said }: OrderBook, { account, trust }: Said): boolean {
  const own = said.findIndex((each) => each.account === account);
  return said.some(
    (each, at) => each.trust > trust || (each.trust === trust && (own === -1 || at < own)),
  );
}

/** Told again, or by another account under the same name, it is one refund. */
export function tellRefund(book: OrderBook, refund: Refund): Decided {
  const isKnown = book.refunds.some(
    (each) => each.account === refund.account && each.refund === refund.refund,
  );
  return isKnown ? unchanged(book) : reconcile({ ...book, refunds: [...book.refunds, refund] });
}

/** A till's sale pays the order: it is trusted above all, and for good. The first sale to say so stays. */
export function takeOrder(book: OrderBook, event: string): Decided {
  return book.till === null ? reconcile({ ...book, till: event }) : unchanged(book);
}

/** The currency that the order is in, as far as anybody has said. */
export function currencyOf(book: OrderBook): string | null {
  return (voiceOf(book) ?? book.said[0])?.currency ?? null;
}

/** `placed` says nothing of money: whoever is trusted less may know already that it is paid. */
function voiceOf({ said, owner }: OrderBook): Said | null {
  const voices = said.filter(({ state }) => state !== "placed");
  const most = Math.max(...voices.map(({ trust }) => trust));
  const trusted = voices.filter(({ trust }) => trust === most);
  return trusted.find(({ account }) => account === owner) ?? trusted[0] ?? null;
}

/** Refunds of the most trusted account that knows of any: two that are told under different names may be the same money. */
function refundsOf({ refunds }: OrderBook): readonly Refund[] {
  const most = Math.max(...refunds.map(({ trust }) => trust));
  const teller = refunds.find(({ trust }) => trust === most)?.account;
  return refunds.filter(({ account }) => account === teller);
}

const ofAccount =
  (teller: string, refund: string) =>
  (each: { readonly refund: string; readonly teller?: string; readonly account: string }) =>
    each.refund === refund && (each.teller ?? each.account) === teller;

function reconcile(book: OrderBook): Decided {
  const voice = voiceOf(book);
  const wanted = voice?.state === "cancelled" || book.till !== null ? null : voice;
  const effects: OrderEffect[] = [];
  let { sale, sales, returned } = book;
  const stays = sale !== null && wanted !== null && isSold(sale, wanted);
  const seller = wanted?.account ?? null;
  const refunds = wanted ? refundsOf(book) : [];
  const returns: StandingReturn[] = [];
  for (const standing of book.returns) {
    const isWanted = refunds.some(ofAccount(standing.teller, standing.refund));
    // Money goes back where it was counted: in the journal and the fragment of the sale.
    if (isWanted && standing.account === seller) returns.push(standing);
    else effects.push({ kind: "void", of: standing });
  }
  if (sale && !stays) {
    effects.push({ kind: "void", of: sale });
    sale = null;
  }
  if (wanted && !sale) {
    sales += 1;
    sale = saleOf(book.id, wanted, sales);
    effects.push({ kind: "sale", sale, said: wanted });
  }
  for (const refund of sale ? refunds : []) {
    if (!sale || returns.some(ofAccount(refund.account, refund.refund))) continue;
    returned += 1;
    const standing = returnOf(sale, refund, returned);
    returns.push(standing);
    effects.push({ kind: "return", standing, refund, original: sale.receipt });
  }
  const owner = voice?.account ?? book.owner;
  return { book: { ...book, owner, sale, returns, sales, returned }, effects };
}

/** Another customer is no other sale, unless there was none before. */
function isSold(sale: StandingSale, said: Said): boolean {
  const becomesKnown = sale.subject.length === 0 && said.subject.length > 0;
  return sale.account === said.account && sale.sold === soldOf(said) && !becomesKnown;
}

const soldOf = ({ currency, lines }: Said): string =>
  sha256Hex(
    canonicalJson([
      currency,
      ...lines.map(({ sku, quantity, amountMinor }) => ({ sku, quantity, amountMinor })),
    ]),
  );

function saleOf(id: string, said: Said, number: number): StandingSale {
  const { account, currency, totalMinor, subject } = said;
  const receipt = receiptNo(said.externalId ?? id, number);
  return { account, receipt, currency, totalMinor, subject, sold: soldOf(said) };
}

/** The customer of a return is the sale's, whoever told of it: its totals are what changes. */
function returnOf(sale: StandingSale, refund: Refund, number: number): StandingReturn {
  const { account, subject } = sale;
  const { currency, totalMinor } = refund;
  const receipt = receiptNo(`${sale.receipt}-r`, number);
  const told = { teller: refund.account, refund: refund.refund };
  return { account, receipt, currency, totalMinor, subject, ...told };
}

/** As on the confirmation; of what had to be counted anew with its number behind. At most 64 characters. */
function receiptNo(base: string, number: number): string {
  const short = base.length <= 52 ? base : `${base.slice(0, 36)}~${sha256Hex(base).slice(0, 12)}`;
  return number === 1 ? short : `${short}/${number}`;
}
