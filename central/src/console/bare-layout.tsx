/** @jsxImportSource hono/jsx */
// A page for whoever has not signed in: no navigation, no name.
import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";

export function BareLayout({ title, children }: PropsWithChildren<{ title: string }>) {
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
        <body class="bare">
          <main id="main">{children}</main>
        </body>
      </html>
    )}`;
}
