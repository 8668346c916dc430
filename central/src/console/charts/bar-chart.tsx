/** @jsxImportSource hono/jsx */
// Bars, stacked where they have parts, with a line of what they are compared with. Bars below zero hang.
import { max, min } from "d3-array";
import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { Axis, PLOT } from "./axis.tsx";
import { type Series, short, type Standing } from "./tone.ts";

export interface Bar {
  /** Under the bar. */
  readonly label: string;
  /** Values of its parts, from the base on; all of one sign. */
  readonly parts: readonly { readonly value: number; readonly tone: Series | Standing }[];
  /** What is said of it when one points at it. */
  readonly words: string;
  readonly href?: string;
}

export interface BarChartProps {
  /** What the picture shows, for whoever cannot see it, with its main figure. */
  readonly title: string;
  readonly bars: readonly Bar[];
  /** One value per bar, null where there is none. */
  readonly compared?: readonly (number | null)[];
  readonly format: (value: number) => string;
  /** Every how many bars a label stands; the others would run into each other. */
  readonly labelEvery?: number;
}

const totalOf = ({ parts }: Bar): number => parts.reduce((sum, { value }) => sum + value, 0);

export function BarChart({ title, bars, compared = [], format, labelEvery = 1 }: BarChartProps) {
  const values = [...bars.map(totalOf), ...compared.flatMap((value) => value ?? [])];
  const y = scaleLinear()
    .domain([Math.min(0, min(values) ?? 0), Math.max(1, max(values) ?? 0)])
    .nice(4)
    .range([PLOT.bottom, PLOT.top]);
  const x = scaleBand<number>()
    .domain(bars.map((_, at) => at))
    .range([PLOT.left, PLOT.right])
    .paddingInner(0.25);
  const middle = (at: number): number => (x(at) ?? 0) + x.bandwidth() / 2;
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, at) => middle(at))
    .y((value) => y(value ?? 0))
    .digits(1);
  // What is a picture to a reader of screens has no links in it.
  const isLinked = bars.some(({ href }) => href !== undefined);
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${PLOT.width} ${PLOT.height}`}
      role={isLinked ? "group" : "img"}
      aria-label={title}
    >
      <Axis y={y} format={format} isWhole={values.every(Number.isInteger)} />
      {bars.map((bar, at) => (
        <g>
          <OneBar bar={bar} left={x(at) ?? 0} width={x.bandwidth()} y={y} />
          {at % labelEvery === 0 ? (
            <text
              x={short(middle(at))}
              y={PLOT.height - 6}
              text-anchor="middle"
              class={at % (labelEvery * 2) === 0 ? undefined : "often"}
            >
              {bar.label}
            </text>
          ) : null}
        </g>
      ))}
      {compared.length === 0 ? null : <path class="line past" d={path([...compared]) ?? ""} />}
    </svg>
  );
}

function OneBar(props: { bar: Bar; left: number; width: number; y: (value: number) => number }) {
  const { bar, left, width, y } = props;
  let base = 0;
  const drawn = bar.parts.map(({ value, tone }) => {
    const from = base;
    base += value;
    return <PartOfBar left={left} width={width} from={y(from)} to={y(base)} tone={tone} />;
  });
  const whole = (
    <>
      <title>{bar.words}</title>
      {drawn}
    </>
  );
  return bar.href === undefined ? (
    <g>{whole}</g>
  ) : (
    <a href={bar.href} aria-label={bar.words}>
      {whole}
    </a>
  );
}

function PartOfBar(props: {
  left: number;
  width: number;
  from: number;
  to: number;
  tone: Series | Standing;
}) {
  const { left, width, from, to, tone } = props;
  return (
    <rect
      class={`bar ${tone}`}
      x={short(left)}
      y={short(Math.min(from, to))}
      width={short(width)}
      height={short(Math.abs(from - to))}
      rx={Math.min(2, width / 4)}
    />
  );
}
