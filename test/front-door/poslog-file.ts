/** A log of tills that is long enough to be sent in several calls. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { isDataThere, poslogFile } from "./payloads.ts";

export interface Log {
  readonly xml: string;
  readonly transactions: number;
  /** US cents, as the log says of itself. */
  readonly totalMinor: number;
}

/** As many as make two calls of it. */
const WORKSTATIONS = 24;

const headOf = (seq: number) =>
  `<RetailStoreID>9</RetailStoreID><WorkstationID>1</WorkstationID><SequenceNumber>${seq}</SequenceNumber>` +
  "<BusinessDayDate>2026-06-01</BusinessDayDate><EndDateTime>2026-06-01T10:00:00</EndDateTime><CurrencyCode>USD</CurrencyCode>";

/** 51 transactions, of which two are no sales. */
function ownTransactions(): string[] {
  return Array.from({ length: 51 }, (_, seq) => {
    const price = `${seq + 1}.${String(seq % 100).padStart(2, "0")}`;
    const sold =
      `<RetailTransaction><LineItem><Sale><ItemID>TEA</ItemID><Quantity>1</Quantity><ExtendedAmount>${price}</ExtendedAmount></Sale></LineItem>` +
      `<Total TotalType="TransactionGrandAmount">${price}</Total></RetailTransaction>`;
    const control = "<ControlTransaction><SignOn/></ControlTransaction>";
    return `<Transaction>${headOf(seq + 1)}${seq % 25 === 24 ? control : sold}</Transaction>`;
  });
}

function publicTransactions(): { readonly head: string; readonly all: readonly string[] } {
  const text = gunzipSync(readFileSync(poslogFile())).toString("utf8");
  const [head = "", ...rest] = text.split("<Transaction>");
  const all = rest.map((piece) => `<Transaction>${piece.split("</Transaction>")[0]}</Transaction>`);
  return { head, all };
}

/** Sales of ours at many workstations, and then the public log, where it is there. */
export function longLog(): Log {
  const { head, all } = isDataThere ? publicTransactions() : { head: "<POSLog>", all: [] };
  const own = Array.from({ length: WORKSTATIONS }, (_, at) =>
    ownTransactions().map((each) => each.replace("<WorkstationID>1<", `<WorkstationID>own-${at}<`)),
  ).flat();
  const pieces = [...own, ...all];
  const amounts = pieces.flatMap(
    (each) => /TransactionGrandAmount">([\d.-]+)</.exec(each)?.[1] ?? [],
  );
  return {
    xml: `${head}${pieces.join("")}</POSLog>`,
    transactions: pieces.length,
    totalMinor: amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0),
  };
}
