/** @jsxImportSource hono/jsx */
// One row of a journal: its place in the chain, its lines and tenders. Whom it is about is for the customers' pages.
import type { RegularsEvent } from "@regulars/shared/events/event";
import type { Line } from "@regulars/shared/events/line";
import type { Tender } from "@regulars/shared/events/tender";
import { type Column, DataTable } from "../data-table.tsx";
import { formatDay } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoney } from "../format.ts";
import { Layout } from "../layout.tsx";
import { Badge, Facts } from "../parts.tsx";
import { eventFacts, type Fact } from "./event-facts.tsx";
import { dayHref, rowHref, rowsHref } from "./links.ts";
import type { FullRow } from "./read-row.ts";
import type { RowKey } from "./statements.ts";
import { type Place, When } from "./shift-tables.tsx";
import { capital, flagWords, offsetWords } from "./words.ts";

export interface RowPageProps {
  readonly page: PageContext;
  readonly place: Place;
  readonly asked: RowKey;
  /** Null where no row of this store has the number. */
  readonly row: FullRow | null;
}

export function RowPage({ page, place, asked, row }: RowPageProps) {
  const { store, day } = place;
  const { source, epoch, seq } = asked;
  const name = `${source} #${formatCount(seq)}`;
  return (
    <Layout page={page} title={name}>
      <p class="crumbs">
        <a href={rowsHref(store, day, { source, epoch })}>Journal of {source}</a> ·{" "}
        <a href={dayHref(store, day)}>
          {store}, {formatDay(day)}
        </a>
      </p>
      <div class="head">
        <h1>
          {row === null
            ? name
            : `${row.kind === null ? "Not readable" : capital(row.kind)} ${row.receipt ?? ""}`}
        </h1>
        <p class="actions">
          {seq === 1 ? null : (
            <a class="button" href={rowHref(store, day, { ...asked, seq: seq - 1 })} data-key="p">
              Row before <kbd>p</kbd>
            </a>
          )}
          <a class="button" href={rowHref(store, day, { ...asked, seq: seq + 1 })} data-key="n">
            Row after <kbd>n</kbd>
          </a>
        </p>
      </div>
      {row === null ? (
        <p class="empty">
          No row of {store} with this number is here. Where rows after it are, it is missing: that
          is for the exceptions of its day.
        </p>
      ) : (
        <RowContent row={row} place={place} />
      )}
    </Layout>
  );
}

function RowContent({ row, place }: { row: FullRow; place: Place }) {
  const { event } = row;
  const receipt = event === null ? null : receiptOf(event);
  return (
    <>
      <div class="sides">
        <section class="panel" aria-labelledby="row">
          <h2 id="row">Row</h2>
          <Facts facts={rowFacts(row, place)} />
        </section>
        <section class="panel" aria-labelledby="says">
          <h2 id="says">What it says</h2>
          {event === null ? (
            <p class="quiet">This build cannot read it. It is kept byte for byte, under Intake.</p>
          ) : (
            <Facts facts={eventFacts(event)} />
          )}
        </section>
      </div>
      {receipt === null ? null : (
        <>
          <DataTable
            id="lines"
            title="Lines"
            columns={lineColumns(receipt.currency)}
            rows={receipt.lines}
            empty="It has no lines."
            csvHref={null}
          />
          <DataTable
            id="tenders"
            title="Paid by"
            columns={tenderColumns(receipt.currency)}
            rows={receipt.tenders}
            empty="It does not say how it was paid."
            csvHref={null}
          />
        </>
      )}
    </>
  );
}

interface Receipt {
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly tenders: readonly Tender[];
}

function receiptOf({ kind, body }: RegularsEvent): Receipt | null {
  switch (kind) {
    case "sale":
    case "return":
    case "adjustment":
      return body;
    case "void":
      return { currency: body.currency, lines: [], tenders: body.tenders ?? [] };
    default:
      return null;
  }
}

function rowFacts(row: FullRow, place: Place): Fact[] {
  return [
    ["Terminal", row.epoch === 1 ? row.source : `${row.source} epoch ${row.epoch}`],
    ["Number", formatCount(row.seq)],
    ["Business day", row.day === null ? "none that can be read" : formatDay(row.day)],
    ["Happened", row.atMs === null ? "–" : <When ms={row.atMs} place={place} />],
    ["At the edge", <When ms={row.acceptedMs} place={place} />],
    ["Here", <When ms={row.receivedMs} place={place} />],
    ["Clock", offsetWords(row.offsetMs)],
    [
      "Flags",
      row.flags.length === 0 ? (
        "none"
      ) : (
        <span class="marks">
          {row.flags.map((flag) => (
            <Badge tone="info">{flagWords(flag)}</Badge>
          ))}
        </span>
      ),
    ],
    ...(row.quarantined === null
      ? []
      : [["Quarantined", <a href="/intake">{row.quarantined.replaceAll("_", " ")}</a>] as const]),
    ["Hash", <span class="id">{row.hash}</span>],
    [
      "Chain",
      row.isHashTrue && row.followsBefore !== false ? (
        <Badge tone="good">
          {row.followsBefore === null
            ? "True; the row before is not here"
            : "Follows the row before"}
        </Badge>
      ) : (
        <Badge tone="serious">
          {row.isHashTrue ? "Does not follow the row before" : "Its hash does not cover it"}
        </Badge>
      ),
    ],
  ];
}

function lineColumns(currency: string): Column<Line>[] {
  return [
    { head: "Article", isName: true, csv: ({ sku }) => sku },
    { head: "Description", csv: ({ description }) => description ?? null },
    { head: "Quantity", isFigure: true, csv: ({ quantity }) => quantity },
    { head: "Price", isFigure: true, csv: ({ unitPrice }) => unitPrice ?? null },
    {
      head: "Amount",
      isFigure: true,
      csv: ({ amountMinor }) => amountMinor,
      cell: ({ amountMinor }) => formatMoney(amountMinor, currency),
    },
  ];
}

function tenderColumns(currency: string): Column<Tender>[] {
  return [
    { head: "Tender", isName: true, csv: ({ type }) => capital(type) },
    { head: "Reference", csv: ({ reference }) => reference ?? null },
    {
      head: "Amount",
      isFigure: true,
      csv: ({ amountMinor }) => amountMinor,
      cell: ({ amountMinor }) => formatMoney(amountMinor, currency),
    },
  ];
}
