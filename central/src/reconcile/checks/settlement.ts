/**
 * 5. Card payments against the processor's lines: by reference, currency and amount; payments without a reference by amount against
 * lines of their day that nobody else has. A line may be of a day close by (`settlementDays`): processors close their day elsewhere.
 */
import type { Found } from "../found.ts";
import { cardPayments } from "./card-payments.ts";
import {
  byKey,
  type CardPayment,
  keyOf,
  placeOf,
  type SettlementLine,
  type StoreDay,
} from "./store-day.ts";

interface Pair {
  readonly payment: CardPayment;
  readonly line: SettlementLine;
}

interface Matched {
  readonly pairs: readonly Pair[];
  readonly payments: readonly CardPayment[];
  readonly lines: readonly SettlementLine[];
}

/** Payments of the day are asked for as soon as it is over and a file has come that holds lines of it. */
export const isSettled = ({ settlement, businessDay, nowMs, endMs }: StoreDay): boolean =>
  nowMs >= endMs && settlement.lines.some((line) => line.businessDay === businessDay);

export function checkSettlement(day: StoreDay): Found[] {
  const { lines, others, firstDay } = day.settlement;
  if (firstDay === null) return [];
  const own = cardPayments(day);
  const matched = match([...own, ...others], lines);
  const isOurs = ({ businessDay }: { businessDay: string }): boolean =>
    businessDay === day.businessDay;
  const differing = matched.pairs.filter(
    ({ payment, line }) => isOurs(payment) && payment.amountMinor !== line.amountMinor,
  );
  const unsettled = isSettled(day) ? matched.payments.filter((each) => isOurs(each)) : [];
  return [
    ...differing.map((pair) => differs(pair)),
    ...unsettled.map((payment) => notSettled(payment)),
    ...matched.lines.filter((line) => isOurs(line)).map((line) => unknown(line)),
  ];
}

/** Card payments of the day without a line, be it of a day close by. */
export function unmatchedPayments(day: StoreDay): readonly CardPayment[] {
  const { lines, others } = day.settlement;
  const { payments } = match([...cardPayments(day), ...others], lines);
  return payments.filter(({ businessDay }) => businessDay === day.businessDay);
}

/** First what is the same, then what has the same reference, then what has none; what takes itself back is not missed. */
function match(payments: readonly CardPayment[], lines: readonly SettlementLine[]): Matched {
  const all: Matched = {
    pairs: [],
    payments: payments.toSorted((a, b) => byDay(a, b) || byKey(a, b)),
    lines: lines.toSorted((a, b) => byDay(a, b) || a.file - b.file || a.line - b.line),
  };
  const same = pairUp(all, (payment) => namedBy(payment, payment.amountMinor), (line) => namedBy(line, line.amountMinor)); // prettier-ignore
  const kept = withoutVoided(same);
  const referred = pairUp(kept, (payment) => namedBy(payment, Math.sign(payment.amountMinor)), (line) => namedBy(line, Math.sign(line.amountMinor))); // prettier-ignore
  return pairUp(
    referred,
    (payment) => (payment.reference === null ? sumOf(payment) : null),
    (line) => sumOf(line),
  );
}

const byDay = (a: { businessDay: string }, b: { businessDay: string }): number =>
  a.businessDay < b.businessDay ? -1 : a.businessDay > b.businessDay ? 1 : 0;

type Money = Pick<CardPayment, "reference" | "currency" | "amountMinor" | "businessDay">;

const namedBy = ({ reference, currency }: Money, amount: number): string | null =>
  reference === null ? null : `${reference} ${currency} ${amount}`;

const sumOf = ({ businessDay, currency, amountMinor }: Money): string =>
  `${businessDay} ${currency} ${amountMinor}`;

/** Each payment with the first line of the same name that is left. */
function pairUp(
  { pairs, payments, lines }: Matched,
  nameOfPayment: (payment: CardPayment) => string | null,
  nameOfLine: (line: SettlementLine) => string | null,
): Matched {
  const left = Map.groupBy(lines, (line) => nameOfLine(line));
  const paired = payments.map((payment) => {
    const name = nameOfPayment(payment);
    return { payment, line: name === null ? undefined : left.get(name)?.shift() };
  });
  const more = paired.flatMap(({ payment, line }): Pair[] => (line ? [{ payment, line }] : []));
  const taken = new Set(more.map(({ line }) => line));
  return {
    pairs: [...pairs, ...more],
    payments: paired.filter(({ line }) => !line).map(({ payment }) => payment),
    lines: lines.filter((line) => !taken.has(line)),
  };
}

const receiptName = ({ source, currency }: CardPayment, receipt: string, amount: number): string =>
  `${source} ${receipt} ${currency} ${amount}`;

/** A payment that was voided before the processor booked it, with its void. */
function withoutVoided(matched: Matched): Matched {
  const gone = new Set<CardPayment>();
  const standing = Map.groupBy(
    matched.payments.filter(({ voids }) => voids === null),
    (payment) => receiptName(payment, payment.receipt, payment.amountMinor),
  );
  for (const payment of matched.payments) {
    if (payment.voids === null) continue;
    const voided = standing.get(receiptName(payment, payment.voids, -payment.amountMinor))?.shift();
    if (voided) gone.add(voided).add(payment);
  }
  return { ...matched, payments: matched.payments.filter((payment) => !gone.has(payment)) };
}

const differs = ({ payment, line }: Pair): Found => ({
  kind: "settled_differs",
  about: aboutPayment(payment),
  ...placeOf(payment),
  currency: payment.currency,
  amountMinor: line.amountMinor - payment.amountMinor,
  evidence: {
    reference: payment.reference,
    tillMinor: payment.amountMinor,
    settledMinor: line.amountMinor,
    batch: line.batch,
  },
});

const notSettled = (payment: CardPayment): Found => ({
  kind: "card_unsettled",
  about: aboutPayment(payment),
  ...placeOf(payment),
  currency: payment.currency,
  amountMinor: payment.amountMinor,
  evidence: { reference: payment.reference, receipt: payment.receipt },
});

/** One receipt may be paid with two cards. */
const aboutPayment = (payment: CardPayment): string =>
  `${keyOf(payment)}/${payment.reference ?? ""}/${payment.amountMinor}`;

const unknown = (line: SettlementLine): Found => ({
  kind: "settled_unknown",
  about: `${line.reference}/${line.file}/${line.line}`,
  source: null,
  epoch: null,
  seq: null,
  currency: line.currency,
  amountMinor: line.amountMinor,
  evidence: { reference: line.reference, batch: line.batch, file: line.file, line: line.line },
});
