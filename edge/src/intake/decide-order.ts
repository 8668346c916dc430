/** Orders, refunds, and tills' sales that pay an order: into their book, and what follows into the journals (ING2). */
import { dayIn } from "@regulars/shared/capture/business-day";
import type { Draft } from "@regulars/shared/capture/draft";
import type { Account } from "@regulars/shared/connect/account";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { type Failure, failureOf } from "@regulars/shared/connect/failure";
import { LIMITS } from "@regulars/shared/limits";
import type { Envelope } from "@regulars/shared/capture/said-draft";
import { identityDrafts } from "./identity-drafts.ts";
import {
  type Money,
  newBook,
  type OrderBook,
  type OrderEffect,
  orderNameOf,
  type Said,
} from "./order-book.ts";
import { currencyOf, type Decided, takeOrder, tellOrder, tellRefund } from "./orders.ts";
import type { TakenOrder } from "./port.ts";
import { doubtfulFlags, type Prepared } from "./prepared.ts";
import type { Stage } from "./stage.ts";

type OrderCapture = Extract<ConnectCapture, { kind: "order" }>;
type RefundCapture = Extract<ConnectCapture, { kind: "refund" }>;

/** Null where it has had its effect; else why not, and the order that it waits for. */
export type Undecided = { readonly failure: Failure; readonly wants?: string } | null;

export function decideOrder(
  stage: Stage,
  account: Account,
  capture: OrderCapture,
  { customer, money }: Prepared,
): Undecided {
  if (!money) throw new Error("an order was not added up");
  const names = [...new Set(capture.ids.map((name) => orderNameOf(name)))];
  const book =
    stage.bookOf(names, account.id) ?? stage.openBook(names[0] ?? capture.key, account.id);
  const said: Said = {
    ...money,
    flags: [...new Set([...money.flags, ...doubtfulFlags(customer)])],
    account: account.id,
    ...(names[0] === undefined ? {} : { ownId: names[0] }),
    trust: account.trust,
    revision: capture.revision,
    state: capture.state,
    subject: customer.keys.slice(0, LIMITS.subjectKeys),
  };
  const others = stage.othersOf(book, names, account.id);
  const decided = tellOrder(book, said, others);
  stage.setBook(decided.book, names);
  for (const other of others) stage.closeBook(other, decided.book);
  addEffects(stage, decided);
  if (!decided.book.said.includes(said)) return null; // overtaken: what it says of its customer was true before
  addIdentity(stage, account, said, decided, customer);
  return null;
}

/** The other channel's customer is told under its own keys: an order number that anybody can send joins nobody (IDN3). */
function addIdentity(
  stage: Stage,
  account: Account,
  said: Said,
  { effects }: Decided,
  customer: Prepared["customer"],
): void {
  const isTold = effects.some((effect) => "said" in effect && effect.said === said);
  for (const draft of identityDrafts({
    customer,
    envelope: envelopeOf(account, said, said.subject),
    own: stage.saying(account, customer.keys[0]),
    isAlone: !isTold && customer.keys.length > 0,
  })) {
    stage.draft(account, draft, said.store);
  }
}

export function decideRefund(
  stage: Stage,
  account: Account,
  capture: RefundCapture,
  { customer, money }: Prepared,
): Undecided {
  if (!money) throw new Error("a refund was not added up");
  const order = orderNameOf(capture.order);
  const book = stage.bookOf([order]);
  if (!book) return { failure: failureOf("unknown_order", "order"), wants: order };
  const currency = currencyOf(book);
  if (currency !== null && currency !== money.currency) {
    return { failure: failureOf("other_currency", "currency") };
  }
  const { id, trust } = account;
  const decided = tellRefund(book, { ...money, account: id, trust, refund: capture.refund });
  stage.setBook(decided.book, []);
  addEffects(stage, decided);
  const envelope = envelopeOf(account, money, customer.keys);
  const own = stage.saying(account, customer.keys[0]);
  for (const draft of identityDrafts({ customer, envelope, own })) {
    stage.draft(account, draft, money.store);
  }
  return null;
}

export function decideTaken(stage: Stage, { order, event }: Omit<TakenOrder, "at">): void {
  const name = orderNameOf(order);
  const decided = takeOrder(stage.bookOf([name]) ?? newBook(name), event);
  stage.setBook(decided.book, [name]);
  addEffects(stage, decided);
}

function addEffects(stage: Stage, { book, effects }: Decided): void {
  for (const effect of effects) {
    const account = stage.view.accounts.get(accountOf(effect));
    if (!account) throw new Error("an account of an order is not known");
    stage.draft(account, draftOf(stage, account, book, effect), storeOf(effect));
  }
}

function accountOf(effect: OrderEffect): string {
  switch (effect.kind) {
    case "void":
      return effect.of.account;
    case "sale":
      return effect.sale.account;
    case "return":
      return effect.standing.account;
    case "order":
      return effect.said.account;
  }
}

function storeOf(effect: OrderEffect): string | undefined {
  if (effect.kind === "void") return undefined;
  return effect.kind === "return" ? effect.refund.store : effect.said.store;
}

function draftOf(stage: Stage, account: Account, book: OrderBook, effect: OrderEffect): Draft {
  switch (effect.kind) {
    case "sale": {
      const { said, sale } = effect;
      const body = { receipt: sale.receipt, ...bodyOf(said), order: book.id };
      return { ...envelopeOf(account, said, sale.subject), kind: "sale", body };
    }
    case "return": {
      const { refund, standing, original } = effect;
      const body = { receipt: standing.receipt, ...bodyOf(refund), original };
      return { ...envelopeOf(account, refund, standing.subject), kind: "return", body };
    }
    case "void": {
      const { receipt, currency, totalMinor, subject } = effect.of;
      const at = new Date(stage.view.nowMs).toISOString();
      return {
        at,
        businessDay: dayIn(account.zone, at),
        subject: [...subject],
        flags: [],
        kind: "void",
        body: {
          receipt: `${receipt.slice(0, 60)}-v`,
          voids: receipt,
          currency,
          totalMinor: 0 - totalMinor, // not -0
        },
      };
    }
    case "order": {
      const { said } = effect;
      const body = {
        order: book.id,
        ...(said.externalId === undefined ? {} : { number: said.externalId }),
        state: said.state,
        currency: said.currency,
        totalMinor: said.totalMinor,
        lines: said.lines.length,
      };
      return { ...envelopeOf(account, said, said.subject), kind: "order", body };
    }
  }
}

const bodyOf = ({ externalId, staff, currency, lines, tenders, totalMinor }: Money) => ({
  ...(externalId === undefined ? {} : { externalId }),
  ...(staff === undefined ? {} : { staff }),
  currency,
  lines: [...lines],
  tenders: [...tenders],
  totalMinor,
});

const envelopeOf = (account: Account, money: Money, subject: readonly string[]): Envelope => ({
  at: money.at,
  businessDay: money.businessDay ?? dayIn(account.zone, money.at),
  subject: subject.slice(0, LIMITS.subjectKeys),
  flags: [...money.flags],
});
