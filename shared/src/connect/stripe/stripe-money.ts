/** Stripe's amounts are integers of a minor unit of its own, which is not ISO's for every currency. */
import { decimalToMinor } from "../../money.ts";
import type { Part } from "../read/part.ts";

/**
 * Digits after the point in Stripe's amounts, where not two (its documentation of currencies, as of 2026). ISK and UGX have
 * no minor unit any more, but are sent with two digits, for the sake of older integrations; HUF and TWD have two here, for only their
 * payouts are rounded to none; MGA has none here although ISO gives it one.
 */
const DIGITS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, JPY: 0, KMF: 0, KRW: 0, MGA: 0, PYG: 0, RWF: 0, VND: 0, VUV: 0,
  XAF: 0, XOF: 0, XPF: 0, BHD: 3, JOD: 3, KWD: 3, OMR: 3, TND: 3,
}; // prettier-ignore

/** An amount of Stripe's in minor units as they are everywhere here. */
export function stripeMinor(part: Part, name: string, currency: string): number | undefined {
  const amount = part.int(name);
  if (amount === undefined) return undefined;
  const digits = DIGITS[currency] ?? 2;
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const at = text.length - digits;
  const decimal = digits === 0 ? text : `${text.slice(0, at)}.${text.slice(at)}`;
  const minor = decimalToMinor(amount < 0 ? `-${decimal}` : decimal, currency);
  return minor.ok ? minor.value : part.fail("bad_money", name);
}
