/** @jsxImportSource hono/jsx */
import { formatDay } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { Layout } from "../layout.tsx";
import { storeHref } from "./links.ts";

export function MissingDayPage(props: { page: PageContext; store: string; day?: string }) {
  const { page, store, day } = props;
  return (
    <Layout page={page} title="Nothing here">
      <p class="crumbs">
        {day === undefined ? (
          <a href="/">All stores</a>
        ) : (
          <a href={storeHref(store)}>All days of {store}</a>
        )}
      </p>
      <h1>{day === undefined ? store : `${store}, ${formatDay(day)}`}</h1>
      <p class="empty">
        Nothing is known of {day === undefined ? "this store" : "this day"}: no row, no seal, no
        file. Either nothing was sold, or nothing has reached us; how its tills stand is under{" "}
        <a href={`/sources?find=${encodeURIComponent(store)}`}>Sources</a>.
      </p>
    </Layout>
  );
}
