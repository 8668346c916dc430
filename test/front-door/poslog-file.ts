/** A log of a till that is long enough to be sent in several calls: a day's log, or one of our own, at many workstations. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { isDataThere, poslogFile } from "./payloads.ts";

export interface Log {
  readonly xml: string;
  readonly transactions: number;
  /** US cents, as the log says of itself. */
  readonly totalMinor: number;
}

const COPIES = 30;

/** 51 transactions, of which two are no sales. */
function ownTransactions(): string[] {
  const head = (seq: number) =>
    `<RetailStoreID>9</RetailStoreID><WorkstationID>1</WorkstationID><SequenceNumber>${seq}</SequenceNumber>` +
    "<BusinessDayDate>2026-06-01</BusinessDayDate><EndDateTime>2026-06-01T10:00:00</EndDateTime><CurrencyCode>USD</CurrencyCode>";
  return Array.from({ length: 51 }, (_, seq) => {
    const price = `${seq + 1}.${String(seq % 100).padStart(2, "0")}`;
    const sold =
      `<RetailTransaction><LineItem><Sale><ItemID>TEA</ItemID><Quantity>1</Quantity><ExtendedAmount>${price}</ExtendedAmount></Sale></LineItem>` +
      `<Total TotalType="TransactionGrandAmount">${price}</Total></RetailTransaction>`;
    const control = "<ControlTransaction><SignOn/></ControlTransaction>";
    return `<Transaction>${head(seq + 1)}${seq % 25 === 24 ? control : sold}</Transaction>`;
  });
}

function publicTransactions(): { readonly head: string; readonly all: readonly string[] } {
  const text = gunzipSync(readFileSync(poslogFile())).toString("utf8");
  const [head = "", ...rest] = text.split("<Transaction>");
  const all = rest.map((piece) => `<Transaction>${piece.split("</Transaction>")[0]}</Transaction>`);
  return { head, all };
}

export function longLog(): Log {
  const { head, all } = isDataThere
    ? publicTransactions()
    : { head: "<POSLog>", all: ownTransactions() };
  const copies = Array.from({ length: COPIES }, (_, copy) =>
    all.map((each) =>
      each.replace(
        /<WorkstationID>(\d+)<\/WorkstationID>/,
        (_whole, till: string) => `<WorkstationID>${copy}-${till}</WorkstationID>`,
      ),
    ),
  ).flat();
  const grand = all.flatMap((each) => /TransactionGrandAmount">([\d.-]+)</.exec(each)?.[1] ?? []);
  const once = grand.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);
  return {
    xml: `${head}${copies.join("")}</POSLog>`,
    transactions: copies.length,
    totalMinor: once * COPIES,
  };
}
