/** @jsxImportSource hono/jsx */
import type { Preview } from "../../steward/preview.ts";
import type { PageContext } from "../environment.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { PreviewTable } from "./preview-table.tsx";
import type { Granted } from "./shown.ts";

/** With whom? */
export function MergeWithPage(props: {
  page: PageContext;
  customer: string;
  name: string | null;
  trouble: string | null;
}) {
  const { page, customer, name, trouble } = props;
  return (
    <Layout page={page} title="Merge">
      <p class="crumbs">
        <a href={`/customers/${customer}`}>{name ?? "Customer"}</a>
      </p>
      <h1>Merge with another customer</h1>
      <p class="subtitle">Nothing is written before you have seen what would become of both.</p>
      {trouble === null ? null : (
        <p class="alert" role="alert">
          {trouble}
        </p>
      )}
      <form class="find" method="post" action={`/customers/${customer}/merge/find`}>
        <CsrfField page={page} />
        <input
          type="search"
          name="known-by"
          required
          maxlength={200}
          autocomplete="off"
          aria-label="The other customer's card, e-mail, phone or id"
          placeholder="Card, e-mail, phone or customer id"
        />
        <button type="submit">Look</button>
      </form>
    </Layout>
  );
}

export interface MergePageProps {
  readonly page: PageContext;
  readonly customer: string;
  readonly name: string | null;
  readonly other: string;
  readonly preview: Preview;
  readonly granted: Granted;
  /** Why they might not be one person, in words. */
  readonly doubts: readonly string[];
  readonly decision: string;
  readonly seen: string;
}

export function MergePage(props: MergePageProps) {
  const { page, customer, name, other, preview, granted, doubts, decision, seen } = props;
  const isRefused = preview.after.length > 1;
  return (
    <Layout page={page} title="Merge">
      <p class="crumbs">
        <a href={`/customers/${customer}`}>{name ?? "Customer"}</a>
      </p>
      <h1>Merge two customers</h1>
      <p class="subtitle">
        What would become of both, worked out as it would be written. It can be taken back at any
        time: then each has again what was theirs.
      </p>
      {doubts.length === 0 ? null : (
        <section class="doubts" aria-labelledby="doubts">
          <h2 id="doubts">What speaks against it</h2>
          <ul>
            {doubts.map((words) => (
              <li>{words}</li>
            ))}
          </ul>
          <p class="quiet">
            A steward's word grants it all the same, but for who was called different.
          </p>
        </section>
      )}
      <section aria-labelledby="outcome">
        <h2 id="outcome">What happens</h2>
        <PreviewTable preview={preview} granted={granted} />
        <p class="quiet">
          Of consents the newest word counts, and of two words of the same moment the withdrawal.
        </p>
      </section>
      {isRefused ? (
        <p>
          <a href={`/customers/${customer}`}>Back to the customer</a>
        </p>
      ) : (
        <form class="confirm" method="post" action={`/customers/${customer}/merge`}>
          <CsrfField page={page} />
          <input type="hidden" name="with" value={other} />
          <input type="hidden" name="decision" value={decision} />
          <input type="hidden" name="seen" value={seen} />
          <label>
            Note, for whoever asks later
            <input type="text" name="note" maxlength={500} autocomplete="off" />
          </label>
          <button type="submit" class="primary">
            They are one person
          </button>
          <a href={`/customers/${customer}`}>Leave them as they are</a>
        </form>
      )}
    </Layout>
  );
}
