/** @jsxImportSource hono/jsx */
// What came with an item: its structure, or what it says.
import type { Child } from "hono/jsx";
import type { PageContext } from "../environment.ts";
import { CsrfField } from "../layout.tsx";
import { Notice } from "../parts.tsx";
import { maskedJson } from "./masked.ts";

interface ContentProps {
  page: PageContext;
  body: string | null;
  isRevealed: boolean;
  revealAt: string;
}

/** Structure for everybody who works here; what it says for whoever may see customers' data, and never without a trace. */
export function Content({ page, body, isRevealed, revealAt }: ContentProps) {
  return (
    <section aria-labelledby="content">
      <h2 id="content">What came</h2>
      <ContentText page={page} body={body} isRevealed={isRevealed} revealAt={revealAt} />
    </section>
  );
}

function ContentText({ page, body, isRevealed, revealAt }: ContentProps): Child {
  if (body === null) return <p class="empty">Its content has been let go.</p>;
  if (isRevealed) {
    return (
      <>
        <Notice tone="info">Shown as it came. That you looked at it stands in the audit.</Notice>
        <pre class="payload" tabindex={0}>
          {prettyOf(body)}
        </pre>
      </>
    );
  }
  const masked = maskedJson(body);
  return (
    <>
      <p class="quiet">
        {masked === null
          ? `${body.length} characters that are not JSON.`
          : "Its structure, without what it says."}
      </p>
      {masked === null ? null : (
        <pre class="payload" tabindex={0}>
          {masked}
        </pre>
      )}
      {page.may("customers.reveal") ? (
        <form method="post" action={revealAt}>
          <CsrfField page={page} />
          <button type="submit" class="plain">
            Show what it says
          </button>{" "}
          <span class="quiet">It may hold customers' data; your look stands in the audit.</span>
        </form>
      ) : (
        <p class="quiet">What it says is shown to people who may see customers' contact data.</p>
      )}
    </>
  );
}

function prettyOf(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // as it came
  }
}
