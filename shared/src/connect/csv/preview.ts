/** What a mapping makes of a file, column by column, for a person to confirm. Values stand in it: it is shown, not logged. */
import { LIMITS } from "../../limits.ts";
import { normaliseEmail } from "../../identity/email.ts";
import { normalisePhone } from "../../identity/phone.ts";
import { isScientific, readDay, readDecimal, readMoment, readYes } from "./cell.ts";
import type { CsvContext } from "./env.ts";
import {
  areDayCounts,
  arePaymentCards,
  dateOrderIn,
  decimalMarkIn,
  haveLostZeros,
  isDateLike,
  valuesIn,
} from "./evidence.ts";
import type { Sample } from "./guess.ts";
import { columnsOf, type CsvMapping, type Meaning, namedColumns } from "./mapping.ts";

export const DOUBTS = {
  encoding_guessed:
    "The text is not UTF-8 and does not say what it is: it is read as Windows-1252; look at the accents",
  date_order_unknown: "Every date could be read day first or month first",
  date_order_mixed: "Some dates can only be read day first, and others only month first",
  date_order_other: "The dates can only be read in another order than the mapping says",
  decimal_mark_unknown: "The numbers could have a decimal point or a decimal comma",
  decimal_mark_mixed: "Some numbers have a decimal point, and others a decimal comma",
  decimal_mark_other: "The numbers have another decimal mark than the mapping says",
  unreadable: "Some values cannot be read",
  scientific:
    "A spreadsheet has rounded these numbers (such as 4.00639E+12): their digits are lost",
  leading_zeros: "Some numbers are shorter: a spreadsheet may have taken their leading zeros",
  payment_card: "These look like numbers of payment cards: they are nobody's identity",
  day_counts: "These are a spreadsheet's day counts, not dates: save the column as dates",
  empty: "The column says nothing",
} as const;
export type Doubt = keyof typeof DOUBTS;

export interface ColumnPreview {
  readonly header: string;
  /** Null for a column that is left out. */
  readonly meaning: Meaning | "trait" | null;
  readonly examples: readonly string[];
  /** Of the rows that were looked at. */
  readonly filled: number;
  readonly readable: number;
  readonly doubts: readonly Doubt[];
}

export interface Preview {
  readonly rows: number;
  readonly columns: readonly ColumnPreview[];
  /** About the file as a whole. */
  readonly doubts: readonly Doubt[];
}

export function preview(sample: Sample, mapping: CsvMapping, context: CsvContext): Preview {
  const meanings = new Map(namedColumns(mapping).map((each) => [each.column, each.meaning]));
  const columns = sample.header.map((header, place) =>
    columnPreview(header, meanings.get(header) ?? null, valuesIn(sample.rows, place), {
      mapping,
      context,
      isJoined: isJoined(mapping, header),
    }),
  );
  return { rows: sample.rows.length, columns, doubts: doubtsOf(sample, mapping) };
}

/** One of several columns that are read together: alone it need not be readable. */
const isJoined = (mapping: CsvMapping, header: string): boolean =>
  namedColumns(mapping).some(
    ({ column, meaning }) =>
      column === header && meaning !== "trait" && columnsOf(mapping, meaning).length > 1,
  );

interface Reading {
  readonly mapping: CsvMapping;
  readonly context: CsvContext;
  readonly isJoined: boolean;
}

function columnPreview(
  header: string,
  meaning: Meaning | "trait" | null,
  values: readonly string[],
  reading: Reading,
): ColumnPreview {
  const isReadable =
    meaning === null || meaning === "trait" || reading.isJoined
      ? () => true
      : (text: string) => canRead(text, meaning, reading);
  const readable = values.filter(isReadable).length;
  return {
    header,
    meaning,
    examples: [...new Set(values)].slice(0, LIMITS.previewExampleValues),
    filled: values.length,
    readable,
    doubts: columnDoubts(meaning, values, readable),
  };
}

const NUMBERS: ReadonlySet<Meaning> = new Set<Meaning>([
  "quantity",
  "unitPrice",
  "amount",
  "discount",
  "tax",
  "shipping",
  "total",
  "refunded",
]);

function canRead(text: string, meaning: Meaning, { mapping, context }: Reading): boolean {
  const { today, account } = context;
  if (NUMBERS.has(meaning)) return readDecimal(text, mapping.decimalMark) !== null;
  switch (meaning) {
    case "at": {
      const zone = mapping.zone ?? account.zone;
      return readMoment(text, { order: mapping.dateOrder, zone, today }) !== null;
    }
    case "birthDate":
      return readDay(text, mapping.dateOrder, today, "1900-01-02") !== null;
    case "email":
      return normaliseEmail(text) !== null;
    case "phone":
      return !isScientific(text) && normalisePhone(text, account.country) !== null;
    case "consentEmail":
    case "consentSms":
    case "consentPhone":
    case "consentPost":
    case "consentAny":
      return readYes(text) !== null;
    case "sku":
    case "loyaltyNumber":
    case "userId":
    case "postalCode":
      return !isScientific(text);
    default:
      return true;
  }
}

const IDENTIFIERS: ReadonlySet<string> = new Set([
  "sku",
  "loyaltyNumber",
  "userId",
  "phone",
  "postalCode",
]);

function columnDoubts(
  meaning: Meaning | "trait" | null,
  values: readonly string[],
  readable: number,
): Doubt[] {
  if (values.length === 0) return meaning === null ? [] : ["empty"];
  const doubts: Doubt[] = [];
  if (arePaymentCards(values)) doubts.push("payment_card");
  if (meaning === null) return doubts;
  if (meaning === "at" && areDayCounts(values)) doubts.push("day_counts");
  if (IDENTIFIERS.has(meaning) && values.some(isScientific)) doubts.push("scientific");
  if (IDENTIFIERS.has(meaning) && haveLostZeros(values)) doubts.push("leading_zeros");
  if (readable < values.length) doubts.push("unreadable");
  return doubts;
}

function doubtsOf(sample: Sample, mapping: CsvMapping): Doubt[] {
  const valuesOf = (meanings: readonly Meaning[]) =>
    meanings.flatMap((meaning) =>
      columnsOf(mapping, meaning).flatMap((column) =>
        valuesIn(sample.rows, sample.header.indexOf(column)),
      ),
    );
  const doubts: Doubt[] = [];
  if (sample.isEncodingGuessed) doubts.push("encoding_guessed");
  const dates = valuesOf(["at", "birthDate"]).filter(isDateLike);
  const order = dateOrderIn(dates, mapping.dateOrder);
  if (order.certainty === "unknown") doubts.push("date_order_unknown");
  if (order.certainty === "mixed") doubts.push("date_order_mixed");
  const isOther = order.certainty === "certain" && order.value !== "ymd";
  if (isOther && order.value !== mapping.dateOrder) doubts.push("date_order_other");
  const mark = decimalMarkIn(valuesOf([...NUMBERS]));
  if (mark.certainty === "unknown") doubts.push("decimal_mark_unknown");
  if (mark.certainty === "mixed") doubts.push("decimal_mark_mixed");
  if (mark.certainty === "certain" && hasMark(valuesOf([...NUMBERS]), mapping, mark.value)) {
    doubts.push("decimal_mark_other");
  }
  return doubts;
}

const hasMark = (
  values: readonly string[],
  { decimalMark }: CsvMapping,
  found: CsvMapping["decimalMark"],
): boolean => found !== decimalMark && values.some((value) => value.includes(found));
