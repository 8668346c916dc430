/** @jsxImportSource hono/jsx */
// The line above stands in every page: where the process is started decides which tsconfig tsx reads.
import type { ConsoleAction } from "@regulars/shared/access/actions";
import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { PageContext } from "./environment.ts";
import { instantOf } from "./format.ts";

/** In the order of a morning's work. */
const PLACES: readonly { path: string; name: string; action: ConsoleAction }[] = [
  { path: "/", name: "Today", action: "days.read" },
  { path: "/exceptions", name: "Exceptions", action: "exceptions.read" },
  { path: "/settlement", name: "Settlement", action: "settlement.read" },
  { path: "/customers", name: "Customers", action: "customers.find" },
  { path: "/matches", name: "Matches", action: "matches.read" },
  { path: "/intake", name: "Intake", action: "intake.read" },
  { path: "/sources", name: "Sources", action: "sources.read" },
  { path: "/quality", name: "Quality", action: "quality.read" },
  { path: "/policy", name: "Policy", action: "policy.read" },
  { path: "/alerts", name: "Alerts", action: "days.read" },
  { path: "/audit", name: "Audit", action: "audit.read" },
  { path: "/people", name: "People", action: "people.manage" },
];

const isAt = (path: string, place: string): boolean =>
  place === "/" ? path === "/" || path.startsWith("/stores") : path.startsWith(place);

export function Layout({
  title,
  page,
  children,
}: PropsWithChildren<{ title: string; page: PageContext }>) {
  const places = PLACES.filter(({ action }) => page.may(action));
  return html`<!doctype html>${(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta
            name="htmx-config"
            content='{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"409","swap":true},{"code":"[45]..","swap":false,"error":true}]}'
          />
          <title>{`${title} · Regulars`}</title>
          <link rel="icon" href="/console/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/console/style.css" />
          <script src="/console/htmx.js" defer></script>
          <script src="/console/keys.js" defer></script>
        </head>
        <body hx-headers={JSON.stringify({ "x-csrf": page.csrf })}>
          <a class="skip" href="#main">
            Skip to content
          </a>
          <header class="top">
            <a class="brand" href="/">
              <img src="/console/icon.svg" alt="" width="22" height="22" />
              Regulars
            </a>
            <nav aria-label="Console">
              <ul>
                {places.map(({ path, name }) => (
                  <li>
                    <a href={path} aria-current={isAt(page.path, path) ? "page" : undefined}>
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            <Person page={page} />
          </header>
          <main id="main">{children}</main>
        </body>
      </html>
    )}`;
}

function Person({ page }: { page: PageContext }) {
  return (
    <form class="person" method="post" action="/sign-out">
      <CsrfField page={page} />
      <span class="quiet">{page.person.name}</span>
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
