/** @jsxImportSource hono/jsx */
import type { Series, Standing } from "./tone.ts";

export interface LegendEntry {
  readonly name: string;
  readonly tone: Series | Standing;
  readonly as: "bar" | "line";
}

export function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul class="legend">
      {entries.map(({ name, tone, as }) => (
        <li>
          <svg class="chart" viewBox="0 0 16 10" aria-hidden="true">
            {as === "bar" ? (
              <rect class={`bar ${tone}`} width="16" height="10" rx="2" />
            ) : (
              <path class={`line ${tone}`} d="M0 5H16" />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
