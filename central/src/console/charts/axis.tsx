/** @jsxImportSource hono/jsx */
import type { ScaleLinear } from "d3-scale";
import { short } from "./tone.ts";

/** Units of the picture, which is as wide as its place. */
export const PLOT = {
  width: 720,
  height: 190,
  left: 58,
  right: 716,
  top: 10,
  bottom: 164,
} as const;

const TICKS = 4;

/** Lines across the picture, with what they stand for at the left. */
export function Axis(props: { y: ScaleLinear<number, number>; format: (value: number) => string }) {
  const { y, format } = props;
  return (
    <g>
      {y.ticks(TICKS).map((tick) => (
        <>
          <line
            class={tick === 0 ? "grid zero" : "grid"}
            x1={PLOT.left}
            x2={PLOT.right}
            y1={short(y(tick))}
            y2={short(y(tick))}
          />
          <text x={PLOT.left - 8} y={short(y(tick) + 4)} text-anchor="end">
            {format(tick)}
          </text>
        </>
      ))}
    </g>
  );
}
