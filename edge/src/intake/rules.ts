/** What a retailer asks of an account beyond readability: rules are data, and changed by people. */
import type { AccountRules } from "@regulars/shared/connect/account";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { type Failure, failureOf } from "@regulars/shared/connect/failure";

const DAY_MS = 86_400_000;

/** Kinds that make sense without knowing whose it is. */
const OF_NOBODY: ReadonlySet<string> = new Set(["refund", "void", "privacy"]);

/** Receipts, and whatever takes money back: they need a word of somebody who is known. */
const OF_MONEY: ReadonlySet<string> = new Set(["sale", "return", "void", "refund"]);

const isOfMoney = (capture: ConnectCapture): boolean =>
  OF_MONEY.has(capture.kind) || (capture.kind === "order" && capture.state === "cancelled");

/** With a public key an order is what somebody says they have ordered, and nobody has checked anything. */
export function asTrusted(capture: ConnectCapture, { isPublic }: AccountRules): ConnectCapture {
  if (isPublic !== true) return capture;
  if (capture.kind === "claim") return { ...capture, verified: undefined };
  return capture.kind === "order" ? { ...capture, state: "placed" } : capture;
}

/** Not taken in, and not kept. */
export const isIgnored = (capture: ConnectCapture, { ignoredNames }: AccountRules): boolean =>
  capture.kind === "behaviour" && ignoredNames?.includes(capture.name) === true;

/** Null where no rule is broken. `totalMinor` and `isKnown` as they were read. */
export function brokenRule(
  capture: ConnectCapture,
  read: { readonly totalMinor: number; readonly isKnown: boolean },
  rules: AccountRules,
  nowMs: number,
): Failure | null {
  const { currencies, maxTotalMinor, requireCustomer, maxAgeDays } = rules;
  if (rules.isPublic === true && isOfMoney(capture)) {
    return failureOf("rule", undefined, "The key of this connector is public: it moves no money.");
  }
  if (currencies && "lines" in capture && !currencies.includes(capture.currency)) {
    return failureOf("rule", "currency", "The currency is not one of this connector's.");
  }
  if (maxTotalMinor !== undefined && Math.abs(read.totalMinor) > maxTotalMinor) {
    return failureOf("rule", "lines", "The total is above the limit of this connector.");
  }
  if (requireCustomer === true && !read.isKnown && !OF_NOBODY.has(capture.kind)) {
    return failureOf("rule", "customer", "This connector takes in nothing without a customer.");
  }
  if (maxAgeDays !== undefined && nowMs - Date.parse(capture.at) > maxAgeDays * DAY_MS) {
    return failureOf("rule", "at", "It is older than this connector takes in.");
  }
  return null;
}
