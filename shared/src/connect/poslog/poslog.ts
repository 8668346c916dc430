/** ARTS POSLog, in the versions that tills write: a log of transactions, each with its own key. */
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import type { MapAccount, Mapper } from "../mapper.ts";
import { type Outcome, readTransaction } from "./transaction.ts";
import { childrenOf, elementIn, isElement, readXml } from "./xml.ts";

/** Every transaction in the order of the log. One that cannot be read takes none of the others with it. */
export function readPoslog(
  bytes: Uint8Array,
  account: MapAccount,
): Result<readonly Outcome[], Failure> {
  const tree = readXml(bytes);
  if (!tree.ok) return tree;
  const log = elementIn(tree.value, "POSLog") ?? tree.value;
  const transactions = childrenOf(log, "Transaction");
  if (transactions.length === 0 && elementIn(tree.value, "POSLog") === null) {
    const isEmpty = childrenOf(tree.value, "POSLog").length > 0;
    return isEmpty ? ok([]) : fail(failureOf("unknown_topic", undefined, "It is no POSLog."));
  }
  return ok(
    transactions.map((transaction) =>
      isElement(transaction)
        ? readTransaction(transaction, account)
        : { key: null, failed: failureOf("missing_field", "RetailStoreID") },
    ),
  );
}

/** The log as one message: what cannot be read keeps the whole of it back, so that none is lost unseen. */
export const mapPoslog: Mapper = ({ body }, account) => {
  const outcomes = readPoslog(body, account);
  if (!outcomes.ok) return outcomes;
  const failed = outcomes.value.find((outcome) => "failed" in outcome);
  if (failed !== undefined) return fail(failed.failed);
  return ok({
    captures: outcomes.value.flatMap((outcome) => ("capture" in outcome ? [outcome.capture] : [])),
  });
};
