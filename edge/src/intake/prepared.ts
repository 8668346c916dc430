/** A capture as it is decided on: its customer read, its lines added up. */
import { dayIn } from "@regulars/shared/capture/business-day";
import { type CustomerPart, readCustomer } from "@regulars/shared/capture/read-customer";
import {
  receiptBody,
  receiptFlags,
  type ReceiptInput,
} from "@regulars/shared/capture/receipt-body";
import type { Account } from "@regulars/shared/connect/account";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { type Failure, failureOf } from "@regulars/shared/connect/failure";
import type { Proven } from "@regulars/shared/connect/mapper";
import type { Flag } from "@regulars/shared/events/event";
import { CLAIMED_KINDS } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { Money } from "./order-book.ts";

export type ReceiptCapture = Extract<
  ConnectCapture,
  { kind: "sale" | "return" | "order" | "refund" }
>;

export interface Prepared {
  readonly capture: ConnectCapture;
  readonly customer: CustomerPart;
  /** Of a capture with lines. */
  readonly money: Money | null;
  /** The customer says it, and nobody has checked it: it is no evidence of who that is (IDN3). */
  readonly isOwn: boolean;
}

export function prepare(
  capture: ConnectCapture,
  account: Account,
  pepper: string,
  proven?: Proven,
): Result<Prepared, Failure> {
  const { realm, country, zone } = account;
  const said = readCustomer(capture.customer, capture.consents, {
    pepper,
    country,
    realm,
    today: dayIn(zone, capture.at),
  });
  const isPublic = account.rules.isPublic === true;
  const customer = { ...said, keys: proven?.subject ?? (isPublic ? givenKeys(said) : said.keys) };
  const isOwn = proven?.own ?? isPublic;
  if (!isReceipt(capture)) return ok({ capture, customer, money: null, isOwn });
  const money = moneyOf(capture);
  return money === null
    ? fail(failureOf("bad_money", "lines"))
    : ok({ capture, customer, money: withDay(money, capture), isOwn });
}

/** Ids that software gives. What a person types is not theirs because a stranger says so. */
const givenKeys = ({ keys }: CustomerPart): readonly IdentityKey[] =>
  keys.filter((key) => !CLAIMED_KINDS.some((kind) => key.startsWith(`${kind}:`)));

const isReceipt = (capture: ConnectCapture): capture is ReceiptCapture => "lines" in capture;

const withDay = (
  money: Money,
  { businessDay, store, staff, externalId }: ReceiptCapture,
): Money => ({
  ...money,
  ...(businessDay === undefined ? {} : { businessDay }),
  ...(store === undefined ? {} : { store }),
  ...(staff === undefined ? {} : { staff }),
  ...(externalId === undefined ? {} : { externalId }),
});

/** Null where the lines come to more than can be counted. */
function moneyOf(capture: ReceiptCapture): Money | null {
  const { at, currency, lines, tenders = [] } = capture;
  const kind = capture.kind === "return" || capture.kind === "refund" ? "return" : "sale";
  const input: ReceiptInput = { kind, lines, tenders, currency };
  const made = receiptBody(input, { receipt: "-", at, currency });
  if (!made.ok) return null;
  const { totalMinor, lines: counted } = made.value;
  const flags = [...(capture.flags ?? []), ...receiptFlags(input, counted, currency)];
  return { at, currency, lines: counted, tenders, totalMinor, flags: [...new Set(flags)] };
}

export const doubtfulFlags = ({ doubtful }: CustomerPart): Flag[] =>
  Object.keys(doubtful).length > 0 ? ["doubtful_field"] : [];
