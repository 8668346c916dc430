/** Decimal text of a POSLog to minor units: exact, never a binary fraction. */
import { decimalToMinor, lineAmountMinor } from "../../money.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { type Element, textAt } from "./xml.ts";

/** XML Schema's decimals may begin with a plus or a point; ours do not. Null for what is no decimal number. */
export function decimalOf(text: string): string | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return null;
  const number = `${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
  if (number.length > 29) return null;
  return sign === "-" && /[1-9]/.test(number) ? `-${number}` : number;
}

/** Null where there is no such element. */
export function minorAt(
  element: Element,
  currency: string,
  ...path: readonly string[]
): Result<number | null, Failure> {
  const text = textAt(element, ...path);
  if (text === undefined) return ok(null);
  return minorOf(text, currency, path.join("."));
}

export function minorOf(text: string, currency: string, field: string): Result<number, Failure> {
  const decimal = decimalOf(text);
  const minor = decimal === null ? null : decimalToMinor(decimal, currency);
  return minor?.ok ? minor : fail(failureOf("bad_money", field));
}

/** quantity × price, where the price is for `per` pieces: three for 2.00. Rounded half away from zero. */
export function productMinor(
  quantity: string,
  price: string,
  per: string,
  currency: string,
): Result<number, Failure> {
  if (/^0*1(?:\.0*)?$/.test(per)) {
    const amount = lineAmountMinor(quantity, price, currency);
    return amount.ok ? amount : fail(failureOf("bad_money", "ExtendedAmount"));
  }
  const pieces = BigInt(/^\d{1,9}$/.test(per) ? per : "0");
  // A thousand times finer than any price: what is lost below that is no half of a minor unit but by chance.
  const fine = lineAmountMinor(quantity, shifted(price), currency);
  if (pieces === 0n || !fine.ok) return fail(failureOf("bad_money", "ExtendedAmount"));
  return ok(Number(dividedHalfAway(BigInt(fine.value), pieces * 1_000_000n)));
}

/** A million times as much, exactly. */
function shifted(decimal: string): string {
  const [whole = "0", fraction = ""] = decimal.split(".");
  const digits = fraction.padEnd(6, "0");
  const rest = digits.slice(6);
  return `${whole}${digits.slice(0, 6)}${rest === "" ? "" : `.${rest}`}`;
}

function dividedHalfAway(value: bigint, by: bigint): bigint {
  const half = by / 2n;
  return value < 0n ? -((-value + half) / by) : (value + half) / by;
}
