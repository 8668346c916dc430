/** @jsxImportSource hono/jsx */
// One store on one business day: what it came to, whether all of it is here, and what is in question about it.
import { DataTable } from "../data-table.tsx";
import { formatDay, salesByHour, signed, waitingWords } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatMoment, formatMoney } from "../format.ts";
import { Figure, Layout } from "../layout.tsx";
import { Badge, DayStateBadge, Facts } from "../parts.tsx";
import type { DayFigures } from "../../reconcile/found.ts";
import { HoursPanel } from "../today/day-hours.tsx";
import { exceptionColumns, terminalColumns } from "./day-tables.tsx";
import { dayHref, rowsHref, storeHref } from "./links.ts";
import type { StoreDay } from "./read-store-day.ts";
import { SealSection } from "./seal-section.tsx";
import {
  amendmentColumns,
  amendmentLines,
  type Place,
  shiftColumns,
  tenderColumns,
  tenderLines,
} from "./shift-tables.tsx";
import { capital } from "./words.ts";

export interface StoreDayPageProps {
  readonly page: PageContext;
  readonly of: StoreDay;
  readonly nowMs: number;
}

export const placeOf = ({ store, day, zone }: StoreDay, nowMs: number): Place => ({
  store,
  day,
  zone,
  nowMs,
});

export function StoreDayPage({ page, of, nowMs }: StoreDayPageProps) {
  const { store, day, row, terminals, shifts, seals, exceptions } = of;
  const place = placeOf(of, nowMs);
  const csv = (table: string): string | null =>
    page.may("export") ? `${dayHref(store, day)}?csv=${table}` : null;
  const amendments = amendmentLines(shifts, of.otherAmendments);
  const figures = row?.figures ?? null;
  return (
    <Layout page={page} title={`${store}, ${formatDay(day)}`}>
      <p class="crumbs">
        <a href={`/?day=${day}`}>All stores</a> · <a href={storeHref(store)}>All days of {store}</a>
      </p>
      <Head of={of} place={place} />
      <Waits of={of} place={place} />
      {figures === null ? (
        <p class="notice" role="status">
          This day has not been added up yet. Its rows are below.
        </p>
      ) : (
        <>
          <DayFiguresList of={of} figures={figures} />
          <div class="sides wide">
            <TendersPanel figures={figures} />
            <HoursPanel
              day={day}
              hours={salesByHour(figures)}
              before={of.lastWeek ? salesByHour(of.lastWeek) : null}
              hrefOf={(hour) => rowsHref(store, day, { hour, kind: "sale" })}
            />
          </div>
        </>
      )}
      <DataTable
        id="exceptions"
        title="Exceptions"
        columns={exceptionColumns(place)}
        rows={exceptions}
        empty="Nothing is in question about this day."
        csvHref={csv("exceptions")}
      />
      <DataTable
        id="shifts"
        title="Shifts"
        note="Z as the till has written it; X is what an open shift has come to with the rows that are here."
        columns={shiftColumns(place)}
        rows={shifts}
        empty="No shift was opened on this day."
        csvHref={csv("shifts")}
      />
      {shifts.length === 0 ? null : (
        <DataTable
          id="tenders"
          title="Tenders against counts"
          note="Cash with the float and what was paid in and out."
          columns={tenderColumns()}
          rows={tenderLines(shifts)}
          empty="Nothing was taken in yet."
          csvHref={csv("tenders")}
        />
      )}
      {amendments.length === 0 ? null : (
        <DataTable
          id="amendments"
          title="Amendments"
          note="Receipts of this day that came after its Z report. The report stays as it was written."
          columns={amendmentColumns(place)}
          rows={amendments}
          empty=""
          csvHref={csv("amendments")}
        />
      )}
      <SealSection seals={seals} place={place} csvHref={csv("heads")} />
      <DataTable
        id="terminals"
        title="Journals"
        note="Rows of the day by terminal, and how far its clock was from the edge's."
        columns={terminalColumns(place)}
        rows={terminals}
        empty="No row of this day is here."
        csvHref={csv("terminals")}
      />
    </Layout>
  );
}

