/** @jsxImportSource hono/jsx */
// The tables of data quality: what the page, the phone and the file have of each.
import { type Breach, requiredShare } from "../../quality/breaches.ts";
import { driftOf, shareOf } from "../../quality/drift.ts";
import type { QualityPolicy } from "../../quality/policy.ts";
import { type Series, sumOf } from "../../quality/series.ts";
import type { Column } from "../data-table.tsx";
import { formatCount } from "../format.ts";
import { Sparkline } from "./sparkline.tsx";
import { flagWords, partWords, perThousand, qualityFieldWords, shareWords, wayWords } from "./words.ts"; // prettier-ignore

export interface QualityRow {
  readonly series: Series;
  /** Of the last seven days. */
  readonly week: { readonly count: number; readonly of: number };
  readonly required: number | null;
  readonly usual: number | null;
  readonly isDrift: boolean;
  readonly isBelow: boolean;
}

export interface QualityTable {
  readonly columns: readonly Column<QualityRow>[];
  readonly rows: readonly QualityRow[];
}

export type QualityTables = Readonly<Record<"accepted" | "completeness" | "flags" | "duplicates", QualityTable>>; // prettier-ignore

export function qualityTables(
  all: readonly Series[],
  breaches: readonly Breach[],
  policy: QualityPolicy,
): QualityTables {
  const rowsOf = (measure: Series["measure"]): QualityRow[] =>
    all
      .filter(
        (series) =>
          series.measure === measure && series.days.some(({ count, of }) => count + of > 0),
      ) // prettier-ignore
      .map((series) => rowOf(series, breaches, policy))
      .toSorted((a, b) => (a.series.part < b.series.part ? -1 : 1));
  return {
    accepted: { columns: [channel, ...shares("Of use", "Received"), usual, picture, state], rows: rowsOf("accepted") }, // prettier-ignore
    completeness: {
      columns: [channel, field, ...shares("Filled", "Could say it"), asked, usual, picture, state],
      // What is asked for first; what nobody asks for and nobody says is of no interest.
      rows: rowsOf("field")
        .filter(({ required, week }) => required !== null || week.count > 0)
        .toSorted((a, b) => Number(b.required !== null) - Number(a.required !== null)),
    },
    flags: { columns: [channel, flag, ...shares("Flagged", "Accepted"), usual, picture, state], rows: rowsOf("flag") }, // prettier-ignore
    duplicates: {
      columns: [kind, yesterday, perThousandCustomers, week, numberPicture],
      rows: (["potential", "merges", "splits", "twice"] as const).flatMap(rowsOf),
    },
  };
}

function rowOf(series: Series, breaches: readonly Breach[], policy: QualityPolicy): QualityRow {
  const { measure, part, days } = series;
  const isDrift = breaches.some(
    (each) => each.measure === "drift" && each.part === `${measure}/${part}`,
  );
  const isBelow = breaches.some(
    (each) =>
      each.part === part && each.measure === (measure === "field" ? "completeness" : measure),
  );
  return {
    series,
    week: sumOf(series, 7),
    required: measure === "field" ? requiredShare(policy.required, part) : null,
    usual: driftOf(days)?.usual ?? null,
    isDrift,
    isBelow,
  };
}

const daysHref = ({ measure, part }: Series): string =>
  `/quality/days?${new URLSearchParams({ measure, part }).toString()}`;

const channelOf = ({ series }: QualityRow): string => series.part.split("/")[0] ?? "";
const restOf = ({ series }: QualityRow): string => series.part.split("/")[1] ?? "";

const channel: Column<QualityRow> = {
  head: "Channel",
  csv: (row) => channelOf(row),
  cell: (row) => wayWords(channelOf(row)),
  isName: true,
};
const field: Column<QualityRow> = {
  head: "Field",
  csv: (row) => restOf(row),
  cell: (row) => <a href={daysHref(row.series)}>{qualityFieldWords(restOf(row))}</a>,
};
const flag: Column<QualityRow> = {
  head: "Flag",
  csv: (row) => restOf(row),
  cell: (row) => <a href={daysHref(row.series)}>{flagWords(restOf(row))}</a>,
};

const shares = (name: string, whole: string): Column<QualityRow>[] => [
  {
    head: name,
    csv: ({ week: { count } }) => count,
    cell: ({ week: sum, series }) => (
      <>
        <a href={daysHref(series)}>
          <strong>{sum.of === 0 ? "–" : shareWords(shareOf(sum))}</strong>
        </a>{" "}
        <span class="quiet">{formatCount(sum.count)}</span>
      </>
    ),
    isFigure: true,
  },
  { head: whole, csv: ({ week: { of } }) => of, cell: ({ week: { of } }) => formatCount(of), isFigure: true }, // prettier-ignore
];

const asked: Column<QualityRow> = {
  head: "Asked for",
  csv: ({ required }) => required,
  cell: ({ required }) => (required === null ? null : shareWords(required)),
  isFigure: true,
};
const usual: Column<QualityRow> = {
  head: "Usual",
  csv: (row) => row.usual,
  cell: (row) => (row.usual === null ? null : shareWords(row.usual)),
  isFigure: true,
};
const picture: Column<QualityRow> = {
  head: "Last 29 days",
  csv: ({ series }) => series.days.map((day) => (day.of === 0 ? "" : shareOf(day).toFixed(4))).join(" "), // prettier-ignore
  cell: ({ series, isDrift, isBelow }) => (
    <Sparkline days={series.days} isAlarm={isDrift || isBelow} />
  ),
};
const state: Column<QualityRow> = {
  head: "State",
  csv: ({ isBelow, isDrift }) => [isBelow ? "below" : "", isDrift ? "drift" : ""].join(" ").trim() || "fine", // prettier-ignore
  cell: ({ isBelow, isDrift }) => {
    if (isBelow) return <span class="dot bad">too few</span>;
    if (isDrift) return <span class="dot waiting">drifts</span>;
    return <span class="dot good">fine</span>;
  },
};

const kind: Column<QualityRow> = {
  head: "What",
  csv: ({ series }) => series.measure,
  cell: ({ series }) => <a href={daysHref(series)}>{partWords(series.measure, series.part)}</a>,
  isName: true,
};
const yesterday: Column<QualityRow> = {
  head: "Last day",
  csv: ({ series }) => series.days.at(-1)?.count ?? 0,
  cell: ({ series }) => formatCount(series.days.at(-1)?.count ?? 0),
  isFigure: true,
};
const perThousandCustomers: Column<QualityRow> = {
  head: "Per 1,000 customers",
  csv: ({ series }) => {
    const last = series.days.at(-1);
    return last && last.of > 0 ? Number(perThousand(shareOf(last))) : null;
  },
  isFigure: true,
};
const week: Column<QualityRow> = {
  head: "Last 7 days",
  csv: ({ series, week: sum }) => (series.measure === "potential" ? null : sum.count),
  cell: ({ series, week: sum }) => (series.measure === "potential" ? null : formatCount(sum.count)),
  isFigure: true,
};
const numberPicture: Column<QualityRow> = {
  head: "Last 29 days",
  csv: ({ series }) => series.days.map(({ count }) => count).join(" "),
  cell: ({ series }) => <Sparkline days={series.days} isShare={false} />,
};
