/** How each row of a bench stands to its baseline, and where it must. */
import type { Measured } from "../measured.ts";
import { numberWords, standingOf } from "../frame/words.ts";
import { type RatioLimit, ratioLimitOf } from "./limits.ts";
import { dotAt, gridAcross, LEFT, lineAt, logScale, place, RIGHT, type Scale, svgOf, textAt, TOP } from "./picture.ts"; // prettier-ignore

const ROW = 46;
/** Room for the number beside a dot. */
const ASIDE = 56;

/** Null where no row has anything to be compared with. */
export function ratioPlot(name: string, rows: readonly Measured[]): string | null {
  const compared = rows.filter(({ ratio }) => ratio > 0);
  if (compared.length === 0) return null;
  const limits = compared.map(({ limit }) => (limit === undefined ? null : ratioLimitOf(limit)));
  const known = limits.flatMap((limit) => (limit ? [limit.ratio] : []));
  const x = logScale([1, ...known, ...compared.map(({ ratio }) => ratio)], LEFT + ASIDE, RIGHT - ASIDE); // prettier-ignore
  const bottom = TOP + compared.length * ROW;
  return svgOf({
    title: `${name}: value by baseline`,
    words: "1 is the baseline, on a scale of logarithms; the mark is what must be reached.",
    height: bottom + 34,
    body: [
      ...gridAcross(x, TOP - 8, bottom),
      ...compared.flatMap((row, at) => rowOf(row, limits[at] ?? null, x, TOP + at * ROW)),
    ],
  });
}

function rowOf(row: Measured, limit: RatioLimit | null, x: Scale, top: number): string[] {
  const { ratio } = row;
  const y = top + 30;
  const state = standingOf(row, true) === "missed" ? "missed " : "";
  const right = ratio >= 1;
  return [
    textAt(LEFT, top + 12, titleOf(row)),
    lineAt([x(1), y, x(ratio), y], `${state}value`),
    ...(limit ? [markAt(x(limit.ratio), y, limit)] : []),
    dotAt(x(ratio), y, 6, `${state}dot`),
    textAt(x(ratio) + (right ? 12 : -12), y + 4, `${numberWords(ratio)} ×`, right ? "" : "end"),
  ];
}

const titleOf = ({ bench, limit }: Measured): string =>
  limit === undefined ? bench : `${bench} – ${limit}`;

/** A line across, with a foot that points to where it is good. */
function markAt(x: number, y: number, { must }: RatioLimit): string {
  const foot = must === null ? 0 : must === "more" ? 6 : -6;
  const [top, bottom] = [place(y - 11), place(y + 11)];
  return `<path class="limit" d="M${place(x + foot)} ${top}H${place(x)}V${bottom}H${place(x + foot)}"/>`;
}
