/**
 * A first mapping of a processor's file, from its head and its first rows. Stripe's and Square's own exports are known by their
 * columns, as both document them; all else is guessed by what columns are usually called.
 */
import {
  dateOrderIn,
  decimalMarkIn,
  isDateLike,
  valuesIn,
} from "@regulars/shared/connect/csv/evidence";
import { plainName } from "@regulars/shared/identity/column-names";
import { currencySchema } from "@regulars/shared/money";
import {
  type SettlementMapping,
  type SettlementMeaning,
  type Shape,
  STORE_ZONE,
} from "./mapping.ts";

export interface FileSample {
  readonly delimiter: SettlementMapping["delimiter"];
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** As much as could be guessed: what is missing is chosen by a person. */
export type DraftMapping = Omit<SettlementMapping, "columns"> & {
  readonly columns: { readonly [Meaning in SettlementMeaning]?: string | undefined };
};

export function shapeOf(header: readonly string[]): Shape {
  const has = (...names: string[]): boolean => names.every((name) => header.includes(name));
  if (has("balance_transaction_id", "gross", "fee", "net", "reporting_category")) return "stripe";
  if (has("Payment ID", "Transaction ID", "Card", "Fees", "Net Total", "Event Type"))
    return "square";
  return "csv";
}

/** Names as folded by `plainName`; the first column that fits has the meaning. */
const NAMES: Readonly<Record<SettlementMeaning, RegExp>> = {
  amount: /^(gross(_?(amount|value|total))?|(transaction|payment|captured|card|sale)_?amount|amount|amount_?(gross|paid|captured)|total|value|betrag|brutto(_?betrag)?|umsatz|montant(_brut)?|importe)$/,
  reference: /^((merchant_?|payment_?|transaction_?|order_?|your_?|retrieval_?)?ref(erence)?(_?(id|no|nr|number))?|(payment|transaction|psp|charge|auth(orisation|orization)?)_?(id|reference|code|no|number)|rrn|receipt(_?(no|number))?|referenz|beleg_?nr|belegnummer)$/,
  date: /^((transaction|payment|sale|capture|booking|created|processing|sales|trade)_?(date|day|at|time|date_?time|utc)|date|date_?time|time_?stamp|created(_utc)?|datum|buchungs_?(datum|tag)|transaktions_?datum|fecha)$/,
  time: /^((transaction|payment|sale)_?time|time|uhrzeit|zeit|heure|hora)$/,
  fee: /^((total_?)?fees?|fee_?amount|commission|processing_?fees?|charges|gebuehr(en)?|gebuhr(en)?|provision|merchant_?service_?charge)$/,
  currency: /^((transaction_?|payment_?|settlement_?|gross_?)?currency(_?code)?|waehrung|wahrung|devise|moneda)$/,
  store: /^((store|shop|branch|filiale?|outlet|location|site|merchant_?location|store_?ref)(_?(id|no|nr|number|nummer|code|name|reference))?|mid|merchant_?(id|number)|standort)$/,
  batch: /^((batch|payout|deposit|settlement|transfer)(_?(id|no|nr|number|reference))|batch|payout|auszahlung(s_?nr)?)$/,
}; // prettier-ignore

function columnsByName(header: readonly string[]): DraftMapping["columns"] {
  const columns: Partial<Record<SettlementMeaning, string>> = {};
  const taken = new Set<string>();
  for (const meaning of MEANING_ORDER) {
    const found = header.find((name) => !taken.has(name) && NAMES[meaning].test(plainName(name)));
    if (found === undefined) continue;
    columns[meaning] = found;
    taken.add(found);
  }
  return columns;
}
/** A batch's number before a reference, and a fee before an amount, so that neither is taken for the other. */
const MEANING_ORDER = [
  "batch",
  "fee",
  "store",
  "currency",
  "date",
  "time",
  "reference",
  "amount",
] as const;

/** Of several columns that may be there, the first that is. */
const firstOf = (header: readonly string[], ...names: readonly string[]): string | undefined =>
  names.find((name) => header.includes(name));

const defined = (columns: Readonly<Record<string, string | undefined>>): DraftMapping["columns"] =>
  Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== undefined));

