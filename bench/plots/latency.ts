/** How long single ones of each row took: half of them, 95 and 99 of a hundred, and the limits of these. */
import type { Measured } from "../measured.ts";
import { numberWords, standingOf } from "../frame/words.ts";
import { percentileLimitsOf } from "./limits.ts";
import { dotAt, gridAcross, LEFT, lineAt, logScale, RIGHT, type Scale, svgOf, textAt, TOP } from "./picture.ts"; // prettier-ignore

const ROW = 50;
const ASIDE = 12;
/** Of the dots for p50, p95 and p99. */
const RADII = [3.5, 5, 6.5];

/** Null where no single ones were timed. */
export function latencyPlot(name: string, rows: readonly Measured[]): string | null {
  const timed = rows.filter(({ p50, p99 }) => p50 > 0 && p99 > 0);
  if (timed.length === 0) return null;
  const limits = timed.flatMap(({ limit = "" }) => percentileLimitsOf(limit).map(({ ms }) => ms));
  const x = logScale([...timed.flatMap(({ p50, p99 }) => [p50, p99]), ...limits], LEFT + ASIDE, RIGHT - ASIDE); // prettier-ignore
  const bottom = TOP + timed.length * ROW;
  return svgOf({
    title: `${name}: how long single ones take`,
    words: "Milliseconds at p50, p95 and p99, on a scale of logarithms; the mark is a limit.",
    height: bottom + 34,
    body: [
      ...gridAcross(x, TOP - 8, bottom),
      ...timed.flatMap((row, at) => rowOf(row, x, TOP + at * ROW)),
    ],
  });
}

function rowOf(row: Measured, x: Scale, top: number): string[] {
  const { bench, p50, p95, p99, limit = "" } = row;
  const y = top + 32;
  const state = standingOf(row, true) === "missed" ? "missed " : "";
  const words = `${[p50, p95, p99].map(numberWords).join(" / ")} ms`;
  return [
    textAt(LEFT, top + 14, bench),
    textAt(RIGHT, top + 14, words, "quiet end"),
    lineAt([x(p50), y, x(p99), y], `${state}value`),
    ...[p50, p95, p99].map((ms, at) => dotAt(x(ms), y, RADII[at] ?? 0, `${state}dot`)),
    ...percentileLimitsOf(limit).flatMap(({ name, ms }) => [
      lineAt([x(ms), y - 11, x(ms), y + 11], "limit"),
      textAt(x(ms) + 6, y + 15, name, "limit-words"),
    ]),
  ];
}
