/** @jsxImportSource hono/jsx */
// The journals of a store-day, row by row: nobody's person, all of the money.
import { type Column, DataTable } from "../data-table.tsx";
import { formatDay, hourWords } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatMoney, isoOf } from "../format.ts";
import { Layout } from "../layout.tsx";
import { Badge, FilterChips } from "../parts.tsx";
import { dayHref, rowHref, rowsHref, type RowsFilter } from "./links.ts";
import type { Between, Entry, JournalRow, RowsPage as Page } from "./read-rows.ts";
import { type Place, When } from "./shift-tables.tsx";
import { capital, flagWords, offsetWords } from "./words.ts";

export interface RowsPageProps {
  readonly page: PageContext;
  readonly place: Place;
  readonly terminals: readonly {
    readonly source: string;
    readonly epoch: number;
    readonly rows: number;
  }[];
  readonly filter: RowsFilter;
  readonly rows: Page;
}

export function RowsPage({ page, place, terminals, filter, rows }: RowsPageProps) {
  const { store, day } = place;
  const href = (change: RowsFilter): string =>
    rowsHref(store, day, {
      ...filter,
      after: undefined,
      seq: undefined,
      csv: undefined,
      ...change,
    });
  const { next } = rows;
  return (
    <Layout page={page} title={`Journal of ${store}, ${formatDay(day)}`}>
      <p class="crumbs">
        <a href={dayHref(store, day)}>
          {store}, {formatDay(day)}
        </a>
      </p>
      <h1>Journal</h1>
      <p class="subtitle">
        {filterWords(filter)}
        {place.zone === null ? "" : `, times of ${place.zone}`}
      </p>
      <div class="toolbar">
        <FilterChips
          label="Terminals"
          tabs={[
            {
              name: "All terminals",
              href: href({ source: undefined, epoch: undefined }),
              isHere: filter.source === undefined,
            },
            ...terminals.map((terminal) => ({
              name:
                terminal.epoch === 1
                  ? terminal.source
                  : `${terminal.source} epoch ${terminal.epoch}`,
              count: terminal.rows,
              href: href({ source: terminal.source, epoch: terminal.epoch }),
              isHere: filter.source === terminal.source && filter.epoch === terminal.epoch,
            })),
          ]}
        />
        <FilterChips
          label="Kinds"
          tabs={KINDS.map(({ name, kind, late }) => ({
            name,
            href: href({ kind, late }),
            isHere: filter.kind === kind && filter.late === late,
          }))}
        />
      </div>
      <DataTable
        id="rows"
        title="Rows"
        columns={entryColumns(place)}
        rows={rows.entries}
        mark={(entry) => markOf(entry, filter.seq)}
        empty="No row is like that."
        csvHref={page.may("export") ? href({ csv: "rows" }) : null}
        next={next === null ? null : href({ after: `${next.source}/${next.epoch}/${next.seq}` })}
      />
    </Layout>
  );
}

const KINDS = [
  { name: "All", kind: undefined, late: undefined },
  { name: "Sales", kind: "sale", late: undefined },
  { name: "Returns", kind: "return", late: undefined },
  { name: "Voids", kind: "void", late: undefined },
  { name: "Drawer", kind: "drawer", late: undefined },
  { name: "Amendments", kind: undefined, late: "1" },
] as const;

function filterWords({ source, kind, hour, late }: RowsFilter): string {
  return [
    kind === undefined ? "All rows" : `Rows of kind ${kind}`,
    ...(source === undefined ? [] : [`of ${source}`]),
    ...(hour === undefined ? [] : [`from ${hourWords(hour)} to ${hourWords((hour + 1) % 24)}`]),
    ...(late === undefined ? [] : ["that came after their Z report"]),
  ].join(" ");
}

function markOf(entry: Entry, sought: number | undefined): string | undefined {
  if (entry.is === "row" && entry.row.seq === sought) return "mark-here";
  if (entry.is === "between") return entry.between.missing > 0 ? "mark-bad" : "mark-quiet";
  if (entry.row.quarantined !== null) return "mark-waiting";
  return undefined;
}

