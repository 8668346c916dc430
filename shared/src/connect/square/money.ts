/** Square's money: `{amount, currency}`, integers in minor units. */
import type { Part } from "../read/part.ts";
import { minorDigits } from "../../money.ts";

/** Minor units; undefined where there is none. Another currency than the order's is a failure. */
export function minorIn(part: Part, name: string, currency: string): number | undefined {
  const money = part.part(name);
  if (money === undefined) return undefined;
  if ((money.currency("currency") ?? currency) !== currency) {
    return part.fail("bad_money", `${name}.currency`);
  }
  const amount = money.raw("amount") ?? 0;
  return typeof amount === "number" && Number.isSafeInteger(amount)
    ? amount
    : part.fail("bad_money", `${name}.amount`);
}

/** Currency of the first of these fields that has one. */
export function currencyIn(part: Part, names: readonly string[]): string | undefined {
  for (const name of names) {
    const currency = part.part(name)?.currency("currency");
    if (currency !== undefined) return currency;
  }
  return undefined;
}

/** 1599 to "15.99". */
export function majorOf(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const sign = minor < 0 ? "-" : "";
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
