/** A first mapping of a file that nobody has mapped, from the names and values of its columns. */
import { dateOrderOf } from "../../identity/date-order.ts";
import { type PersonColumn, personColumnOf, plainName } from "../../identity/column-names.ts";
import type { Encoding } from "../text.ts";
import {
  arePaymentCards,
  type Certainty,
  dateOrderIn,
  decimalMarkIn,
  isDateLike,
  valuesIn,
} from "./evidence.ts";
import type { CsvMapping, Meaning } from "./mapping.ts";
import type { CsvRow } from "./row.ts";

export interface Sample {
  readonly encoding: Encoding;
  /** Neither a mark nor valid UTF-8 says so: it is only likely. */
  readonly isEncodingGuessed: boolean;
  readonly delimiter: CsvMapping["delimiter"];
  readonly header: readonly string[];
  /** The first rows, as many as are looked at. */
  readonly rows: readonly CsvRow[];
}

/** Names as folded by `plainName`; the first meaning that knows a name has it. */
const NAMES: readonly (readonly [Meaning, RegExp])[] = [
  ["receipt", /^(invoice|receipt|basket|transaction|order|sale|bill|ticket|bon|beleg|rechnungs?|commande|factura|pedido)_?(no|nr|num|number|id|nummer|numero)?$/],
  ["at", /^((invoice|order|sales?|sold|transaction|purchase|receipt|created|updated|modified|bon|beleg|rechnungs|kauf)_?)?(date|datum|fecha|date_?time|timestamp|time_?stamp|at|on)$/],
  ["sku", /^(stock_?code|sku|(product|item|article|artikel|prod)_?(id|no|nr|number|nummer|code)|line_?item_sku|ean(_?13)?|gtin(_?1[34])?|upc|barcode|plu)$/],
  ["description", /^(description|(product|item|article|artikel)_?(name|title|description|bezeichnung)?|line_?item_name|title|bezeichnung)$/],
  ["quantity", /^(quantity|line_?item_quantity|qty|menge|anzahl|units|pieces|stk|cantidad|quantite)$/],
  ["unitPrice", /^(unit_?price|price(_?per_?unit)?|(line_?)?item_?price|einzel_?preis|preis|stueckpreis|prix(_?unitaire)?|precio)$/],
  ["amount", /^(amount|line_?(total|amount)|sales_?(value|amount)|net_?amount|gross_?amount|betrag|umsatz|extended_?amount|montant|importe)$/],
  ["total", /^(total|grand_?total|(order|receipt|invoice|basket)_?(total|amount|value)|gesamt(_?betrag|_?summe|preis)?|summe)$/],
  ["shipping", /^(shipping|versand(_?kosten)?|delivery_?(cost|fee))$/],
  ["discount", /^(discount_?amount|rabatt)$/],
  ["refunded", /^(refunded_?amount|amount_?refunded)$/],
  ["tender", /^(payment(_?(method|type))?|tender(_?type)?|paid_?(by|with)|zahlungs?_?art|zahlart|zahlungsmittel)$/],
  ["currency", /^(currency(_?code)?|waehrung|wahrung|devise|moneda)$/],
  ["store", /^((store|shop|branch|filiale?|outlet|location)_?(id|no|nr|number|nummer|code|name)?)$/],
  ["staff", /^((staff|cashier|employee|clerk|sales_?person|operator|kassierer|bediener|verkaeufer)_?(id|no|nr|number)?)$/],
  ["userId", /^((customer|client|user|kunden?)_?(id|no|nr|num|number|nummer|key))$/],
  ["language", /^(language|locale|lang|sprache)$/],
  ["consentEmail", /^(accepts_?(email_?)?marketing|email_?(marketing_?)?(consent|opt_?in|permission|subscribed)|newsletter|marketing_?(opt_?in|consent|email)|opt_?in)$/],
  ["consentSms", /^(accepts_?sms(_?marketing)?|sms_?(marketing_?)?(consent|opt_?in|permission|subscribed))$/],
]; // prettier-ignore

const PERSON: Readonly<Partial<Record<PersonColumn, Meaning>>> = {
  email: "email",
  phone: "phone",
  loyaltyNumber: "loyaltyNumber",
  givenName: "givenName",
  familyName: "familyName",
  fullName: "fullName",
  birthDate: "birthDate",
  street: "street",
  street2: "street2",
  city: "city",
  region: "region",
  postalCode: "postalCode",
  country: "country",
};

