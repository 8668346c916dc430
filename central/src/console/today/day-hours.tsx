/** @jsxImportSource hono/jsx */
import { BarChart } from "../charts/bar-chart.tsx";
import { Legend } from "../charts/legend.tsx";
import { dayPlus, formatDay, hourWords } from "../day-words.ts";
import { formatCount } from "../format.ts";
import type { DayFigures } from "../../reconcile/found.ts";
import type { Today } from "./read-today.ts";

/** Sales of all stores by the hour of each store's own clock, against the same weekday a week before. */
export function DayHours({ today }: { today: Today }) {
  const now = sumByHour(today.stores.flatMap(({ row }) => row?.figures ?? []));
  const weeks = today.stores.flatMap(({ lastWeek }) => lastWeek ?? []);
  return (
    <HoursPanel
      day={today.day}
      hours={now}
      before={weeks.length === 0 ? null : sumByHour(weeks)}
      hrefOf={null}
    />
  );
}

export interface HoursPanelProps {
  readonly day: string;
  /** Sales of each of the 24 hours. */
  readonly hours: readonly number[];
  readonly before: readonly number[] | null;
  /** Where the rows of an hour are. */
  readonly hrefOf: ((hour: number) => string) | null;
}

export function HoursPanel({ day, hours, before, hrefOf }: HoursPanelProps) {
  const weekDay = dayPlus(day, -7);
  const total = sumOf(hours);
  const words = (hour: number): string =>
    `${hourWords(hour)}: ${formatCount(hours[hour] ?? 0)} sales` +
    (before === null ? "" : `, ${formatCount(before[hour] ?? 0)} a week before`);
  return (
    <section class="panel" aria-labelledby="hours">
      <h2 id="hours">Sales by hour</h2>
      <Legend
        entries={[
          { name: `${formatDay(day)}: ${formatCount(total)}`, tone: "c1", as: "bar" },
          ...(before === null
            ? []
            : [
                {
                  name: `${formatDay(weekDay)}: ${formatCount(sumOf(before))}`,
                  tone: "past",
                  as: "line",
                } as const,
              ]),
        ]}
      />
      <BarChart
        title={`Sales by hour on ${formatDay(day)}: ${formatCount(total)} in all`}
        bars={hours.map((sales, hour) => ({
          label: String(hour).padStart(2, "0"),
          parts: [{ value: sales, tone: "c1" }],
          words: words(hour),
          ...(hrefOf === null || sales === 0 ? {} : { href: hrefOf(hour) }),
        }))}
        compared={before ?? []}
        format={formatCount}
        labelEvery={2}
      />
      <details class="more-of">
        <summary>As numbers</summary>
        <ol class="hours">
          {hours.map((sales, hour) =>
            sales === 0 && (before?.[hour] ?? 0) === 0 ? null : <li>{words(hour)}</li>,
          )}
        </ol>
      </details>
    </section>
  );
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function sumByHour(figures: readonly DayFigures[]): number[] {
  return Array.from({ length: 24 }, (_, hour) =>
    figures.reduce((sum, { hours }) => sum + (hours[hour]?.sales ?? 0), 0),
  );
}
