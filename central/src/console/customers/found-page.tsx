/** @jsxImportSource hono/jsx */
import { DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCountOf } from "../format.ts";
import { Layout } from "../layout.tsx";
import type { CustomerSummary } from "./customers.ts";
import { CUSTOMER_COLUMNS, FindForm } from "./list-page.tsx";

interface FoundPageProps {
  readonly page: PageContext;
  readonly customers: readonly CustomerSummary[];
  /** There are more of them than are shown. */
  readonly isMore: boolean;
}

/** What was typed is not repeated: the page may be looked at over a shoulder. */
export function FoundPage({ page, customers, isMore }: FoundPageProps) {
  return (
    <Layout page={page} title="Find">
      <p class="crumbs">
        <a href="/customers">Customers</a>
      </p>
      <h1>
        {customers.length === 0
          ? "Nobody is known by that"
          : `${formatCountOf(customers.length, "customer")}${isMore ? ", and more" : ""}`}
      </h1>
      <FindForm page={page} />
      {customers.length === 0 ? (
        <p class="empty">
          Type the whole loyalty number, e-mail address or phone number. Only digests of them are
          kept here, so a part of one finds nobody.
        </p>
      ) : (
        <DataTable
          id="found"
          title="Known by it"
          columns={CUSTOMER_COLUMNS}
          rows={customers}
          empty=""
          csvHref={null}
        />
      )}
    </Layout>
  );
}

export function MissingPage({ page }: { page: PageContext }) {
  return (
    <Layout page={page} title="Not found">
      <p class="crumbs">
        <a href="/customers">Customers</a>
      </p>
      <h1>There is no customer with this id</h1>
      <p class="empty">It was never given out, or the address is not complete.</p>
    </Layout>
  );
}
