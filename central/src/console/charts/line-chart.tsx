/** @jsxImportSource hono/jsx */
// Lines over the same steps, such as days, with a limit where one is set.
import { max, min } from "d3-array";
import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import { Axis, PLOT } from "./axis.tsx";
import { type Series, short } from "./tone.ts";

export interface LineSeries {
  readonly name: string;
  readonly tone: Series;
  /** One per label, null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface LineChartProps {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly LineSeries[];
  readonly format: (value: number) => string;
  readonly limit?: number;
  /** The least that the scale shows; 0 where absent, so that no line looks steeper than it is. */
  readonly from?: number;
  readonly to?: number;
}

const LABELS_MAX = 8;

export function LineChart({ title, labels, series, format, limit, from = 0, to }: LineChartProps) {
  const values = [
    ...series.flatMap((each) => each.values.flatMap((value) => value ?? [])),
    ...(limit === undefined ? [] : [limit]),
  ];
  const y = scaleLinear()
    .domain([Math.min(from, min(values) ?? from), to ?? Math.max(from + 1, max(values) ?? 0)])
    .nice(4)
    .range([PLOT.bottom, PLOT.top]);
  const x = scalePoint<number>()
    .domain(labels.map((_, at) => at))
    .range([PLOT.left + 4, PLOT.right - 4]);
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, at) => x(at) ?? 0)
    .y((value) => y(value ?? 0))
    .digits(1);
  const every = Math.max(1, Math.ceil(labels.length / LABELS_MAX));
  return (
    <svg class="chart" viewBox={`0 0 ${PLOT.width} ${PLOT.height}`} role="img" aria-label={title}>
      <Axis y={y} format={format} />
      {labels.map((label, at) =>
        at % every === 0 ? (
          <text
            x={short(x(at) ?? 0)}
            y={PLOT.height - 6}
            text-anchor={at === 0 ? "start" : "middle"}
            class={at % (every * 2) === 0 ? undefined : "often"}
          >
            {label}
          </text>
        ) : null,
      )}
      {limit === undefined ? null : (
        <line
          class="grid limit"
          x1={PLOT.left}
          x2={PLOT.right}
          y1={short(y(limit))}
          y2={short(y(limit))}
        />
      )}
      {series.map((each) => (
        <path class={`line ${each.tone}`} d={path([...each.values]) ?? ""}>
          <title>{each.name}</title>
        </path>
      ))}
    </svg>
  );
}
