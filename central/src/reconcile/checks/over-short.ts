/** 9. Over and short: what was counted against what should have been there, per close, and per operator over the last closes. */
import { LIMITS } from "@regulars/shared/limits";
import { minorDigits } from "@regulars/shared/money";
import type { Found } from "../found.ts";
import { keyOf, type PastClose, placeOf, rowsOfKind, type StoreDay } from "./store-day.ts";

export const checkOverShort = (day: StoreDay): Found[] =>
  rowsOfKind(day, "close").flatMap((row) =>
    row.event.body.compared
      .filter(
        ({ currency, differenceMinor }) =>
          Math.abs(differenceMinor) > scaled(LIMITS.overShortMinor, currency),
      ) // prettier-ignore
      .map((each): Found => {
        const { number, staff, reason } = row.event.body;
        const { type, currency, countedMinor, expectedMinor, differenceMinor } = each;
        return {
          kind: "over_short",
          about: `${keyOf(row)}/${type}/${currency}`,
          ...placeOf(row),
          currency,
          amountMinor: differenceMinor,
          evidence: {
            z: number,
            tender: type,
            countedMinor,
            expectedMinor,
            ...(staff === undefined ? {} : { staff }),
            ...(reason === undefined ? {} : { reason }),
          },
        };
      }),
  );

/** A limit in hundredths, in minor units of a currency: 500 is 5.00, ¥500 and 5.000. */
export const scaled = (hundredths: number, currency: string): number =>
  hundredths * 10 ** Math.max(0, minorDigits(currency) - 2);

/**
 * A trend is told at the close that shows it first: one that goes on is not told each day anew, and one that comes back is. About
 * the operator and the currency.
 */
export function checkTrends(day: StoreDay): Found[] {
  const here = new Map(rowsOfKind(day, "close").map((row) => [keyOf(row), row]));
  const groups = Map.groupBy(day.closes, ({ staff, currency }) => `${staff}/${currency}`);
  return [...groups].flatMap(([about, closes]) =>
    closes.flatMap((close, at): Found[] => {
      if (!here.has(keyOf(close))) return [];
      const window = closes.slice(0, at + 1);
      if (!isTrend(window) || isTrend(window.slice(0, -1))) return [];
      const seen = window.slice(-LIMITS.trendMaxCloses);
      return [
        {
          kind: "over_short_trend",
          about,
          ...placeOf(close),
          currency: close.currency,
          amountMinor: seen.reduce((sum, { differenceMinor }) => sum + differenceMinor, 0),
          evidence: {
            staff: close.staff,
            shifts: seen.length,
            medianMinor: medianOf(seen.map(({ differenceMinor }) => differenceMinor)),
          },
        },
      ];
    }),
  );
}

/** Standard errors of the median that it must be away from nothing. */
const TREND_ERRORS = 4;
/** The standard deviation of a normal distribution over its median absolute deviation, and of its median over its mean. */
const DEVIATION = 1.4826;
const MEDIAN_ERROR = 1.2533;

/**
 * Whether the last closes are off in one direction. Robust: by the median, so that one large mistake is none, and a drawer that is
 * off to both sides by much is none. All but one are off to the same side.
 */
export function isTrend(
  closes: readonly Pick<PastClose, "currency" | "differenceMinor">[],
): boolean {
  const seen = closes.slice(-LIMITS.trendMaxCloses);
  const [first] = seen;
  if (!first || seen.length < LIMITS.trendCloses) return false;
  const differences = seen.map(({ differenceMinor }) => differenceMinor);
  const median = medianOf(differences);
  if (Math.abs(median) < scaled(LIMITS.trendMinor, first.currency)) return false;
  const onSide = differences.filter((each) => Math.sign(each) === Math.sign(median)).length;
  if (onSide < seen.length - 1) return false;
  const deviation = medianOf(differences.map((each) => Math.abs(each - median))) * DEVIATION;
  const error = (deviation * MEDIAN_ERROR) / Math.sqrt(seen.length);
  return Math.abs(median) >= TREND_ERRORS * error;
}

/** The lower of two in the middle that is nearer to nothing: an even number of closes makes no trend of half of them. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return Math.abs(low) < Math.abs(high) ? low : high;
}
