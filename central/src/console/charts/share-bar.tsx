/** @jsxImportSource hono/jsx */
// One bar for a whole and what it is made of. The numbers stand beside it.
import { type Series, short, type Standing } from "./tone.ts";

export interface Share {
  readonly name: string;
  readonly value: number;
  readonly tone: Series | Standing;
}

const WIDTH = 400;
const HEIGHT = 12;

export function ShareBar({ title, parts }: { title: string; parts: readonly Share[] }) {
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  let from = 0;
  return (
    <svg
      class="chart share"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={title}
    >
      <rect class="track" width={WIDTH} height={HEIGHT} />
      {parts.map(({ name, value, tone }) => {
        const width = whole === 0 ? 0 : (value / whole) * WIDTH;
        const left = from;
        from += width;
        return width === 0 ? null : (
          <rect class={`bar ${tone}`} x={short(left)} width={short(width)} height={HEIGHT}>
            <title>{name}</title>
          </rect>
        );
      })}
    </svg>
  );
}
