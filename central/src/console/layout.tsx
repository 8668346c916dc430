/** @jsxImportSource hono/jsx */
// The line above stands in every page: where the process is started decides which tsconfig tsx reads.
import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { PageContext } from "./environment.ts";
import { instantOf } from "./format.ts";
import { Places } from "./places.tsx";

/** Nothing is evaluated. What was refused is shown as well: the answer says where (errors/answer.tsx). */
const HTMX_CONFIG = {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
};

/** A page of the console: the places at its side, or behind the button Menu where the screen is narrow. */
export function Layout({
  title,
  page,
  children,
}: PropsWithChildren<{ title: string; page: PageContext }>) {
  return (
    <Document title={title}>
      <body hx-headers={JSON.stringify({ "x-csrf": page.csrf })}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <nav class="places" id="places" popover="auto" aria-label="Console">
          <Brand />
          <Places page={page} />
          <SignedIn page={page} />
        </nav>
        <header class="top">
          <Brand />
          <button type="button" class="menu" popovertarget="places">
            Menu
          </button>
          <Find page={page} />
        </header>
        <main id="main" tabindex={-1}>
          <div id="refused" role="alert"></div>
          {children}
        </main>
      </body>
    </Document>
  );
}

/** A page for whoever has not signed in: no places, nobody's name. */
export function LayoutAlone({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <Document title={title}>
      <body class="alone">
        <main id="main">{children}</main>
      </body>
    </Document>
  );
}

function Document({ title, children }: PropsWithChildren<{ title: string }>) {
  return html`<!doctype html>${(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content={JSON.stringify(HTMX_CONFIG)} />
          <title>{`${title} · Regulars`}</title>
          <link rel="icon" href="/console/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/console/style.css" />
          <script src="/console/htmx.js" defer></script>
          <script src="/console/keys.js" defer></script>
        </head>
        {children}
      </html>
    )}`;
}

function Brand() {
  return (
    <a class="brand" href="/">
      <img src="/console/icon.svg" alt="" width="22" height="22" />
      Regulars
    </a>
  );
}

/** By POST, so that what somebody is known by stands in no address, history or log (SEC2). */
function Find({ page }: { page: PageContext }) {
  if (!page.may("customers.find")) return null;
  return (
    <form class="find" method="post" action="/find" role="search" aria-label="Customers">
      <CsrfField page={page} />
      <input
        type="search"
        name="known-by"
        required
        maxlength={200}
        autocomplete="off"
        spellcheck={false}
        placeholder="Card number, e-mail, phone or id"
        aria-label="Find a customer"
        data-key="/"
      />
      <button type="submit">Find</button>
    </form>
  );
}

function SignedIn({ page }: { page: PageContext }) {
  return (
    <form class="person" method="post" action="/sign-out">
      <CsrfField page={page} />
      <span title={page.person.roles.join(", ")}>{page.person.name}</span>
      <button type="submit" class="plain">
        Sign out
      </button>
    </form>
  );
}

/** In every form that changes something. */
export function CsrfField({ page }: { page: PageContext }) {
  return <input type="hidden" name="csrf" value={page.csrf} />;
}

/** A figure that leads to the rows behind it, where there are any. */
export function Figure({
  label,
  note,
  href,
  children,
}: PropsWithChildren<{ label: string; note?: string; href?: string }>) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <strong>{href === undefined ? children : <a href={href}>{children}</a>}</strong>
        {note === undefined ? null : <span>{note}</span>}
      </dd>
    </div>
  );
}

/** A time for people, with the instant for machines. */
export function Time({ ms, children }: PropsWithChildren<{ ms: number }>) {
  const instant = instantOf(ms).toISOString();
  return (
    <time datetime={instant} title={instant}>
      {children}
    </time>
  );
}
