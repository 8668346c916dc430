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

export interface AxisProps {
  readonly y: ScaleLinear<number, number>;
  readonly format: (value: number) => string;
  /** There is no half of what is counted. */
  readonly isWhole?: boolean;
}

/** Lines across the picture, with what they stand for at the left. */
export function Axis({ y, format, isWhole = false }: AxisProps) {
  const ticks = y.ticks(TICKS).filter((tick) => !isWhole || Number.isInteger(tick));
  return (
    <g>
      {ticks.map((tick) => (
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
