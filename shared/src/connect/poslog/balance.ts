/**
 * Lines that add up to the total. Tills differ in what an extended amount holds: taxes may be part of it or come on top,
 * price modifiers may be taken off already or not. Of these readings the one that adds up is meant; where none does, the
 * rest is a line of its own, and flagged.
 */
import type { Flag } from "../../events/event.ts";
import { ok, type Result } from "../../result.ts";
import type { Failure } from "../failure.ts";
import { minorOf } from "./amounts.ts";
import { extraOf, type Part, type Parts } from "./parts.ts";
import { attributeOf, contentOf, childrenOf, type Element, isElement } from "./xml.ts";

export interface Balanced {
  readonly lines: readonly Part[];
  readonly flags: readonly Flag[];
}

export function balance(parts: Parts, totalMinor: number | null, roundingMinor: number): Balanced {
  const readings = readingsOf(parts);
  const [usual = []] = readings;
  if (totalMinor === null) return { lines: usual, flags: [] };
  const exact = readings.find((lines) => sumOf(lines) === totalMinor);
  if (exact !== undefined) return { lines: exact, flags: [] };
  const isRounded = (lines: readonly Part[]) => sumOf(lines) + roundingMinor === totalMinor;
  const rounded = roundingMinor === 0 ? undefined : readings.find(isRounded);
  if (rounded !== undefined) {
    return { lines: [...rounded, extraOf("ROUNDING", roundingMinor)], flags: [] };
  }
  const rest = extraOf("DIFFERENCE", totalMinor - sumOf(usual));
  return { lines: [...usual, rest], flags: ["lines_differ"] };
}

/** The likeliest first. */
function readingsOf(parts: Parts): readonly (readonly Part[])[] {
  const base = [...parts.articles, ...parts.extras];
  const tax = parts.taxMinor === 0 ? [] : [extraOf("TAX", parts.taxMinor)];
  const modifiers = parts.modifiersMinor === 0 ? [] : [extraOf("DISCOUNT", parts.modifiersMinor)];
  const taxes = parts.isTaxIncluded ? [[], tax] : [tax, []];
  return [[], modifiers].flatMap((more) => taxes.map((each) => [...base, ...more, ...each]));
}

export const sumOf = (parts: readonly { readonly amountMinor: number }[]): number =>
  parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

export interface Totals {
  /** What the customer had to pay; null where the transaction does not say. */
  readonly totalMinor: number | null;
  readonly roundingMinor: number;
}

/** In the order in which they are believed. */
const GRAND = ["transactiongrandamount", "transactiontotalamount", "transactionpurchaseamount"];

export function totalsOf(retail: Element, currency: string): Result<Totals, Failure> {
  const byType = new Map<string, number>();
  for (const total of childrenOf(retail, "Total")) {
    const type = isElement(total) ? attributeOf(total, "TotalType")?.toLowerCase() : undefined;
    const text = contentOf(total);
    if (type === undefined || text === "" || byType.has(type)) continue;
    const minor = minorOf(text, currency, "Total");
    if (!minor.ok) return minor;
    byType.set(type, minor.value);
  }
  const grand = GRAND.map((type) => byType.get(type)).find((minor) => minor !== undefined);
  const rounding = byType.get("transactionroundingamount") ?? 0;
  return ok({ totalMinor: grand ?? null, roundingMinor: rounding });
}
