/** @jsxImportSource hono/jsx */
import type { CustomerSummary } from "./customers.ts";
import { CustomersTable } from "./customers-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCountOf } from "../format.ts";
import { Layout } from "../layout.tsx";

interface FoundPageProps {
  readonly page: PageContext;
  readonly customers: readonly CustomerSummary[];
}

/** What was typed is not repeated: the page may be looked at over a shoulder. */
export function FoundPage({ page, customers }: FoundPageProps) {
  return (
    <Layout page={page} title="Find">
      <p class="crumbs">
        <a href="/">Stores</a>
      </p>
      <h1>
        {customers.length === 0
          ? "Nobody is known by that"
          : formatCountOf(customers.length, "customer")}
      </h1>
      {customers.length === 0 ? (
        <p class="empty">
          Type the whole loyalty number, e-mail address or phone number. Only digests of them are
          kept here, so a part of one finds nobody.
        </p>
      ) : (
        <CustomersTable customers={customers} />
      )}
    </Layout>
  );
}

export function MissingPage({ page }: { page: PageContext }) {
  return (
    <Layout page={page} title="Not found">
      <p class="crumbs">
        <a href="/">Stores</a>
      </p>
      <h1>There is no customer with this id</h1>
      <p class="empty">It was never given out, or the address is not complete.</p>
    </Layout>
  );
}
