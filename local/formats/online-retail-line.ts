/** One line of the "Online Retail" file: an article on an invoice. */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { lineSchema } from "@regulars/shared/events/line";
import { LIMITS } from "@regulars/shared/limits";
import { decimalSchema, lineAmountMinor } from "@regulars/shared/money";
import { fail, ok, type Result } from "@regulars/shared/result";

export interface RetailLine {
  readonly invoice: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amountMinor: number;
  /** UTC instant. */
  readonly at: string;
  /** "" for a sale to nobody in particular. */
  readonly customer: string;
  readonly country: string;
}

/** The file's times are the shop's wall clock. */
export const ZONE = "Europe/London";
export const CURRENCY = "GBP";

const retailSchema = z.object({
  InvoiceNo: z.string().min(1).max(50),
  StockCode: lineSchema.shape.sku,
  Description: z.string().max(LIMITS.fieldChars),
  Quantity: decimalSchema,
  InvoiceDate: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  UnitPrice: decimalSchema,
  CustomerID: z.string().max(64),
  Country: z.string().min(1).max(LIMITS.fieldChars),
});

/** Texts never show the value, which may be a customer's number (SEC2). */
const COMPLAINTS: Readonly<Record<string, string>> = {
  InvoiceNo: "is not an invoice number",
  StockCode: "is not an article number",
  Description: "is too long",
  Quantity: "is not a number",
  InvoiceDate: "is not a date and time such as 2010-12-01 08:26:00",
  UnitPrice: "is not a number",
  CustomerID: "is too long",
  Country: "is missing or too long",
};

export type LineParser = (record: readonly string[]) => Result<RetailLine, string>;

/** Columns may stand in any order; a header without one of them is a file of another kind. */
export function createLineParser(header: readonly string[]): Result<LineParser, string> {
  const missing = Object.keys(COMPLAINTS).find((name) => !header.includes(name));
  if (missing !== undefined) return fail(`the column ${missing} is missing`);
  const toInstant = createInstantParser();
  return ok((record) => {
    if (record.length !== header.length) {
      return fail(`there are ${record.length} values where the header has ${header.length}`);
    }
    const row = retailSchema.safeParse(
      Object.fromEntries(header.map((name, at) => [name, record[at]])),
    );
    if (!row.success) {
      const column = String(row.error.issues[0]?.path[0]);
      return fail(`${column} ${COMPLAINTS[column] ?? "cannot be used"}`);
    }
    const { InvoiceNo, StockCode, Description, Quantity, UnitPrice, CustomerID, Country } =
      row.data;
    const at = toInstant(row.data.InvoiceDate);
    if (at === null) return fail(`InvoiceDate ${COMPLAINTS.InvoiceDate}`);
    const amount = lineAmountMinor(Quantity, UnitPrice, CURRENCY);
    if (!amount.ok) return fail("Quantity times UnitPrice is more money than can be counted");
    return ok({
      invoice: InvoiceNo,
      sku: StockCode,
      description: Description,
      quantity: Quantity,
      unitPrice: UnitPrice,
      amountMinor: amount.value,
      at,
      customer: CustomerID,
      country: Country,
    });
  });
}

/** Remembers the last one: the lines of an invoice share their time, and a time zone's rules take time to ask. */
function createInstantParser(): (wallTime: string) => string | null {
  let last: { wallTime: string; at: string | null } = { wallTime: "", at: null };
  return (wallTime) => {
    if (wallTime !== last.wallTime) last = { wallTime, at: instantOf(wallTime) };
    return last.at;
  };
}

function instantOf(wallTime: string): string | null {
  try {
    const local = Temporal.PlainDateTime.from(wallTime, { overflow: "reject" });
    return local.toZonedDateTime(ZONE).toInstant().toString();
  } catch {
    return null; // such as 30 February
  }
}