function Head({ of, place }: { of: StoreDay; place: Place }) {
  const { store, day, row, before, after, zone } = of;
  return (
    <div class="head">
      <div>
        <h1>
          {store} <span class="quiet">{formatDay(day)}</span>
        </h1>
        <p class="subtitle">
          {row === null ? (
            <Badge tone="none">Not checked yet</Badge>
          ) : (
            <>
              <DayStateBadge state={row.state} /> since{" "}
              {formatMoment(row.sinceMs, zone, place.nowMs)}
            </>
          )}
          {row === null || row.checkedMs === null
            ? ""
            : ` · checked ${formatMoment(row.checkedMs, zone, place.nowMs)}`}
          {row?.isDirty === true ? ", more has come since" : ""}
          {zone === null ? "" : ` · times of ${zone}`}
        </p>
      </div>
      <p class="actions">
        {before === null ? null : (
          <a class="button" href={dayHref(store, before)} data-key="p">
            Earlier <kbd>p</kbd>
          </a>
        )}
        {after === null ? null : (
          <a class="button" href={dayHref(store, after)} data-key="n">
            Later <kbd>n</kbd>
          </a>
        )}
      </p>
    </div>
  );
}

function Waits({ of, place }: { of: StoreDay; place: Place }) {
  const waiting = of.row?.waiting ?? [];
  if (waiting.length === 0) return null;
  const words = waiting.map((each) => waitingWords(each, place));
  return (
    <div class="notice waiting">
      {words.length === 1 ? (
        `Waits for ${words[0]}.`
      ) : (
        <>
          Waits for
          <ul>
            {words.map((each) => (
              <li>{each}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function DayFiguresList({ of, figures }: { of: StoreDay; figures: DayFigures }) {
  const { store, day, exceptions } = of;
  const rows = (filter: Parameters<typeof rowsHref>[2]) => rowsHref(store, day, filter);
  const open = exceptions.filter(({ state }) => state === "open" || state === "explained");
  const waiting = figures.events - figures.golden;
  return (
    <dl class="figures">
      <Figure
        label="Rows"
        note={waiting === 0 ? "all golden" : `${formatCount(waiting)} not golden yet`}
        href={rows({})}
      >
        {formatCount(figures.events)}
      </Figure>
      <Figure label="Sales" note="receipts" href={rows({ kind: "sale" })}>
        {formatCount(figures.sales)}
      </Figure>
      <Figure label="Returns" note="receipts" href={rows({ kind: "return" })}>
        {formatCount(figures.returns)}
      </Figure>
      {Object.entries(figures.netMinor).map(([currency, minor]) => (
        <Figure label={`Net, ${currency}`} note="less returns and voids" href={rows({})}>
          {formatMoney(minor, currency)}
        </Figure>
      ))}
      {Object.entries(figures.overShortMinor).map(([currency, minor]) => (
        <Figure label={`Over/short, ${currency}`} note="counted less expected" href="#tenders">
          {signed(minor, currency)}
        </Figure>
      ))}
      {figures.late === 0 ? null : (
        <Figure label="After the Z" note="amendments" href={rows({ late: "1" })}>
          {formatCount(figures.late)}
        </Figure>
      )}
      <Figure
        label="Exceptions"
        note={`of ${formatCount(exceptions.length)} found`}
        href="#exceptions"
      >
        {formatCountOf(open.length, "open", "open")}
      </Figure>
    </dl>
  );
}

/** How the day was paid, net of returns and voids. */
function TendersPanel({ figures }: { figures: DayFigures }) {
  const tenders = Object.entries(figures.tenders).flatMap(([type, money]) =>
    Object.entries(money ?? {}).map(
      ([currency, minor]) => [capital(type), formatMoney(minor, currency)] as const,
    ),
  );
  return (
    <section class="panel" aria-labelledby="paid">
      <h2 id="paid">Paid by</h2>
      {tenders.length === 0 ? <p class="quiet">Nothing was paid.</p> : <Facts facts={tenders} />}
    </section>
  );
}
