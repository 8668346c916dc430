/** One transaction of a POSLog: what it says, that it says nothing, or why it cannot be read. */
import { z } from "zod";
import type { Tender } from "../../events/tender.ts";
import type { ConnectCapture } from "../captures.ts";
import { storeIdSchema } from "../../ids.ts";
import { LIMITS } from "../../limits.ts";
import { currencySchema } from "../../money.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import type { MapAccount } from "../mapper.ts";
import { instantIn } from "../read/instant.ts";
import { balance, sumOf, type Totals, totalsOf } from "./balance.ts";
import { customerOf } from "./customer.ts";
import { type Parts, partsOf } from "./parts.ts";
import { tendersOf } from "./tenders.ts";
import { numberOf, type TransactionKey, transactionKeyOf } from "./transaction-key.ts";
import { attributeOf, type Element, elementIn, elementsIn, has, isSet, textAt } from "./xml.ts";

/** Why a transaction that was understood is no capture. */
export const SKIP_REASONS = [
  "training",
  "cancelled",
  "suspended",
  "voided",
  /** Sign-on, sign-off, no sale, opening and closing. */
  "control",
  /** Float, pickup, paid in and out: money of the drawer, of no customer. */
  "tender_control",
  /** Neither a line nor money: an opened and closed transaction. */
  "empty",
  /** A kind of transaction that this version does not read. */
  "other",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type Outcome =
  | { readonly key: string; readonly capture: ConnectCapture }
  | { readonly key: string; readonly skipped: SkipReason }
  | { readonly key: string | null; readonly failed: Failure };

export function readTransaction(transaction: Element, account: MapAccount): Outcome {
  const named = transactionKeyOf(transaction);
  if (!named.ok) return { key: null, failed: named.reason };
  const key = `poslog:${numberOf(named.value)}`;
  const skipped = skipReasonOf(transaction);
  if (skipped !== null) return { key, skipped };
  const capture = captureOf(transaction, named.value, account);
  if (!capture.ok) return { key, failed: capture.reason };
  return capture.value === null ? { key, skipped: "empty" } : { key, capture: capture.value };
}

const VOIDING = ["PostVoidTransaction", "VoidTransaction", "VoidingTransaction", "PostVoid"];
const TENDER_CONTROL = ["TenderControlTransaction", "TenderControl"];
const CONTROL = ["ControlTransaction", "InventoryControlTransaction"];

function skipReasonOf(transaction: Element): SkipReason | null {
  const retail = elementIn(transaction, "RetailTransaction");
  const places = retail === null ? [transaction] : [transaction, retail];
  const status = places.map((place) => attributeOf(place, "TransactionStatus") ?? "").join(" ");
  const isFlagged = (...names: readonly string[]) =>
    places.some((place) => names.some((name) => isSet(place, name)));
  if (isFlagged("TrainingModeFlag", "TrainingFlag")) return "training";
  if (isFlagged("CancelFlag", "CancelledFlag") || /cancel|fail/i.test(status)) return "cancelled";
  if (isFlagged("SuspendFlag") || /\bsuspended(?:deleted)?\b/i.test(status)) return "suspended";
  if (isVoiding(transaction)) return null;
  if (isFlagged("VoidFlag") || /void/i.test(status)) return "voided";
  if (retail !== null) return null;
  if (TENDER_CONTROL.some((name) => has(transaction, name))) return "tender_control";
  if (CONTROL.some((name) => has(transaction, name))) return "control";
  return has(transaction, "RetailTransaction") ? "empty" : "other";
}

/** A transaction that takes back another one. */
const isVoiding = (transaction: Element): boolean =>
  VOIDING.some((name) => has(transaction, name)) || voidedLinkOf(transaction) !== null;

function linksIn(transaction: Element): readonly Element[] {
  const places = ["RetailTransaction", ...VOIDING].flatMap((name) => elementsIn(transaction, name));
  return [transaction, ...places].flatMap((place) => elementsIn(place, "TransactionLink"));
}

const voidedLinkOf = (transaction: Element): Element | null =>
  linksIn(transaction).find((link) => /void/i.test(attributeOf(link, "ReasonCode") ?? "")) ?? null;

function captureOf(
  transaction: Element,
  key: TransactionKey,
  account: MapAccount,
): Result<ConnectCapture | null, Failure> {
  const store = storeOf(key, account);
  if (!store.ok) return store;
  const retail = elementIn(transaction, "RetailTransaction");
  const at = instantOf(transaction, retail, account.zone);
  if (!at.ok) return at;
  const day = /^\d{4}-\d{2}-\d{2}/.exec(key.businessDay)?.[0];
  if (day === undefined || !z.iso.date().safeParse(day).success) {
    return fail(failureOf("bad_time", "BusinessDayDate"));
  }
  const staff = textAt(transaction, "OperatorID")?.slice(0, 64);
  const said = {
    key: `poslog:${numberOf(key)}`,
    at: at.value,
    store: store.value,
    businessDay: day,
    ...(staff === undefined ? {} : { staff }),
  };
  if (isVoiding(transaction)) return voidOf(transaction, said);
  return retail === null ? ok(null) : receiptOf(transaction, retail, numberOf(key), said, account);
}

type Said = Pick<ConnectCapture, "key" | "at" | "store" | "businessDay" | "staff">;

function voidOf(transaction: Element, said: Said): Result<ConnectCapture, Failure> {
  // A voiding transaction has one link, whatever reason stands on it.
  const link = voidedLinkOf(transaction) ?? linksIn(transaction)[0];
  const voided = link === undefined ? null : linkedKeyOf(link, transaction);
  if (voided === null) return fail(failureOf("missing_field", "TransactionLink"));
  return ok({ ...said, kind: "void", voids: numberOf(voided) });
}

/** Parts that a link leaves out are those of the transaction that it stands in. */
function linkedKeyOf(link: Element, transaction: Element): TransactionKey | null {
  const key = transactionKeyOf({ ...keyPartsOf(transaction), ...keyPartsOf(link) });
  return key.ok && textAt(link, "SequenceNumber") !== undefined ? key.value : null;
}

const KEY_PARTS = [
  "RetailStoreID",
  "BusinessUnit",
  "WorkstationID",
  "BusinessDayDate",
  "SequenceNumber",
];

const keyPartsOf = (element: Element): Element =>
  Object.fromEntries(Object.entries(element).filter(([name]) => KEY_PARTS.includes(name)));

function receiptOf(
  transaction: Element,
  retail: Element,
  number: string,
  said: Said,
  account: MapAccount,
): Result<ConnectCapture | null, Failure> {
  const currency = currencySchema.safeParse(
    textAt(transaction, "CurrencyCode") ?? account.currency,
  );
  if (!currency.success) return fail(failureOf("bad_field", "CurrencyCode"));
  const read = partsOf(retail, currency.data);
  if (!read.ok) return read;
  const isAllBack = read.value.returns > 0 && read.value.sales === 0;
  const parts = isAllBack ? backward(read.value) : read.value;
  const totals = totalsOf(retail, currency.data);
  if (!totals.ok) return totals;
  const tenders = tendersOf(retail, currency.data);
  if (!tenders.ok) return tenders;
  const isBack = isAllBack && sumOf(parts.articles) + sumOf(parts.extras) < 0;
  const paid = isBack ? paidBack(tenders.value) : tenders.value;
  const { totalMinor, roundingMinor } = isBack ? backwardTotals(totals.value) : totals.value;
  const { lines, flags } = balance(
    parts,
    totalMinor ?? (paid.length === 0 ? null : sumOf(paid)),
    roundingMinor,
  );
  if (lines.length > LIMITS.saleLines) return fail(failureOf("too_large", "LineItem"));
  if (!Number.isSafeInteger(sumOf(lines))) return fail(failureOf("bad_money", "Total"));
  if (lines.length === 0 && paid.length === 0) return ok(null);
  const customer = customerOf(retail);
  const receipt = {
    ...said,
    externalId: number,
    currency: currency.data,
    lines: [...lines],
    ...(paid.length === 0 ? {} : { tenders: [...paid] }),
    ...(flags.length === 0 ? {} : { flags: [...flags] }),
    ...(customer === undefined ? {} : { customer }),
  };
  const isReturn = parts.returns > 0 && (parts.sales === 0 || sumOf(lines) < 0);
  if (!isReturn) return ok({ ...receipt, kind: "sale" });
  const original = originalOf(transaction, retail);
  return ok({ ...receipt, kind: "return", ...(original === null ? {} : { original }) });
}

/**
 * Where all goods came back, some tills write total, tax and tenders without a sign: the kind of transaction says the
 * direction. Money never went the other way.
 */
const backward = (parts: Parts): Parts => ({ ...parts, taxMinor: 0 - Math.abs(parts.taxMinor) });

const backwardTotals = ({ totalMinor, roundingMinor }: Totals): Totals =>
  totalMinor !== null && totalMinor > 0
    ? { totalMinor: 0 - totalMinor, roundingMinor: 0 - roundingMinor }
    : { totalMinor, roundingMinor };

const paidBack = (tenders: readonly Tender[]): readonly Tender[] =>
  sumOf(tenders) > 0
    ? tenders.map((tender) => ({ ...tender, amountMinor: 0 - tender.amountMinor }))
    : tenders;

/** The receipt that goods came back for, where one return says it. */
function originalOf(transaction: Element, retail: Element): string | null {
  const returns = elementsIn(retail, "LineItem").flatMap((item) => elementsIn(item, "Return"));
  const links = [...returns, retail, transaction].flatMap((each) =>
    elementsIn(each, "TransactionLink"),
  );
  // A receipt that was set aside and taken up again is linked to itself, as it were.
  const link = links.find((each) => !/resum|suspend/i.test(attributeOf(each, "ReasonCode") ?? ""));
  const key = link === undefined ? null : linkedKeyOf(link, transaction);
  return key === null ? null : numberOf(key);
}

function storeOf({ store }: TransactionKey, account: MapAccount): Result<string, Failure> {
  const { locations = {} } = account;
  const named = Object.hasOwn(locations, store) ? locations[store] : store.toLowerCase();
  const id = storeIdSchema.safeParse(named);
  return id.success ? ok(id.data) : fail(failureOf("unknown_store", "RetailStoreID"));
}

function instantOf(
  transaction: Element,
  retail: Element | null,
  zone: string,
): Result<string, Failure> {
  const text =
    textAt(transaction, "EndDateTime") ??
    (retail === null ? undefined : textAt(retail, "ReceiptDateTime")) ??
    textAt(transaction, "BeginDateTime") ??
    textAt(transaction, "POSLogDateTime");
  if (text === undefined) return fail(failureOf("missing_field", "EndDateTime"));
  const at = instantIn(text, zone);
  return at === null ? fail(failureOf("bad_time", "EndDateTime")) : ok(at);
}
