/** @jsxImportSource hono/jsx */
// Letting a till in, and shutting one out.
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { describedBy, Facts, Field, Notice } from "../parts.tsx";
import { sourceHref } from "./sources-table.tsx";

export interface EnrolValues {
  readonly source: string;
  readonly store: string;
}

export interface EnrolPageProps {
  readonly page: PageContext;
  readonly values: EnrolValues;
  /** By field. */
  readonly errors: Partial<Record<keyof EnrolValues, string>>;
  /** What went wrong at the edge, in words. */
  readonly failure: string | null;
}

const HINT = "Lower-case letters, digits and dashes, such as store-014-till-2.";
const STORE_HINT = "As its other tills say it, such as store-014.";

export function EnrolPage({ page, values, errors, failure }: EnrolPageProps) {
  const source = {
    id: "source",
    label: "Name of the till",
    hint: HINT,
    error: errors.source ?? null,
  };
  const store = { id: "store", label: "Store", hint: STORE_HINT, error: errors.store ?? null };
  return (
    <Layout page={page} title="Let a till in">
      <p class="crumbs">
        <a href="/sources">All sources</a>
      </p>
      <h1>Let a till in</h1>
      <p class="subtitle">
        It gets a code that one till can use once, within a quarter of an hour.
      </p>
      {failure === null ? null : <Notice tone="bad">{failure}</Notice>}
      <form class="form spaced" method="post" action="/sources/enrol">
        <CsrfField page={page} />
        <Field {...source}>
          <input
            name="source"
            required
            maxlength={64}
            value={values.source}
            autocomplete="off"
            {...describedBy(source)}
          />
        </Field>
        <Field {...store}>
          <input
            name="store"
            required
            maxlength={64}
            value={values.store}
            autocomplete="off"
            {...describedBy(store)}
          />
        </Field>
        <p class="actions">
          <button type="submit" class="primary">
            Make a code
          </button>
          <a class="button" href="/sources">
            Cancel
          </a>
        </p>
      </form>
    </Layout>
  );
}

export function CodePage(props: {
  page: PageContext;
  values: EnrolValues;
  code: string;
  expiresAt: string;
}) {
  const { page, values, code, expiresAt } = props;
  return (
    <Layout page={page} title="Code for a till">
      <p class="crumbs">
        <a href="/sources">All sources</a>
      </p>
      <h1>Code for {values.source}</h1>
      <Notice tone="waiting">
        This code is shown once. Whoever has it becomes {values.source} of {values.store}: tell it
        to nobody but who stands at the till.
      </Notice>
      <p class="code">{code}</p>
      <Facts
        facts={[
          ["Till", values.source],
          ["Store", values.store],
          ["Good until", `${formatTime(Date.parse(expiresAt), null)} UTC`],
        ]}
      />
      <section aria-labelledby="next">
        <h2 id="next">What to do next</h2>
        <ol>
          <li>Start the store agent at the till, with this name and this store in its settings.</li>
          <li>Type the code where the agent asks for it, or give it as its enrolment code.</li>
          <li>
            Look at <a href={sourceHref(values.source)}>{values.source}</a> here: with its first
            push it says that it has been seen.
          </li>
          <li>If the code was not used in time, make another one: the newest is the only one.</li>
        </ol>
      </section>
    </Layout>
  );
}

export function RevokePage(props: { page: PageContext; source: string; failure: string | null }) {
  const { page, source, failure } = props;
  return (
    <Layout page={page} title={`Shut out ${source}`}>
      <p class="crumbs">
        <a href={sourceHref(source)}>{source}</a>
      </p>
      <h1>Shut out {source}?</h1>
      {failure === null ? null : <Notice tone="bad">{failure}</Notice>}
      <ul>
        <li>From this second on the edge refuses what it sends, and tells it nothing more.</li>
        <li>
          What it has captured and not sent stays on its disk, and can be sent once it is let in
          again.
        </li>
        <li>What it has sent stays here. Codes that were made for it no longer work.</li>
      </ul>
      <form method="post" action={`${sourceHref(source)}/revoke`}>
        <CsrfField page={page} />
        <p class="actions">
          <button type="submit" class="danger">
            Shut it out
          </button>
          <a class="button" href={sourceHref(source)}>
            Keep it
          </a>
        </p>
      </form>
    </Layout>
  );
}
