/** @jsxImportSource hono/jsx */
import { stampToMs } from "@regulars/shared/clock";
import { DataTable, type Column } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoney, formatTime } from "../format.ts";
import { CsrfField, Layout, Time } from "../layout.tsx";
import type { CustomersPage, CustomerSummary } from "./customers.ts";

export const CUSTOMER_COLUMNS: readonly Column<CustomerSummary>[] = [
  {
    head: "Customer",
    csv: ({ name }) => name,
    cell: ({ customer, name }) => (
      <a href={`/customers/${customer}`}>{name ?? <span class="id">{customer}</span>}</a>
    ),
    isName: true,
  },
  { head: "Customer id", csv: ({ customer }) => customer, isFileOnly: true },
  {
    head: "Purchases",
    csv: ({ totals }) => salesOf(totals),
    cell: ({ totals }) => formatCount(salesOf(totals)),
    isFigure: true,
  },
  {
    head: "Net sales",
    csv: ({ totals }) => Object.entries(totals).map(([currency, { minor }]) => `${currency} ${minor}`).join(" + "), // prettier-ignore
    cell: ({ totals }) =>
      Object.entries(totals)
        .map(([currency, { minor }]) => formatMoney(minor, currency))
        .join(" + ") || "–",
    isFigure: true,
  },
  {
    head: "Latest event",
    csv: ({ asOf }) => new Date(stampToMs(asOf)).toISOString(),
    cell: ({ asOf, zone, latest }) => (
      <span class="quiet">
        <Time ms={stampToMs(asOf)}>{formatTime(stampToMs(asOf), zone)}</Time>
        {latest?.store ? ` · ${latest.store}` : ""}
      </span>
    ),
  },
  {
    head: "Version",
    csv: ({ version }) => version,
    cell: ({ version }) => <span class="quiet">{formatCount(version)}</span>,
    isFigure: true,
  },
];

const salesOf = (totals: CustomerSummary["totals"]): number =>
  Object.values(totals).reduce((sum, each) => sum + each.sales, 0);

export function FindForm({ page }: { page: PageContext }) {
  return (
    <form class="find" method="post" action="/find" role="search">
      <CsrfField page={page} />
      <input
        type="search"
        name="known-by"
        required
        maxlength={200}
        autocomplete="off"
        aria-label="Card, e-mail, phone or customer id"
        placeholder="Card, e-mail, phone or customer id"
        data-key="/"
      />
      <button type="submit">Find</button>
    </form>
  );
}

export function CustomersListPage(props: {
  page: PageContext;
  customers: CustomersPage;
  isFirst: boolean;
}) {
  const { page, customers, isFirst } = props;
  const { next } = customers;
  return (
    <Layout page={page} title="Customers">
      <h1>Customers</h1>
      <p class="subtitle">
        Found by the whole card number, e-mail address, phone number or customer id. Only digests of
        these are kept to search by, so a part of one, or a name, finds nobody.
      </p>
      <FindForm page={page} />
      <DataTable
        id="customers"
        title="Latest first"
        columns={CUSTOMER_COLUMNS}
        rows={customers.customers}
        empty="No customers yet."
        csvHref={page.may("export") ? "/customers?csv=customers" : null}
        next={
          next === null ? null : `/customers?${new URLSearchParams({ before: next }).toString()}`
        }
      />
      {isFirst ? null : (
        <p class="more">
          <a href="/customers">Back to the latest</a>
        </p>
      )}
    </Layout>
  );
}
