/** @jsxImportSource hono/jsx */
import type { SettledDay, SettlementFile, StoredLine } from "../../reconcile/settlement/list.ts";
import type { Names } from "../exceptions/people.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoney, formatTime } from "../format.ts";
import { Figure, Layout } from "../layout.tsx";
import { DAY_COLUMNS } from "./days-table.tsx";
import { SHAPE_NAMES } from "./mapping-words.ts";
import { daysWords } from "./settlement-page.tsx";

export interface FilePageProps {
  readonly page: PageContext;
  readonly file: SettlementFile;
  readonly days: readonly SettledDay[];
  readonly lines: readonly StoredLine[];
  readonly next: string | null;
  readonly names: Names;
}

export function FilePage({ page, file, days, lines, next, names }: FilePageProps) {
  const { n, name, shape, currency, firstDay, lastDay, importedMs, importedBy } = file;
  const csv = (table: string): string | null =>
    page.may("export") ? `/settlement/files/${n}?csv=${table}` : null;
  return (
    <Layout page={page} title={name}>
      <p class="crumbs">
        <a href="/settlement/files">Settlement files</a>
      </p>
      <h1>{name}</h1>
      <p class="subtitle">
        {SHAPE_NAMES[shape]}, imported {formatTime(importedMs, null)} by {names(importedBy)}
      </p>
      <dl class="figures">
        <Figure
          label="Payments"
          note={
            file.known === 0
              ? "none known before"
              : `${formatCount(file.known)} more were known before`
          }
        >
          {formatCount(file.lines)}
        </Figure>
        <Figure label="Amount" note="gross, less refunds">
          {formatMoney(file.amountMinor, currency)}
        </Figure>
        <Figure label="Fees" note="kept by the processor">
          {formatMoney(file.feeMinor, currency)}
        </Figure>
        <Figure label="Days">{daysWords(firstDay, lastDay) ?? "–"}</Figure>
        <Figure label="Left out" note="other kinds, or no money">
          {formatCount(file.skipped)}
        </Figure>
      </dl>
      <DataTable
        id="days"
        title="Its store-days"
        note="With all that is known of each, from this file and others."
        columns={DAY_COLUMNS}
        rows={days}
        empty="All of its payments were known before."
        csvHref={csv("days")}
      />
      <DataTable
        id="lines"
        title="Its payments"
        columns={LINE_COLUMNS}
        rows={lines}
        empty="All of its payments were known before."
        csvHref={csv("lines")}
        next={next}
      />
    </Layout>
  );
}

export const LINE_COLUMNS: readonly Column<StoredLine>[] = [
  { head: "Line", csv: ({ line }) => line, cell: ({ line }) => formatCount(line), isName: true },
  {
    head: "Day",
    csv: ({ businessDay }) => businessDay,
    cell: ({ store, businessDay }) => <a href={`/stores/${store}/${businessDay}`}>{businessDay}</a>,
  },
  { head: "Store", csv: ({ store }) => store },
  {
    head: "Reference",
    csv: ({ reference }) => reference,
    cell: ({ reference }) => <span class="id">{reference}</span>,
  },
  {
    head: "Payout",
    csv: ({ batch }) => batch,
    cell: ({ batch }) => (batch === null ? null : <span class="id">{batch}</span>),
  },
  {
    head: "Amount",
    csv: ({ amountMinor }) => amountMinor,
    cell: ({ amountMinor, currency }) => formatMoney(amountMinor, currency),
    isFigure: true,
  },
  {
    head: "Fee",
    csv: ({ feeMinor }) => feeMinor,
    cell: ({ feeMinor, currency }) => (feeMinor === null ? null : formatMoney(feeMinor, currency)),
    isFigure: true,
  },
  { head: "Currency", csv: ({ currency }) => currency, isFileOnly: true },
  {
    head: "At",
    csv: ({ atMs }) => (atMs === null ? null : new Date(atMs).toISOString()),
    isFileOnly: true,
  },
];
