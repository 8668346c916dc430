/** @jsxImportSource hono/jsx */
import type { CustomersPage } from "./customers/customers.ts";
import { CustomersTable } from "./customers/customers-table.tsx";
import type { PageContext } from "./environment.ts";
import { formatCount, formatCountOf, formatMoney, formatTime } from "./format.ts";
import { Figure, Layout, Time } from "./layout.tsx";
import type { Totals } from "./totals.ts";
import { lagWords, troubleWords } from "./words.ts";
import type { WritersPage, WriterState } from "./writers.ts";

export interface StoresPageProps {
  readonly page: PageContext;
  readonly totals: Totals;
  readonly writers: WritersPage;
  readonly customers: CustomersPage;
  readonly nowMs: number;
  /** Where this page starts, to keep one list in place while the other is paged. */
  readonly at: { readonly stores: string; readonly customers: string | null };
}

export function StoresPage({ page, totals, writers, customers, nowMs, at }: StoresPageProps) {
  const stores = [...Map.groupBy(writers.writers, ({ store }) => store)];
  const isFirst = at.stores === "" && at.customers === null;
  return (
    <Layout page={page} title="Stores">
      <h1>Stores</h1>
      <TotalsFigures totals={totals} />
      <section aria-labelledby="sync">
        <h2 id="sync">Sync state</h2>
        {stores.length === 0 ? (
          <p class="empty">No store has sent an event yet.</p>
        ) : (
          <table class="stores">
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col" class="number">
                  Captured
                </th>
                <th scope="col" class="number">
                  Golden
                </th>
                <th scope="col">State</th>
                <th scope="col">Last seen</th>
              </tr>
            </thead>
            {stores.map(([store, sources]) => (
              <StoreRows store={store} sources={sources} nowMs={nowMs} />
            ))}
          </table>
        )}
        {writers.next === null ? null : (
          <Pager href={`/?${query({ stores: writers.next, customers: at.customers })}`}>
            More stores
          </Pager>
        )}
      </section>
      <section aria-labelledby="customers">
        <h2 id="customers">Customers, latest first</h2>
        <CustomersTable customers={customers.customers} />
        {customers.next === null ? null : (
          <Pager href={`/?${query({ stores: at.stores, customers: customers.next })}#customers`}>
            Earlier customers
          </Pager>
        )}
      </section>
      {isFirst ? null : <Pager href="/">Back to the start</Pager>}
    </Layout>
  );
}

function TotalsFigures({ totals }: { totals: Totals }) {
  const count = (kind: string): number => totals.events[kind] ?? 0;
  const events = Object.values(totals.events).reduce((sum, each) => sum + each, 0);
  const trouble = troubleWords({ ...totals, refused: 0 });
  return (
    <>
      <dl class="figures">
        <Figure label="Events" note={`${formatCount(totals.sourceRecords)} source records`}>
          {formatCount(events)}
        </Figure>
        <Figure
          label="Sales"
          note={`${formatCountOf(count("return"), "return")} · ${formatCount(totals.anonymousSales)} anonymous`}
        >
          {formatCount(count("sale"))}
        </Figure>
        {Object.entries(totals.money).map(([currency, byKind]) => (
          <Figure label={`Net sales, ${currency}`} note={adjustmentWords(byKind, currency)}>
            {formatMoney(netOf(byKind), currency)}
          </Figure>
        ))}
        <Figure label="Customers" note="with a golden record">
          {formatCount(totals.customers)}
        </Figure>
      </dl>
      {trouble.length === 0 ? null : <p class="alert">{trouble.join(" · ")}</p>}
    </>
  );
}

function StoreRows(props: { store: string; sources: readonly WriterState[]; nowMs: number }) {
  const { store, sources, nowMs } = props;
  const journaled = sumOf(sources, (each) => each.journaled);
  const waiting = journaled - sumOf(sources, (each) => each.golden);
  return (
    <tbody>
      <tr class="store">
        <th scope="rowgroup" colspan={5}>
          {store}
          <span>
            {formatCountOf(sources.length, "source")} · {formatCountOf(journaled, "event")}
            {waiting === 0 ? "" : ` · ${formatCount(waiting)} waiting`}
          </span>
        </th>
      </tr>
      {sources.map((state) => (
        <SourceRow state={state} nowMs={nowMs} />
      ))}
    </tbody>
  );
}

function SourceRow({ state, nowMs }: { state: WriterState; nowMs: number }) {
  const { source, epoch, journaled, golden, lastSeenMs, zone } = state;
  const trouble = troubleWords(state);
  return (
    <tr>
      <th scope="row">
        {source}
        {epoch === 1 ? null : <span class="quiet"> epoch {epoch}</span>}
      </th>
      <td class="number" data-label="Captured">
        {formatCount(journaled)}
      </td>
      <td class="number" data-label="Golden">
        {formatCount(golden)}
      </td>
      <td class="state">
        <span class={golden === journaled ? "dot good" : "dot waiting"}>
          {lagWords(state, nowMs)}
        </span>
        {trouble.map((words) => (
          <span class="dot bad">{words}</span>
        ))}
      </td>
      <td data-label="Last seen" class="quiet">
        <Time ms={lastSeenMs}>{formatTime(lastSeenMs, zone, nowMs)}</Time>
      </td>
    </tr>
  );
}

function Pager({ href, children }: { href: string; children: string }) {
  return (
    <p class="pager">
      <a href={href}>{children}</a>
    </p>
  );
}

/** An adjustment is money in the books, not a sale. */
function netOf(byKind: Readonly<Record<string, number>>): number {
  return (byKind["sale"] ?? 0) + (byKind["return"] ?? 0) + (byKind["void"] ?? 0);
}

function adjustmentWords(byKind: Readonly<Record<string, number>>, currency: string): string {
  const minor = byKind["adjustment"] ?? 0;
  return minor === 0 ? "sales less returns" : `and ${formatMoney(minor, currency)} adjusted`;
}

function query(at: StoresPageProps["at"]): string {
  const parameters = new URLSearchParams();
  if (at.stores !== "") parameters.set("stores", at.stores);
  if (at.customers !== null) parameters.set("customers", at.customers);
  return parameters.toString();
}

const sumOf = (writers: readonly WriterState[], of: (writer: WriterState) => number): number =>
  writers.reduce((sum, writer) => sum + of(writer), 0);
