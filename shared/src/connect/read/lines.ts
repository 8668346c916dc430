/** Lines that add up to their total, whatever the other side puts where. */
import type { LineInput } from "../../capture/input.ts";
import type { Flag } from "../../events/event.ts";
import type { ConnectCapture } from "../captures.ts";

/** Lines that are no goods: shipping, taxes on top, discounts, what a refund that names no goods gives back. */
export type ExtraSku =
  | "SHIPPING"
  | "TAX"
  | "DISCOUNT"
  | "TIP"
  | "FEE"
  | "ROUNDING"
  | "REFUND"
  | "PAYMENT"
  | "DIFFERENCE";

export interface Extra {
  readonly sku: ExtraSku;
  readonly amountMinor: number;
  readonly description?: string | undefined;
}

export const sumMinor = (parts: readonly { readonly amountMinor?: number | undefined }[]): number =>
  parts.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0), 0);

/** What refunds come to: positive. */
export const refundedMinorOf = (refunds: readonly ConnectCapture[]): number =>
  0 - refunds.reduce((sum, each) => sum + ("lines" in each ? sumMinor(each.lines) : 0), 0);

/** No line where there is no money. */
export function extraLines(extras: readonly Extra[]): LineInput[] {
  return extras
    .filter(({ amountMinor }) => amountMinor !== 0)
    .map(({ sku, amountMinor, description }) => ({
      sku,
      quantity: "1",
      amountMinor,
      ...(description === undefined ? {} : { description }),
    }));
}

export interface Closed {
  readonly lines: LineInput[];
  readonly flags: Flag[];
}

/**
 * Adds what is missing to the total. `perhaps`: parts that the total holds or does not, depending on the version and the
 * settings of the other side (a tip that stands among the goods as well); those that explain the rest exactly are in it.
 * What nothing explains is a line DIFFERENCE, and flagged; up to `roundingMinor` it is ROUNDING, and is not.
 */
export function closeLines(
  lines: readonly LineInput[],
  totalMinor: number,
  perhaps: readonly Extra[] = [],
  roundingMinor = 0,
): Closed {
  const rest = totalMinor - sumMinor(lines);
  if (rest === 0) return { lines: [...lines], flags: [] };
  const explained = explain(
    rest,
    perhaps.filter(({ amountMinor }) => amountMinor !== 0),
  );
  if (explained) return { lines: [...lines, ...extraLines(explained)], flags: [] };
  const isRounding = Math.abs(rest) <= roundingMinor;
  const sku = isRounding ? "ROUNDING" : "DIFFERENCE";
  return {
    lines: [...lines, ...extraLines([{ sku, amountMinor: rest }])],
    flags: isRounding ? [] : ["lines_differ"],
  };
}

/** With all of the extras, or with those that prices do not hold already (taxes), or with a line for the rest. */
export function closeWith(
  goods: readonly LineInput[],
  extras: readonly Extra[],
  totalMinor: number,
): Closed {
  const all = [...goods, ...extraLines(extras)];
  if (sumMinor(all) === totalMinor) return { lines: all, flags: [] };
  const chosen = closeLines(goods, totalMinor, extras);
  return chosen.flags.length === 0 ? chosen : closeLines(all, totalMinor);
}

/** The first choice of parts that adds up to the rest, the fewest parts first. */
function explain(rest: number, parts: readonly Extra[]): readonly Extra[] | null {
  return subsetsOf(parts).find((choice) => choice.length > 0 && sumMinor(choice) === rest) ?? null;
}

/** Every choice of the first eight parts, the fewest parts first. */
export const subsetsOf = (parts: readonly Extra[]): (readonly Extra[])[] =>
  Array.from({ length: 2 ** Math.min(parts.length, 8) }, (_, choice) =>
    parts.filter((_part, index) => (choice & (1 << index)) !== 0),
  ).toSorted((a, b) => a.length - b.length);

/** Minor units × numerator / denominator, half away from zero; 0 of what is no integer. Exact beyond 2^53. */
export function shareMinor(minor: number, numerator: number, denominator: number): number {
  if (denominator === 0 || ![minor, numerator, denominator].every(Number.isSafeInteger)) return 0;
  const product = BigInt(minor) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const isNegative = product < 0n !== divisor < 0n && product !== 0n;
  const [top, bottom] = [product < 0n ? -product : product, divisor < 0n ? -divisor : divisor];
  const share = Number((top * 2n + bottom) / (bottom * 2n));
  return isNegative ? -share : share;
}