const rowIn = (entry: Entry): JournalRow | null => (entry.is === "row" ? entry.row : null);

/** Gaps stand in the column of the kind; in the file, rows alone do. */
function entryColumns(place: Place): Column<Entry>[] {
  const columns = rowColumns(place);
  return columns.map((column) => ({
    ...column,
    csv: (entry) => {
      const row = rowIn(entry);
      return row === null ? null : column.csv(row);
    },
    cell: (entry) => {
      const row = rowIn(entry);
      if (row !== null) return column.cell ? column.cell(row) : column.csv(row);
      if (entry.is !== "between") return null;
      const { seq, last } = entry.between;
      if (column.head === "Number")
        return seq === last ? formatCount(seq) : `${formatCount(seq)}–${formatCount(last)}`;
      if (column.head === "Terminal") return entry.between.source;
      return column.head === "What" ? betweenWords(entry.between) : "";
    },
  }));
}

function betweenWords({ missing, others }: Between) {
  if (missing === 0) return `${formatCountOf(others, "row")} of other days`;
  const rest = others === 0 ? "" : `, ${formatCountOf(others, "row")} of other days`;
  return (
    <>
      <Badge tone="serious">{formatCountOf(missing, "row")} missing</Badge>
      {rest}
    </>
  );
}

export function rowColumns(place: Place): Column<JournalRow>[] {
  const { store, day } = place;
  return [
    {
      head: "Number",
      isName: true,
      csv: ({ seq }) => seq,
      cell: (row) => <a href={rowHref(store, day, row)}>{formatCount(row.seq)}</a>,
    },
    { head: "Terminal", csv: ({ source }) => source },
    { head: "Epoch", isFileOnly: true, csv: ({ epoch }) => epoch },
    {
      head: "Time",
      csv: ({ atMs }) => isoOf(atMs),
      cell: ({ atMs }) => (atMs === null ? null : <When ms={atMs} place={place} />),
    },
    {
      head: "What",
      csv: ({ kind }) => kind,
      cell: (row) => whatCell(row),
    },
    { head: "Receipt", csv: ({ receipt }) => receipt },
    {
      head: "Amount",
      isFigure: true,
      csv: ({ totalMinor }) => totalMinor,
      cell: ({ totalMinor, currency }) =>
        totalMinor === null || currency === null ? null : formatMoney(totalMinor, currency),
    },
    { head: "Currency", isFileOnly: true, csv: ({ currency }) => currency },
    { head: "Flags", isFileOnly: true, csv: ({ flags }) => flags.join(" ") },
    { head: "Quarantined", isFileOnly: true, csv: ({ quarantined }) => quarantined },
    {
      head: "Came in",
      csv: ({ acceptedMs }) => isoOf(acceptedMs),
      cell: ({ acceptedMs }) => <When ms={acceptedMs} place={place} />,
    },
    {
      head: "Clock",
      csv: ({ offsetMs }) => offsetMs,
      cell: ({ offsetMs }) => (Math.abs(offsetMs) < 1_000 ? null : offsetWords(offsetMs)),
    },
    {
      head: "Hash",
      csv: ({ hash }) => hash,
      cell: ({ hash }) => <span class="id">{hash.slice(0, 10)}</span>,
    },
  ];
}

function whatCell({ kind, flags, quarantined }: JournalRow) {
  return (
    <span class="marks">
      {kind === null ? "Not readable" : capital(kind)}
      {quarantined === null ? null : (
        <a href="/intake">
          <Badge tone="waiting">{`quarantined: ${quarantined.replaceAll("_", " ")}`}</Badge>
        </a>
      )}
      {flags.map((flag) => (
        <Badge tone={flag === "late" ? "bad" : "info"}>{flagWords(flag)}</Badge>
      ))}
    </span>
  );
}
