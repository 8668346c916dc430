/** @jsxImportSource hono/jsx */
// A share day by day, small enough for a cell. Its numbers are behind the link beside it.
import { area, line } from "d3-shape";
import { scaleLinear } from "d3-scale";
import { type Share, shareOf } from "../../quality/drift.ts";
import { shareWords } from "./words.ts";

const [WIDTH, HEIGHT, EDGE] = [120, 28, 3];

interface Point {
  readonly at: number;
  readonly value: number;
}

/** Days without rows are gaps. `isShare`: the numbers are shares, and the picture says so in words. */
export function Sparkline({
  days,
  isShare = true,
  isAlarm = false,
}: {
  days: readonly Share[];
  isShare?: boolean;
  isAlarm?: boolean;
}) {
  const points = days.flatMap((day, at): Point[] => {
    if (isShare && day.of === 0) return [];
    return [{ at, value: isShare ? shareOf(day) : day.count }];
  });
  const last = points.at(-1);
  if (!last) return <span class="quiet">no rows</span>;
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.15, isShare ? 0.005 : 0.5);
  const x = scaleLinear([0, Math.max(1, days.length - 1)], [EDGE, WIDTH - EDGE]);
  const y = scaleLinear([low - room, high + room], [HEIGHT - EDGE, EDGE]);
  const say = (value: number): string => (isShare ? shareWords(value) : String(value));
  const label = `${points.length} days, between ${say(low)} and ${say(high)}, last ${say(last.value)}`;
  const path = line<Point>().x(({ at }) => x(at)).y(({ value }) => y(value)); // prettier-ignore
  const under = area<Point>().x(({ at }) => x(at)).y0(HEIGHT).y1(({ value }) => y(value)); // prettier-ignore
  return (
    <svg
      class={isAlarm ? "share-line alarm" : "share-line"}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
    >
      <path class="under" d={under(points) ?? ""} />
      <path class="line" d={path(points) ?? ""} fill="none" />
      <circle cx={x(last.at)} cy={y(last.value)} r="2.5" />
    </svg>
  );
}
