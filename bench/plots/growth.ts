/** What each size costs, the straight line through it, and the steepest that it may be. A decade is as long on both axes. */
import { scaleLog } from "d3-scale";
import { line } from "d3-shape";
import type { Growth } from "../measured.ts";
import { growthLimit, growthStanding, growthWords, numberWords } from "../frame/words.ts";
import { dotAt, LEFT, lineAt, type Picture, RIGHT, type Scale, svgOf, textAt, ticksOf, TOP } from "./picture.ts"; // prettier-ignore

const HEIGHT = 320;
const AXIS = 52;
/** Of a decade, around what is drawn. */
const ROOM = 0.12;
/** A flat line in the middle of a high picture says that it is flat. */
const DECADES_MIN = 0.5;

export function growthPlot(name: string, growth: Growth): string {
  const { points, of, unit } = growth;
  const slope = growthLimit(growth);
  const [low, high] = endsOf(points.map(({ size }) => size));
  const fitted = fitOf(growth);
  const limit = (size: number): number => fitted(low) * (size / low) ** slope;
  const costs = [...points.map(({ cost }) => cost), fitted(low), fitted(high), limit(high)];
  const { x, y } = scalesOf([low, high], endsOf(costs.filter((cost) => cost > 0)));
  const path = line<number>().x((size) => x(size)); // prettier-ignore
  const missed = growthStanding(growth) === "held" ? "" : "missed ";
  const ends = [low, high];
  const body = [
    ...gridOf(x, y),
    `<path class="limit dashed" d="${path.y((size) => y(limit(size)))(ends) ?? ""}"/>`,
    `<path class="${missed}value" d="${path.y((size) => y(fitted(size)))(ends) ?? ""}"/>`,
    ...points
      .filter(({ cost }) => cost > 0)
      .flatMap(({ size, cost }) => [
        dotAt(x(size), y(cost), 5, `${missed}dot`),
        textAt(x(size) + 8, y(cost) + 17, numberWords(cost)),
      ]),
    textAt(x(high) + 8, y(limit(high)) + 4, `at most ^${slope}`, "limit-words"),
    textAt(RIGHT, HEIGHT - 8, `${of} →`, "quiet end"),
    textAt(LEFT, TOP - 6, `↑ ${unit}`, "quiet"),
  ];
  return svgOf({ ...headOf(name, growth), height: HEIGHT, body });
}

const headOf = (name: string, growth: Growth): Pick<Picture, "title" | "words"> => ({
  title: `${name}: how it grows`,
  words: `${growthWords(growth)}; both scales of logarithms, a power of ten as long on both.`,
});

const endsOf = (values: readonly number[]): [number, number] => [
  Math.min(...values),
  Math.max(...values),
];

/** The line of the exponent through the middle of the points, as logarithms. */
function fitOf({ points, exponent }: Growth): (size: number) => number {
  const logs = points.filter(({ cost }) => cost > 0).map(({ size, cost }) => Math.log(cost) - exponent * Math.log(size)); // prettier-ignore
  const at = logs.reduce((sum, each) => sum + each, 0) / Math.max(1, logs.length);
  return (size) => Math.exp(at) * size ** exponent;
}

/** One scale for both, in the middle of the picture. */
function scalesOf([left, right]: [number, number], [low, high]: [number, number]) {
  const across = Math.log10(right / left) + 2 * ROOM;
  const upward = Math.max(Math.log10(high / low), DECADES_MIN) + 2 * ROOM;
  const [width, height] = [RIGHT - LEFT - 2 * AXIS, HEIGHT - TOP - AXIS];
  const decade = Math.min(width / across, height / upward);
  const spread = (from: number, to: number, pixels: number): [number, number] => {
    const half = 10 ** (pixels / decade / 2);
    const middle = Math.sqrt(from * to);
    return [middle / half, middle * half];
  };
  const x = scaleLog(spread(left, right, width), [LEFT + AXIS, RIGHT - AXIS]);
  const y = scaleLog(spread(low, high, height), [HEIGHT - AXIS, TOP]);
  return { x, y };
}

const gridOf = (x: Scale, y: Scale): string[] => [
  ...ticksOf(x).flatMap((tick) => [
    lineAt([x(tick), TOP, x(tick), HEIGHT - AXIS], "grid"),
    textAt(x(tick), HEIGHT - AXIS + 16, numberWords(tick), "quiet middle"),
  ]),
  ...ticksOf(y).flatMap((tick) => [
    lineAt([LEFT + AXIS, y(tick), RIGHT - AXIS, y(tick)], "grid"),
    textAt(LEFT + AXIS - 8, y(tick) + 4, numberWords(tick), "quiet end"),
  ]),
];
