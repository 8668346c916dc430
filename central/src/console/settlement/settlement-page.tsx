/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import type { SettledDay, SettlementFile } from "../../reconcile/settlement/list.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoney, formatTime } from "../format.ts";
import { CsrfField, Layout, Time } from "../layout.tsx";
import { Field, Notice, Tabs } from "../parts.tsx";
import type { Names } from "../exceptions/people.ts";
import { DAY_COLUMNS } from "./days-table.tsx";
import { SHAPE_NAMES } from "./mapping-words.ts";

/** What stands in the way of a file that was just sent. */
export interface UploadRefusal {
  readonly words: string;
  /** The import that had the same bytes. */
  readonly file: number | null;
}

interface Common {
  readonly page: PageContext;
  readonly refusal: UploadRefusal | null;
}

export interface DaysPageProps extends Common {
  readonly days: readonly SettledDay[];
  readonly filter: { readonly store?: string | undefined; readonly day?: string | undefined };
  readonly next: string | null;
  readonly csvHref: string | null;
  /** Said at the top, such as that a file was taken in. */
  readonly isExpected: boolean;
}

export function DaysPage(props: DaysPageProps) {
  const { page, days, next, csvHref, filter, isExpected } = props;
  return (
    <Layout page={page} title="Settlement">
      <Head {...props} here="days" />
      <form
        class="toolbar settlement-filters"
        method="get"
        action="/settlement"
        role="search"
        aria-label="Store-days"
      >
        <Field id="store" label="Store">
          <input
            id="store"
            name="store"
            value={filter.store ?? ""}
            placeholder="Any"
            autocomplete="off"
            maxlength={64}
          />
        </Field>
        <Field id="day" label="Day">
          <input id="day" name="day" type="date" value={filter.day ?? ""} />
        </Field>
        <button type="submit">Show</button>
        {filter.store === undefined && filter.day === undefined ? null : (
          <a href="/settlement">Clear</a>
        )}
      </form>
      <DataTable
        id="days"
        title="Card sales and settlement"
        note="Stores of which a settlement file was imported. Sales are the journal's, less what went back; settled is what all files say."
        columns={DAY_COLUMNS}
        rows={days}
        empty={
          isExpected
            ? "No store-day like this."
            : "No settlement file was imported yet. From a store's first file on its card sales are compared with what was paid out."
        }
        csvHref={csvHref}
        next={next}
      />
    </Layout>
  );
}

export interface FilesPageProps extends Common {
  readonly files: readonly SettlementFile[];
  readonly names: Names;
  readonly next: string | null;
  readonly csvHref: string | null;
}

export function FilesPage(props: FilesPageProps) {
  const { page, files, names, next, csvHref } = props;
  return (
    <Layout page={page} title="Settlement files">
      <Head {...props} here="files" />
      <DataTable
        id="files"
        title="Files, newest first"
        columns={fileColumns(names)}
        rows={files}
        empty="No file was imported yet."
        csvHref={csvHref}
        next={next}
      />
    </Layout>
  );
}

export const fileColumns = (names: Names): Column<SettlementFile>[] => [
  {
    head: "File",
    csv: ({ name }) => name,
    cell: ({ n, name }) => <a href={`/settlement/files/${n}`}>{name}</a>,
    isName: true,
  },
  { head: "Number", csv: ({ n }) => n, isFileOnly: true },
  { head: "Shape", csv: ({ shape }) => SHAPE_NAMES[shape] },
  {
    head: "Days",
    csv: ({ firstDay }) => firstDay,
    cell: ({ firstDay, lastDay }) => daysWords(firstDay, lastDay),
  },
  { head: "Last day", csv: ({ lastDay }) => lastDay, isFileOnly: true },
  {
    head: "Payments",
    csv: ({ lines }) => lines,
    cell: ({ lines }) => formatCount(lines),
    isFigure: true,
  },
  {
    head: "Known before",
    csv: ({ known }) => known,
    cell: ({ known }) => (known === 0 ? null : formatCount(known)),
    isFigure: true,
  },
  {
    head: "Amount",
    csv: ({ amountMinor }) => amountMinor,
    cell: ({ amountMinor, currency }) => formatMoney(amountMinor, currency),
    isFigure: true,
  },
  {
    head: "Fees",
    csv: ({ feeMinor }) => feeMinor,
    cell: ({ feeMinor, currency }) => formatMoney(feeMinor, currency),
    isFigure: true,
  },
  { head: "Currency", csv: ({ currency }) => currency, isFileOnly: true },
  {
    head: "Imported",
    csv: ({ importedMs }) => new Date(importedMs).toISOString(),
    cell: ({ importedMs, importedBy }) => (
      <>
        <Time ms={importedMs}>{formatTime(importedMs, null)}</Time>{" "}
        <span class="quiet">by {names(importedBy)}</span>
      </>
    ),
  },
  { head: "By", csv: ({ importedBy }) => names(importedBy), isFileOnly: true },
];

export function daysWords(first: string | null, last: string | null): string | null {
  if (first === null || last === null) return null;
  return first === last ? first : `${first} to ${last}`;
}

function Head({ page, refusal, here }: Common & { here: "days" | "files" }) {
  return (
    <>
      <h1>Settlement</h1>
      <p class="subtitle">
        What card processors have paid out, beside what the tills took by card.
      </p>
      {refusal === null ? null : (
        <Notice tone="bad">
          {refusal.words}{" "}
          {refusal.file === null ? null : (
            <a href={`/settlement/files/${refusal.file}`}>See what it brought</a>
          )}
        </Notice>
      )}
      {page.may("settlement.import") ? <UploadForm page={page} /> : null}
      <Tabs
        label="Settlement"
        tabs={[
          { href: "/settlement", name: "Store-days", isHere: here === "days" },
          { href: "/settlement/files", name: "Files", isHere: here === "files" },
        ]}
      />
    </>
  );
}

const MEGABYTE = 1024 * 1024;

function UploadForm({ page }: { page: PageContext }) {
  return (
    <form
      class="panel settlement-upload"
      method="post"
      action="/settlement/files"
      enctype="multipart/form-data"
      hx-post="/settlement/files"
      hx-encoding="multipart/form-data"
      hx-target="#refused"
      hx-disabled-elt="find button"
    >
      <CsrfField page={page} />
      <Field
        id="file"
        label="Import a processor's file"
        hint={`CSV from Stripe, Square or anybody, up to ${formatCount(LIMITS.settlementBytes / MEGABYTE)} MB and ${formatCount(LIMITS.settlementLines)} lines. You see what it would bring before anything is taken in.`}
      >
        <input
          id="file"
          name="file"
          type="file"
          accept=".csv,.txt,text/csv"
          required
          data-key="i"
          aria-describedby="file-hint"
        />
      </Field>
      <div class="actions">
        <button type="submit" class="primary">
          Look at it
        </button>
      </div>
    </form>
  );
}
