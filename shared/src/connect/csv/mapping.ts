/** What the columns of a CSV file mean: data that people confirm once and keep beside the file. */
import { isZone } from "../../capture/business-day.ts";
import { z } from "zod";
import { currencySchema } from "../../money.ts";
import { ENCODINGS } from "../text.ts";

/** Fields of a customer, in files of customers and of sales. */
export const CUSTOMER_MEANINGS = [
  "userId",
  "loyaltyNumber",
  "email",
  "phone",
  "givenName",
  "familyName",
  "fullName",
  "birthDate",
  "street",
  "street2",
  "city",
  "region",
  "postalCode",
  "country",
  "language",
] as const;
/** Yes or no to marketing on one channel. */
export const CONSENT_MEANINGS = [
  "consentEmail",
  "consentSms",
  "consentPhone",
  "consentPost",
  "consentAny",
] as const;
export const SALE_MEANINGS = [
  /** Lines with the same number are one receipt. */
  "receipt",
  "store",
  "staff",
  "sku",
  "description",
  "quantity",
  "unitPrice",
  /** What the line comes to; quantity × unit price where there is no such column. */
  "amount",
  /** Taken off the line, whichever sign it has. */
  "discount",
  /** Comes on top of the line. */
  "tax",
  /** Of the whole receipt, on its first line: comes on top. */
  "shipping",
  /** What the whole receipt comes to, on its first line. */
  "total",
  /** What of the total was paid back since, on its first line, whichever sign it has. */
  "refunded",
  "tender",
  "currency",
  /** Number of the receipt that goods came back for. */
  "original",
] as const;
export const MEANINGS = [
  ...CUSTOMER_MEANINGS,
  ...CONSENT_MEANINGS,
  ...SALE_MEANINGS,
  /** When it was sold, or when the customer's data was changed last. */
  "at",
] as const;
export type Meaning = (typeof MEANINGS)[number];
export type CustomerMeaning = (typeof CUSTOMER_MEANINGS)[number];

const columnSchema = z.string().min(1).max(200);
/** Several columns are put together with a space, such as a date and its time. */
const columnsSchema = z.union([columnSchema, z.array(columnSchema).min(1).max(8)]);

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export const DATE_ORDERS = ["dmy", "mdy", "ymd"] as const;

export const csvMappingSchema = z
  .strictObject({
    version: z.literal(1),
    what: z.enum(["customers", "sales"]),
    encoding: z.enum(ENCODINGS),
    delimiter: z.enum(DELIMITERS),
    decimalMark: z.enum([".", ","]),
    /** Of dates such as 03/04/2026. */
    dateOrder: z.enum(DATE_ORDERS),
    /** Whose clock the times are; the account's where absent. */
    zone: z.string().max(64).refine(isZone, "is not an IANA zone").optional(),
    /** The account's where absent, and where there is no column of currencies. */
    currency: currencySchema.optional(),
    /** Customers in a file without times: as they were at this instant. The file's own time where absent. */
    asOf: z.iso.datetime().optional(),
    columns: z.partialRecord(z.enum(MEANINGS), columnsSchema),
    /** Columns to keep under their own names. */
    traits: z.array(columnSchema).max(50).optional(),
    /**
     * Only rows that say one of these words in that column count, such as orders that are paid, or lines that are sales. A row
     * that says nothing there says what the first of its receipt says.
     */
    only: z
      .strictObject({ column: columnSchema, values: z.array(z.string().max(200)).min(1).max(50) })
      .optional(),
    /** Receipt numbers begin anew in each store or on each day: with these they are unique. */
    receiptWithin: z.array(z.enum(["store", "day"])).optional(),
    /** Receipts whose number begins so are returns; those that come to less than nothing are, too. */
    returnPrefix: z.string().min(1).max(16).optional(),
    /** Receipts whose number begins so are no sales, such as corrections of the books. */
    ignoredPrefix: z.string().min(1).max(16).optional(),
  })
  .superRefine((mapping, context) => {
    for (const message of gapsIn(mapping)) {
      context.addIssue({ code: "custom", path: ["columns"], message });
    }
  });
export type CsvMapping = z.infer<typeof csvMappingSchema>;

/** What is missing, in words. */
export function gapsIn({ what, columns }: Pick<CsvMapping, "what" | "columns">): string[] {
  const has = (meaning: Meaning) => columns[meaning] !== undefined;
  if (what === "customers") {
    const telling: readonly Meaning[] = ["userId", "loyaltyNumber", "email", "phone"];
    return telling.some(has)
      ? []
      : ["customers need a column for userId, loyaltyNumber, email or phone"];
  }
  const gaps: string[] = [];
  if (!has("receipt")) gaps.push("sales need a column for receipt");
  if (!has("at")) gaps.push("sales need a column for at");
  if (!has("amount") && !has("unitPrice")) {
    gaps.push("sales need a column for amount or unitPrice");
  }
  return gaps;
}

export const columnsOf = (mapping: Pick<CsvMapping, "columns">, meaning: Meaning): string[] =>
  [mapping.columns[meaning] ?? []].flat();

/** Every column that is named, with what it means. */
export function namedColumns(
  mapping: CsvMapping,
): readonly { readonly column: string; readonly meaning: Meaning | "trait" }[] {
  return [
    ...MEANINGS.flatMap((meaning) =>
      columnsOf(mapping, meaning).map((column) => ({ column, meaning })),
    ),
    ...(mapping.traits ?? []).map((column) => ({ column, meaning: "trait" as const })),
  ];
}

/** Columns that the mapping names and the file does not have. */
export function unknownColumns(mapping: CsvMapping, header: readonly string[]): string[] {
  const known = new Set(header);
  const named = namedColumns(mapping).map(({ column }) => column);
  const asked = mapping.only === undefined ? named : [...named, mapping.only.column];
  return [...new Set(asked.filter((column) => !known.has(column)))];
}
