/** Money is integer minor units with an ISO 4217 currency (CAP5); quantities and unit prices are decimal text. */
import { z } from "zod";
import { fail, ok, type Result } from "./result.ts";

export const minorSchema = z.int();
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, "is not an ISO 4217 currency code");
const DECIMAL = /^-?\d+(\.\d+)?$/;
const DECIMAL_CHARS = 30;
export const decimalSchema = z
  .string()
  .max(DECIMAL_CHARS)
  .regex(DECIMAL, "is not a decimal number such as 12.50");

/** Digits after the point, where not two: ISO 4217, as of 2026. */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0,
  VUV: 0, XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  UYI: 0, CLF: 4, UYW: 4,
}; // prettier-ignore

export function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

export type AmountFailure = "not_decimal" | "out_of_range";

/**
 * quantity × unit price in minor units, rounded half away from zero. Exact: both factors are decimal text and the
 * product is a BigInt, because 0.1 × 3 is not 0.3 in binary.
 */
export function lineAmountMinor(
  quantity: string,
  unitPrice: string,
  currency: string,
): Result<number, AmountFailure> {
  const q = parseDecimal(quantity);
  const p = parseDecimal(unitPrice);
  if (!q || !p) return fail("not_decimal");
  return scaledToMinor(q.digits * p.digits, q.scale + p.scale, minorDigits(currency));
}

/** Decimal text in major units ("12.5") to minor units (1250). */
export function decimalToMinor(amount: string, currency: string): Result<number, AmountFailure> {
  const parsed = parseDecimal(amount);
  if (!parsed) return fail("not_decimal");
  return scaledToMinor(parsed.digits, parsed.scale, minorDigits(currency));
}

/** a + b, exact; null when the sum is longer than a decimal may be. */
export function addDecimals(a: string, b: string): string | null {
  const one = parseDecimal(a);
  const other = parseDecimal(b);
  if (!one || !other) return null;
  const scale = Math.max(one.scale, other.scale);
  const scaled = ({ digits, scale: own }: Decimal): bigint => digits * 10n ** BigInt(scale - own);
  const sum = scaled(one) + scaled(other);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = `${sum < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
  return decimalSchema.safeParse(text).success ? text : null;
}

export function formatMinor(minor: number, currency: string, locale = "en"): string {
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    // Said, because browsers and Node take them from CLDR, which hides the minor unit of RSD, IQD and others.
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(minor / 10 ** digits);
}

interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

function parseDecimal(text: string): Decimal | null {
  if (text.length > DECIMAL_CHARS || !DECIMAL.test(text)) return null;
  const [whole = "0", fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function scaledToMinor(
  digits: bigint,
  scale: number,
  minorScale: number,
): Result<number, AmountFailure> {
  const drop = scale - minorScale;
  const minor = drop <= 0 ? digits * 10n ** BigInt(-drop) : divideHalfAwayFromZero(digits, drop);
  const value = Number(minor);
  return Number.isSafeInteger(value) ? ok(value) : fail("out_of_range");
}

function divideHalfAwayFromZero(digits: bigint, drop: number): bigint {
  const divisor = 10n ** BigInt(drop);
  const half = divisor / 2n;
  return digits < 0n ? -((-digits + half) / divisor) : (digits + half) / divisor;
}
