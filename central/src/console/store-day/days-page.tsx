/** @jsxImportSource hono/jsx */
// The days of one store, newest first.
import { BarChart } from "../charts/bar-chart.tsx";
import { Legend } from "../charts/legend.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { formatDay, moneyCells, moneyWords, signedMoneyWords, waitingWords } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf } from "../format.ts";
import { Layout } from "../layout.tsx";
import { Badge, DayStateBadge, dayStateWords } from "../parts.tsx";
import type { StoreDayRow } from "../store-days.ts";
import { dayHref, storeHref } from "./links.ts";

export interface DaysPageProps {
  readonly page: PageContext;
  readonly store: string;
  readonly days: readonly StoreDayRow[];
  /** The last day of this page, where there are earlier ones. */
  readonly next: string | null;
  readonly nowMs: number;
}

const STATE_TONES = { complete: "c1", waiting: "waiting", in_question: "bad" } as const;

export function DaysPage({ page, store, days, next, nowMs }: DaysPageProps) {
  return (
    <Layout page={page} title={store}>
      <p class="crumbs">
        <a href="/">All stores</a>
      </p>
      <h1>{store}</h1>
      <p class="subtitle">
        {formatCountOf(days.length, "day")} from {formatDay(days.at(-1)?.day ?? "")} to{" "}
        {formatDay(days[0]?.day ?? "")}
      </p>
      <SalesPicture store={store} days={days} />
      <DataTable
        id="days"
        title="Days"
        columns={dayColumns(nowMs)}
        rows={days}
        empty="Nothing is known of any day."
        csvHref={page.may("export") ? `${storeHref(store)}?csv=days` : null}
        next={next === null ? null : `${storeHref(store)}?before=${next}`}
      />
    </Layout>
  );
}

function SalesPicture({ store, days }: { store: string; days: readonly StoreDayRow[] }) {
  const oldestFirst = days.toReversed().filter(({ figures }) => figures !== null);
  if (oldestFirst.length < 2) return null;
  return (
    <section class="panel" aria-labelledby="sales">
      <h2 id="sales">Sales by day</h2>
      <Legend
        entries={[
          { name: "Complete", tone: "c1", as: "bar" },
          { name: "Waiting", tone: "waiting", as: "bar" },
          { name: "In question", tone: "bad", as: "bar" },
        ]}
      />
      <BarChart
        title={`Sales of ${store} by day`}
        bars={oldestFirst.map((row) => ({
          label: formatDay(row.day).slice(4, 10),
          parts: [{ value: row.figures?.sales ?? 0, tone: STATE_TONES[row.state] }],
          words: `${formatDay(row.day)}: ${formatCount(row.figures?.sales ?? 0)} sales, ${dayStateWords(row.state).toLowerCase()}`,
          href: dayHref(row.store, row.day),
        }))}
        format={formatCount}
        labelEvery={Math.max(1, Math.ceil(oldestFirst.length / 10))}
      />
    </section>
  );
}

export function dayColumns(nowMs: number): Column<StoreDayRow>[] {
  return [
    {
      head: "Day",
      isName: true,
      csv: ({ day }) => day,
      cell: ({ store, day }) => <a href={dayHref(store, day)}>{formatDay(day)}</a>,
    },
    {
      head: "State",
      csv: ({ state }) => dayStateWords(state),
      cell: (row) => {
        const [first] = row.waiting;
        return (
          <>
            <DayStateBadge state={row.state} />
            {first === undefined ? null : (
              <span class="quiet why">
                waits for {waitingWords(first, { zone: row.zone, nowMs })}
              </span>
            )}
          </>
        );
      },
    },
    {
      head: "Exceptions",
      isFigure: true,
      csv: ({ openExceptions }) => openExceptions,
      cell: ({ openExceptions, worst, store, day }) =>
        openExceptions === 0 ? null : (
          <a href={`${dayHref(store, day)}#exceptions`}>
            <Badge
              tone={worst === "serious" ? "serious" : worst === "warning" ? "waiting" : "info"}
            >
              {formatCount(openExceptions)} open
            </Badge>
          </a>
        ),
    },
    {
      head: "Rows",
      isFigure: true,
      csv: ({ figures }) => figures?.events ?? null,
      cell: ({ figures }) => (figures ? formatCount(figures.events) : null),
    },
    {
      head: "Sales",
      isFigure: true,
      csv: ({ figures }) => figures?.sales ?? null,
      cell: ({ figures }) => (figures ? formatCount(figures.sales) : null),
    },
    {
      head: "Net",
      isFigure: true,
      csv: ({ figures }) => moneyCells(figures?.netMinor ?? {})[0],
      cell: ({ figures }) => moneyWords(figures?.netMinor ?? {}),
    },
    {
      head: "Net in",
      isFileOnly: true,
      csv: ({ figures }) => moneyCells(figures?.netMinor ?? {})[1],
    },
    {
      head: "Over/short",
      isFigure: true,
      csv: ({ figures }) => moneyCells(figures?.overShortMinor ?? {})[0],
      cell: ({ figures }) => signedMoneyWords(figures?.overShortMinor ?? {}),
    },
    {
      head: "Over/short in",
      isFileOnly: true,
      csv: ({ figures }) => moneyCells(figures?.overShortMinor ?? {})[1],
    },
    {
      head: "After the Z",
      isFigure: true,
      csv: ({ figures }) => figures?.late ?? null,
      cell: ({ figures }) => (figures && figures.late > 0 ? formatCount(figures.late) : null),
    },
  ];
}
