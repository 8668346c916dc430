/** Lines of the "Online Retail" file to a receipt as a till would capture it. */
import { minorDigits } from "@regulars/shared/money";
import type { LineRequest, ReceiptRequest } from "../system/agent-client.ts";
import type { InvoicePart } from "./invoice-window.ts";
import { type Dirt, type Invoice, NO_DIRT } from "./invoice.ts";
import { CURRENCY, type RetailLine } from "./online-retail-line.ts";

export function invoiceOf(part: InvoicePart<RetailLine>, position: number): Invoice {
  const { invoice, lines } = part;
  const [first] = lines;
  if (!first) throw new Error("an invoice has lines");
  const kind = kindOf(invoice);
  const isSplit = part.part > 1 || part.isBroken;
  // The country is the customer's; of a sale to nobody in particular it says nothing about anybody.
  const { customer, country } = lines.find((line) => line.customer !== "") ?? first;
  const receipt = {
    idempotencyKey: part.part === 1 ? invoice : `${invoice}#${part.part}`,
    externalId: invoice,
    at: first.at,
    currency: CURRENCY,
    lines: lines.map((line) => lineOf(line, first.at)),
    ...(customer === "" ? {} : { customer: { loyaltyNumber: customer, country } }),
    ...(isSplit ? { flags: ["split_receipt" as const] } : {}),
  };
  const reason = first.description || "adjustment";
  const capture: ReceiptRequest =
    kind === "adjustment"
      ? { kind, reason: reason.slice(0, 200), ...receipt }
      : { kind, ...receipt };
  const totalMinor = lines.reduce((total, { amountMinor }) => total + amountMinor, 0);
  const dirt = dirtOf(kind, lines, isSplit);
  return { capture, currency: CURRENCY, totalMinor, position, dirt };
}

/** C marks a cancellation, A an adjustment of the books; any other invoice is a sale, whatever its quantities. */
function kindOf(invoice: string): ReceiptRequest["kind"] {
  if (invoice.startsWith("C")) return "return";
  return invoice.startsWith("A") ? "adjustment" : "sale";
}

function lineOf(line: RetailLine, at: string): LineRequest {
  return {
    sku: line.sku,
    ...(line.description === "" ? {} : { description: line.description }),
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    ...(line.at === at ? {} : { at: line.at }),
  };
}

function dirtOf(
  kind: ReceiptRequest["kind"],
  lines: readonly RetailLine[],
  isSplit: boolean,
): Dirt {
  const [first] = lines;
  const customers = new Set(lines.map((line) => line.customer));
  return {
    ...NO_DIRT,
    adjustments: count(kind === "adjustment"),
    twoTimestamps: count(lines.some((line) => line.at !== first?.at)),
    negativeQuantitySales: count(
      kind === "sale" && lines.some((line) => line.quantity.startsWith("-")),
    ),
    fractionPrices: lines.filter((line) => hasFraction(line.unitPrice)).length,
    splitReceipts: count(isSplit),
    twoCustomers: count(customers.size > 1),
  };
}

const count = (is: boolean): number => (is ? 1 : 0);

function hasFraction(unitPrice: string): boolean {
  const [, decimals = ""] = unitPrice.split(".");
  return decimals.replace(/0+$/, "").length > minorDigits(CURRENCY);
}
