/** @jsxImportSource hono/jsx */
// The line above stands in every page: where the process is started decides which tsconfig tsx reads.
import { html } from "hono/html";
import { instantOf } from "./format.ts";
import type { PropsWithChildren } from "hono/jsx";

export function Layout({ title, children }: PropsWithChildren<{ title: string }>) {
  return html`<!doctype html>${(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${title} · Regulars`}</title>
          <link rel="icon" href="/console/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/console/style.css" />
        </head>
        <body>
          <header class="top">
            <a class="brand" href="/">
              <img src="/console/icon.svg" alt="" width="22" height="22" />
              Regulars
            </a>
            <form class="find" method="post" action="/find" role="search">
              <input
                name="known-by"
                type="search"
                required
                maxlength={200}
                autocomplete="off"
                aria-label="Find a customer by card, e-mail or phone"
                placeholder="Card, e-mail or phone"
              />
              <button type="submit">Find</button>
            </form>
          </header>
          <main>{children}</main>
        </body>
      </html>
    )}`;
}

export function Figure({
  label,
  note,
  children,
}: PropsWithChildren<{ label: string; note?: string }>) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <strong>{children}</strong>
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
