/** What a transaction is called: POSLog's own key of store, workstation, business day and sequence, verbatim. */
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { type Element, textAt } from "./xml.ts";

export interface TransactionKey {
  readonly store: string;
  readonly workstation: string;
  readonly businessDay: string;
  readonly sequence: string;
}

/** Numbers of receipts have so many characters at most, and the key is one. */
const keyChars = 64;

export function transactionKeyOf(element: Element): Result<TransactionKey, Failure> {
  const key = {
    store: textAt(element, "RetailStoreID") ?? textAt(element, "BusinessUnit", "UnitID"),
    workstation: textAt(element, "WorkstationID"),
    businessDay: textAt(element, "BusinessDayDate"),
    sequence: textAt(element, "SequenceNumber"),
  };
  const { store, workstation, businessDay, sequence } = key;
  if (store === undefined) return fail(failureOf("missing_field", "RetailStoreID"));
  if (workstation === undefined) return fail(failureOf("missing_field", "WorkstationID"));
  if (businessDay === undefined) return fail(failureOf("missing_field", "BusinessDayDate"));
  if (sequence === undefined) return fail(failureOf("missing_field", "SequenceNumber"));
  const complete = { store, workstation, businessDay, sequence };
  return numberOf(complete).length > keyChars
    ? fail(failureOf("bad_field", "SequenceNumber", "The key of the transaction is too long."))
    : ok(complete);
}

/** The key as the number of a receipt: what a void or a return refers to. */
export const numberOf = ({ store, workstation, businessDay, sequence }: TransactionKey): string =>
  `${store}/${workstation}/${businessDay}/${sequence}`;
