/** @jsxImportSource hono/jsx */
// A small picture for a row of a table: one path for all bars, one for the line they are compared with.
import { line } from "d3-shape";
import { short } from "./tone.ts";

export interface SparkProps {
  readonly title: string;
  readonly bars: readonly number[];
  /** As many values as bars. */
  readonly compared?: readonly number[] | null;
}

const WIDTH = 116;
const HEIGHT = 26;

export function Spark({ title, bars, compared = null }: SparkProps) {
  const most = Math.max(1, ...bars, ...(compared ?? []));
  const step = WIDTH / Math.max(1, bars.length);
  const y = (value: number): number => HEIGHT - (Math.max(0, value) / most) * (HEIGHT - 1);
  const drawn = bars.flatMap((value, at) =>
    value <= 0
      ? []
      : [`M${short(at * step)} ${HEIGHT}V${short(y(value))}h${short(step - 1)}V${HEIGHT}z`],
  );
  const path = line<number>()
    .x((_, at) => (at + 0.5) * step)
    .y(y)
    .digits(1);
  return (
    <svg class="chart spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
      <path class="bar" d={drawn.join("")} />
      {compared === null ? null : <path class="line past" d={path([...compared]) ?? ""} />}
    </svg>
  );
}
