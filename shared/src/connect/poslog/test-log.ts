/** POSLogs of tests, written by hand. */
import type { ConnectCapture } from "../captures.ts";
import { wordsOf } from "../failure.ts";
import type { MapAccount } from "../mapper.ts";
import { readPoslog } from "./poslog.ts";
import type { Outcome } from "./transaction.ts";

export const account: MapAccount = {
  id: "pos-import",
  realm: "pos",
  zone: "America/Los_Angeles",
  country: "US",
  currency: "USD",
  locations: { "9": "seattle-9" },
  rules: {},
};
export const bytesOf = (text: string) => new TextEncoder().encode(text);

export function outcomesOf(bytes: Uint8Array, of = account): readonly Outcome[] {
  const read = readPoslog(bytes, of);
  if (!read.ok) throw new Error(wordsOf(read.reason));
  return read.value;
}

export const captureOf = (outcome: Outcome | undefined): ConnectCapture => {
  if (outcome === undefined || !("capture" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.capture;
};

export const sumOf = (capture: ConnectCapture): number =>
  "lines" in capture
    ? capture.lines.reduce((sum, { amountMinor = Number.NaN }) => sum + amountMinor, 0)
    : 0;

/** One transaction; `inner` stands for its kind. */
export const logOf = (inner: string, head = "", attributes = "") =>
  `<POSLog><Transaction ${attributes}><RetailStoreID>9</RetailStoreID><WorkstationID>3</WorkstationID>` +
  `<SequenceNumber>7</SequenceNumber><BusinessDayDate>2026-06-01</BusinessDayDate>` +
  `<EndDateTime>2026-06-01T10:00:00</EndDateTime><CurrencyCode>USD</CurrencyCode>${head}${inner}</Transaction></POSLog>`;
export const line = (inner: string, attributes = "") =>
  `<LineItem ${attributes}>${inner}</LineItem>`;
export const sale = (sku: string, amount: string, more = "", name = "Sale") =>
  `<${name}><ItemID>${sku}</ItemID><Quantity>1</Quantity><ExtendedAmount>${amount}</ExtendedAmount>${more}</${name}>`;
export const total = (amount: string) =>
  `<Total TotalType="TransactionGrandAmount">${amount}</Total>`;
export const only = (xml: string) => outcomesOf(bytesOf(xml))[0];
export const retail = (inner: string, attributes = "") =>
  logOf(`<RetailTransaction ${attributes}>${inner}</RetailTransaction>`);

export const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return isBig ? bytes.swap16() : bytes;
};
export const priced = (quantity: string, price: string, per = "") =>
  line(
    `<Sale><ItemID>A</ItemID><Quantity>${quantity}</Quantity><RegularSalesUnitPrice>${price}</RegularSalesUnitPrice>${per}</Sale>`,
  );
export const skus = (xml: string) => {
  const capture = captureOf(only(xml));
  if (!("lines" in capture)) throw new Error("no receipt");
  return [sumOf(capture), capture.lines.map(({ sku }) => sku).join(), capture.flags ?? []];
};
