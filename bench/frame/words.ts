/** How the numbers of a row are written, and whether it holds what it must. */
import { GROWTH_LIMIT, type Growth, type Measured } from "../measured.ts";

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

/** Three digits, or all in front of the point. */
export const numberWords = (value: number): string =>
  Math.abs(value) >= 100 ? whole.format(value) : threeDigits.format(value);

/** A latency that was not taken is left out. */
export const msWords = (ms: number): string => (ms === 0 ? "-" : numberWords(ms));

export const isMeasured = ({ unit }: Measured): boolean => unit !== "not measured";

export type Standing = "held" | "missed" | "no limit";

export function standingOf(row: Measured, isQuick: boolean): Standing {
  if (missedOf(row, isQuick).length > 0) return "missed";
  return row.limit === undefined && row.missed === undefined ? "no limit" : "held";
}

/** In words. At the small sizes of a quick run the exponent of a growth says too little to fail by it. */
export function missedOf({ missed = [], growth }: Measured, isQuick: boolean): readonly string[] {
  const grows = growth && !isQuick && growthStanding(growth) === "missed";
  return grows ? [...missed, `grows with ${exponentWords(growth)}`] : missed;
}

export const growthLimit = ({ cost }: Growth): number => GROWTH_LIMIT[cost];

export function growthStanding(growth: Growth): "held" | "explained" | "missed" {
  if (growth.exponent <= growthLimit(growth)) return "held";
  return growth.because === undefined ? "missed" : "explained";
}

const exponentWords = (growth: Growth): string =>
  `${growth.of}^${growth.exponent.toFixed(2)}, more than ${growthLimit(growth)}`;

/** "customers^0.98 of all (at most 1.2)". */
export const growthWords = (growth: Growth): string =>
  `${growth.of}^${growth.exponent.toFixed(2)} ${growth.cost} (at most ${growthLimit(growth)})`;

export const commandOf = (bench: string, isQuick: boolean): string =>
  `npm run -s bench -- ${bench}${isQuick ? " --quick" : ""}`;