function readyColumns(shape: Shape, header: readonly string[]): DraftMapping["columns"] {
  if (shape === "stripe") {
    return defined({
      amount: "gross",
      // A till notes the payment intent, or the charge where it knows no other.
      reference: firstOf(
        header,
        "payment_metadata[reference]",
        "payment_intent_id",
        "charge_id",
        "source_id",
        "balance_transaction_id",
      ),
      date: firstOf(header, "created_utc", "created"),
      fee: "fee",
      currency: "currency",
      store: firstOf(header, "payment_metadata[store]", "payment_metadata[location]"),
      batch: firstOf(header, "automatic_payout_id"),
    });
  }
  if (shape === "square") {
    return defined({
      amount: "Card",
      reference: "Payment ID",
      date: "Date",
      time: firstOf(header, "Time"),
      fee: "Fees",
      store: firstOf(header, "Location"),
      batch: firstOf(header, "Deposit ID"),
    });
  }
  return columnsByName(header);
}

export function guessSettlement(
  sample: FileSample,
  known: { readonly currency: string | null; readonly store: string | null },
): DraftMapping {
  const shape = shapeOf(sample.header);
  const columns = readyColumns(shape, sample.header);
  const valuesOf = (meaning: SettlementMeaning): string[] => {
    const column = columns[meaning];
    return column === undefined ? [] : valuesIn(rowsOf(sample), sample.header.indexOf(column));
  };
  const fees = valuesOf("fee");
  const currency =
    columns.currency === undefined ? (signOf(valuesOf("amount")) ?? known.currency) : null;
  return {
    version: 1,
    shape,
    delimiter: sample.delimiter,
    columns,
    decimalMark: decimalMarkIn([...valuesOf("amount"), ...fees]).value,
    dateOrder: dateOrderIn(valuesOf("date").filter(isDateLike), "dmy").value,
    zone: columns.date?.endsWith("utc") === true ? "UTC" : STORE_ZONE,
    dayFromHour: 0,
    ...(currency === null ? {} : { currency }),
    ...(columns.store === undefined && known.store !== null ? { store: known.store } : {}),
    stores: {},
    ...onlyPayments(shape),
    feeSign: feeSignOf(fees),
  };
}

/** Cash costs nothing, and says nothing. */
function feeSignOf(fees: readonly string[]): SettlementMapping["feeSign"] {
  const told = fees.filter((fee) => /[1-9]/.test(fee));
  const negative = told.filter((fee) => /^[-−(]|-$/.test(fee.trim()));
  return negative.length * 2 > told.length ? "negative" : "positive";
}

const rowsOf = ({ rows }: FileSample) =>
  rows.map(({ line, cells }) => ({ line, cells: [...cells] }));

/** Payouts, fees of their own and transfers are no payments of customers. */
function onlyPayments(shape: Shape): Pick<DraftMapping, "only"> {
  if (shape === "stripe") {
    return {
      only: {
        column: "reporting_category",
        values: [
          "charge",
          "charge_failure",
          "partial_capture_reversal",
          "refund",
          "refund_failure",
        ],
      },
    };
  }
  if (shape === "square") return { only: { column: "Event Type", values: ["Payment", "Refund"] } };
  return {};
}

const SIGNS: Readonly<Record<string, string>> = { "£": "GBP", "€": "EUR", "¥": "JPY" };
/** A dollar sign is several currencies', so it tells none. */
function signOf(amounts: readonly string[]): string | null {
  for (const amount of amounts.slice(0, 20)) {
    const sign = /\p{Sc}/u.exec(amount)?.[0] ?? "";
    const code = /\b[A-Z]{3}\b/.exec(amount)?.[0] ?? SIGNS[sign] ?? "";
    if (currencySchema.safeParse(code).success) return code;
  }
  return null;
}
