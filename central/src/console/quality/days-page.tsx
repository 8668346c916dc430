/** @jsxImportSource hono/jsx */
// One figure day by day: the rows behind every number of the page.
import { shareOf } from "../../quality/drift.ts";
import type { Series } from "../../quality/series.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount } from "../format.ts";
import { Layout } from "../layout.tsx";
import { Sparkline } from "./sparkline.tsx";
import { measureWords, partWords, shareWords } from "./words.ts";

type Day = Series["days"][number];

const NUMBERS: readonly string[] = ["merges", "splits", "twice"];

export function dayColumns({ measure }: Pick<Series, "measure">): Column<Day>[] {
  const isNumber = NUMBERS.includes(measure);
  const share: Column<Day> = {
    head: "Share",
    csv: (day) => (day.of === 0 ? null : Number(shareOf(day).toFixed(6))),
    cell: (day) => (day.of === 0 ? null : shareWords(shareOf(day))),
    isFigure: true,
  };
  const count: Column<Day> = { head: isNumber ? "Number" : "Counted", csv: (day) => day.count, cell: (day) => formatCount(day.count), isFigure: true }; // prettier-ignore
  const of: Column<Day> = { head: "Of", csv: (day) => day.of, cell: (day) => formatCount(day.of), isFigure: true }; // prettier-ignore
  const day: Column<Day> = { head: "Day (UTC)", csv: (each) => each.day, isName: true };
  return isNumber ? [day, count] : [day, share, count, of];
}

export function DaysPage({ page, series }: { page: PageContext; series: Series }) {
  const { measure, part, days } = series;
  const query = new URLSearchParams({ measure, part });
  return (
    <Layout title={partWords(measure, part)} page={page}>
      <p class="crumbs">
        <a href="/quality">Data quality</a>
      </p>
      <h1>{partWords(measure, part)}</h1>
      <p class="subtitle">{measureWords(measure)}</p>
      <p class="large">
        <Sparkline days={days} isShare={!NUMBERS.includes(measure)} />
      </p>
      <DataTable
        id="days"
        title="Day by day"
        columns={dayColumns(series)}
        rows={days.toReversed()}
        empty="Nothing was counted."
        csvHref={page.may("export") ? `/quality/days?${query.toString()}&csv=days` : null}
      />
    </Layout>
  );
}
