/** @jsxImportSource hono/jsx */
// One row per store: the columns of the page and of the file.
import { Spark } from "../charts/spark.tsx";
import type { Column } from "../data-table.tsx";
import {
  formatDay,
  hourWords,
  moneyCells,
  moneyWords,
  salesByHour,
  signedMoneyWords,
  waitingWords,
} from "../day-words.ts";
import { formatCount, formatCountOf, formatMoment, isoOf } from "../format.ts";
import { Time } from "../layout.tsx";
import { Badge, DayStateBadge, dayStateWords } from "../parts.tsx";
import { isUnderWay, type StoreToday } from "./read-today.ts";

const WAITING_SHOWN = 2;

export interface TodayAt {
  readonly day: string;
  readonly nowMs: number;
}

export const dayHref = (store: string, day: string): string =>
  `/stores/${encodeURIComponent(store)}/${day}`;

export function todayColumns({ day, nowMs }: TodayAt): Column<StoreToday>[] {
  return [
    {
      head: "Store",
      isName: true,
      csv: ({ store }) => store,
      cell: ({ store }) => (
        <a id={`store-${store}`} href={dayHref(store, day)}>
          {store}
        </a>
      ),
    },
    {
      head: "State",
      csv: ({ row }) => (row === null ? "Nothing here" : dayStateWords(row.state)),
      cell: (of) => <State of={of} nowMs={nowMs} />,
    },
    {
      head: "Waits for",
      isFileOnly: true,
      csv: ({ row }) =>
        row?.waiting.map((each) => waitingWords(each, { zone: row.zone, nowMs })).join("; ") ?? "",
    },
    {
      head: "Golden",
      isFigure: true,
      csv: ({ row }) => row?.figures?.golden ?? null,
      cell: ({ row }) => goldenCell(row),
    },
    { head: "Rows", isFileOnly: true, csv: ({ row }) => row?.figures?.events ?? null },
    {
      head: "Not here yet",
      isFigure: true,
      csv: ({ missing }) => missing,
      cell: (of) => missingCell(of, nowMs),
    },
    {
      head: "Oldest not here",
      isFileOnly: true,
      csv: ({ missingSinceMs }) => isoOf(missingSinceMs),
    },
    {
      head: "Exceptions",
      csv: ({ open }) => open.serious + open.warning + open.info,
      cell: ({ store, open }) => exceptionsCell(open, { store, day }),
    },
    { head: "Serious", isFileOnly: true, csv: ({ open }) => open.serious },
    { head: "Warnings", isFileOnly: true, csv: ({ open }) => open.warning },
    {
      head: "Sales by hour",
      csv: ({ row }) => (row?.figures ? salesByHour(row.figures).join(" ") : null),
      cell: (of) => hoursCell(of, day),
    },
    {
      head: "Sales",
      isFigure: true,
      csv: ({ row }) => row?.figures?.sales ?? null,
      cell: ({ row }) => (row?.figures ? formatCount(row.figures.sales) : null),
    },
    {
      head: "Net",
      isFigure: true,
      csv: ({ row }) => moneyCells(row?.figures?.netMinor ?? {})[0],
      cell: ({ row }) => moneyWords(row?.figures?.netMinor ?? {}),
    },
    {
      head: "Net in",
      isFileOnly: true,
      csv: ({ row }) => moneyCells(row?.figures?.netMinor ?? {})[1],
    },
    {
      head: "Over/short",
      isFigure: true,
      csv: ({ row }) => moneyCells(row?.figures?.overShortMinor ?? {})[0],
      cell: ({ row }) => signedMoneyWords(row?.figures?.overShortMinor ?? {}),
    },
    {
      head: "Over/short in",
      isFileOnly: true,
      csv: ({ row }) => moneyCells(row?.figures?.overShortMinor ?? {})[1],
    },
    { head: "Last seen", isFileOnly: true, csv: ({ ladder }) => isoOf(ladder?.lastSeenMs ?? null) },
  ];
}

function State({ of: { row, ladder }, nowMs }: { of: StoreToday; nowMs: number }) {
  if (row === null) {
    return (
      <>
        <Badge tone="waiting">Nothing here</Badge>
        {ladder === null ? null : (
          <span class="quiet why">
            last seen {formatMoment(ladder.lastSeenMs, null, nowMs)} UTC
          </span>
        )}
      </>
    );
  }
  if (isUnderWay(row)) return <Badge tone="none">Day not over</Badge>;
  const words = row.waiting.map((each) => waitingWords(each, { zone: row.zone, nowMs }));
  const more = words.length - WAITING_SHOWN;
  return (
    <>
      <DayStateBadge state={row.state} />
      {words.length === 0 ? null : (
        <span class="quiet why">
          {row.state === "waiting" ? "for " : "and waits for "}
          {words.slice(0, WAITING_SHOWN).join("; ")}
          {more > 0 ? `; ${formatCount(more)} more` : ""}
        </span>
      )}
    </>
  );
}

function goldenCell(row: StoreToday["row"]) {
  const figures = row?.figures;
  if (!figures) return null;
  return figures.golden === figures.events
    ? `all ${formatCount(figures.events)}`
    : `${formatCount(figures.golden)} of ${formatCount(figures.events)}`;
}

function missingCell(of: StoreToday, nowMs: number) {
  const { missing, missingSinceMs, row } = of;
  if (missing === 0) return null;
  return (
    <>
      <strong>{formatCount(missing)}</strong>
      {missingSinceMs === null ? null : (
        <span class="quiet why">
          since{" "}
          <Time ms={missingSinceMs}>{formatMoment(missingSinceMs, row?.zone ?? null, nowMs)}</Time>
        </span>
      )}
    </>
  );
}

const SEVERITIES = [
  ["serious", "serious", "serious", "serious"],
  ["warning", "waiting", "warning", "warnings"],
  ["info", "info", "info", "info"],
] as const;

export const exceptionsHref = (of: { day: string; store?: string; severity?: string }): string =>
  `/exceptions?${new URLSearchParams(of).toString()}`;

function exceptionsCell(open: StoreToday["open"], where: { store: string; day: string }) {
  const some = SEVERITIES.filter(([severity]) => open[severity] > 0);
  if (some.length === 0) return null;
  return (
    <span class="marks">
      {some.map(([severity, tone, words, many]) => (
        <a href={exceptionsHref({ ...where, severity })}>
          <Badge tone={tone}>{formatCountOf(open[severity], words, many)}</Badge>
        </a>
      ))}
    </span>
  );
}

function hoursCell({ row, lastWeek, store }: StoreToday, day: string) {
  const figures = row?.figures;
  if (!figures) return null;
  const hours = salesByHour(figures);
  const most = hours.indexOf(Math.max(...hours));
  const before = lastWeek ? `, ${formatCount(lastWeek.sales)} a week before` : "";
  return (
    <Spark
      title={`${store}, ${formatDay(day)}: ${formatCount(figures.sales)} sales, most from ${hourWords(most)}${before}`}
      bars={hours}
      compared={lastWeek ? salesByHour(lastWeek) : null}
    />
  );
}