export interface Guess {
  readonly mapping: CsvMapping;
  /** How sure it is of what the values had to tell. */
  readonly dateOrder: Certainty;
  readonly decimalMark: Certainty;
}

/** `country` decides what the dates do not tell. The guess may have gaps, which the mapping's schema names. */
export function guessMapping(sample: Sample, country: string): Guess {
  const found = columnsByName(sample);
  const isSales = found.has("receipt") && (found.has("amount") || found.has("unitPrice"));
  const columns: CsvMapping["columns"] = {};
  for (const [meaning, named] of found) {
    if (!isSales && OF_SALES.has(meaning)) continue;
    const [only] = named;
    columns[meaning] = named.length === 1 && only !== undefined ? only : [...named];
  }
  // Tables of lines have an article's name, and no customer's.
  if (isSales && plainName(String(columns.fullName ?? "")) === "name") delete columns.fullName;
  const valuesOf = (meanings: readonly Meaning[]) =>
    meanings.flatMap((meaning) =>
      [columns[meaning] ?? []]
        .flat()
        .flatMap((column) => valuesIn(sample.rows, sample.header.indexOf(column))),
    );
  const usual = dateOrderOf(country) ?? "dmy";
  const dates = valuesOf(["at", "birthDate"]).filter(isDateLike);
  const order = dateOrderIn(dates, usual);
  const mark = decimalMarkIn(
    valuesOf([
      "unitPrice",
      "amount",
      "total",
      "quantity",
      "discount",
      "tax",
      "shipping",
      "refunded",
    ]),
  );
  return {
    mapping: {
      version: 1,
      what: isSales ? "sales" : "customers",
      encoding: sample.encoding,
      delimiter: sample.delimiter,
      decimalMark: mark.value,
      dateOrder: order.value,
      columns,
      ...(isSales ? onlyPaid(sample) : {}),
    },
    dateOrder: order.certainty,
    decimalMark: mark.certainty,
  };
}

/** Of orders that say whether they are paid, those that are. */
function onlyPaid({ header }: Sample): Pick<CsvMapping, "only"> {
  const column = header.find((name) => plainName(name) === "financial_status");
  return column === undefined
    ? {}
    : { only: { column, values: ["paid", "partially_refunded", "refunded"] } };
}

const OF_SALES: ReadonlySet<Meaning> = new Set<Meaning>([
  "receipt",
  "sku",
  "description",
  "quantity",
  "unitPrice",
  "amount",
  "shipping",
  "total",
  "refunded",
  "tender",
  "currency",
  "discount",
  "store",
  "staff",
]);

/** Of several columns with one meaning the first counts; a date and its time, and a house number and its street, are one. */
function columnsByName({ header, rows }: Sample): Map<Meaning, readonly string[]> {
  const found = new Map<Meaning, readonly string[]>();
  // Shopify calls the number of an order its name.
  const isShopOrders = header.some((column) => plainName(column) === "lineitem_price");
  for (const [place, column] of header.entries()) {
    const meaning = isShopOrders && plainName(column) === "name" ? "receipt" : meaningOf(column);
    if (meaning === null || found.has(meaning)) continue;
    if (meaning === "loyaltyNumber" && arePaymentCards(valuesIn(rows, place))) continue;
    found.set(meaning, [column]);
  }
  joinWith(
    found,
    "at",
    header.find((column) => TIME.test(plainName(column))),
    "after",
  );
  const number = header.find((column) => personColumnOf(column) === "streetNumber");
  joinWith(found, "street", number, "before");
  return found;
}

const TIME =
  /^((invoice|order|sales?|transaction|purchase|receipt|bon)_?)?(time|uhrzeit|zeit|hora|heure)$/;

function joinWith(
  found: Map<Meaning, readonly string[]>,
  meaning: Meaning,
  column: string | undefined,
  where: "before" | "after",
): void {
  const known = found.get(meaning);
  if (known === undefined || column === undefined) return;
  found.set(meaning, where === "after" ? [...known, column] : [column, ...known]);
}

function meaningOf(column: string): Meaning | null {
  const name = plainName(column);
  const named = NAMES.find(([, pattern]) => pattern.test(name))?.[0];
  if (named !== undefined) return named;
  const person = personColumnOf(column);
  return person === null ? null : (PERSON[person] ?? null);
}
