/** @jsxImportSource hono/jsx */
// What all pages about one customer have above them: who it is, and what can be seen and done.
import type { PropsWithChildren } from "hono/jsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatTime } from "../format.ts";
import { CsrfField, Layout, Time } from "../layout.tsx";
import { nameOf } from "../words.ts";
import type { CustomerView } from "./customer.ts";

export interface FrameProps {
  readonly page: PageContext;
  readonly view: Pick<CustomerView, "customer" | "golden" | "version" | "updatedMs">;
  readonly zone: string | null;
  readonly at: "record" | "links";
  readonly isMasked: boolean;
}

export function CustomerFrame(props: PropsWithChildren<FrameProps>) {
  const { page, view, zone, at, isMasked, children } = props;
  const { customer, version, updatedMs } = view;
  const name = nameOf(view.golden.fields);
  const base = `/customers/${customer}`;
  return (
    <Layout page={page} title={name ?? "Customer"}>
      <p class="crumbs">
        <a href="/customers">Customers</a>
      </p>
      <div class="head">
        <h1>{name ?? "Customer without a name"}</h1>
        <div class="doings">
          {isMasked && page.may("customers.reveal") ? (
            <form method="post" action={`${base}/reveal`}>
              <CsrfField page={page} />
              <button type="submit" class="plain">
                Show contact data
              </button>
            </form>
          ) : null}
          {page.may("matches.decide") ? (
            <a class="button plain" href={`${base}/merge`}>
              Merge with another…
            </a>
          ) : null}
        </div>
      </div>
      <p class="subtitle">
        <span class="id">{customer}</span>
        {" · "}version {formatCount(version)}
        {" · "}
        <Time ms={updatedMs}>{formatTime(updatedMs, zone)}</Time>
      </p>
      <nav class="tabs" aria-label="Customer">
        <a href={base} aria-current={at === "record" ? "page" : undefined}>
          Record
        </a>
        <a href={`${base}/links`} aria-current={at === "links" ? "page" : undefined}>
          Links
        </a>
      </nav>
      {children}
    </Layout>
  );
}
