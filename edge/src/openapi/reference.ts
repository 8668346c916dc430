/** The reference page: the OpenAPI document, written out. No script, no request to anywhere else. */
import { html, raw } from "hono/html";
import { z } from "zod";
import { type Entry, operationPart, operationSchema } from "./reference-operation.ts";
import { fieldsPart, jsonSchema } from "./reference-schema.ts";
import { type Html, inlineCode } from "./reference-text.ts";

const documentSchema = z.object({
  info: z.object({ title: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), jsonSchema),
    securitySchemes: z.record(z.string(), z.object({ description: z.string() })),
  }),
});
type Document = z.infer<typeof documentSchema>;

interface Group {
  readonly name: string;
  readonly description: string;
  readonly entries: readonly Entry[];
}

export function referencePage(openApi: object): string {
  const document = documentSchema.parse(openApi);
  const { info, components } = document;
  const groups = groupsOf(document);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${info.title} · API reference</title>
        <link rel="stylesheet" href="/reference/style.css" />
      </head>
      <body>
        ${contentsPart(groups)}
        <main id="top">
          ${beginningPart(document)}
          ${groups.map(
            ({ name, description, entries }) =>
              html`<section id="${anchor(name)}">
                <h2>${name}</h2>
                <p class="lead">${description}</p>
                ${entries.map((entry) => operationPart(entry, components.schemas))}
              </section>`,
          )}
          ${schemasPart(components.schemas)}
        </main>
      </body>
    </html>`;
  // oxlint-disable-next-line typescript/no-base-to-string -- it is a string, with a mark that it is escaped
  return page.toString().replaceAll(/>\s*\n\s*</g, ">\n<"); // half of it would be indentation
}

function groupsOf({ tags, paths }: Document): Group[] {
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method, path, operation })),
  );
  return tags.map(({ name, description }) => ({
    name,
    description,
    entries: entries.filter(({ operation }) => operation.tags.includes(name)),
  }));
}

const anchor = (name: string): string => name.toLowerCase().replaceAll(" ", "-");
const SHORT: Readonly<Record<string, string>> = { delete: "DEL" };

/** At the side; on a phone a menu that opens. */
function contentsPart(groups: readonly Group[]): Html {
  const list = html`<ul>
    <li><a href="#begin">Begin here</a></li>
    ${groups.map(
      ({ name, entries }) =>
        html`<li>
          <a href="#${anchor(name)}">${name}</a>
          <ul>
            ${entries.map(
              ({ method, operation }) =>
                html`<li>
                  <a href="#${operation.operationId}"
                    ><span class="verb ${method}">${SHORT[method] ?? method.toUpperCase()}</span
                    ><span>${operation.summary}</span></a
                  >
                </li>`,
            )}
          </ul>
        </li>`,
    )}
    <li><a href="#schemas">Schemas</a></li>
  </ul>`;
  return html`<nav aria-label="Contents">
    <a class="brand" href="#top"
      ><span class="dot"></span>Regulars <span class="quiet">API</span></a
    >
    <details class="menu">
      <summary>Contents</summary>
      ${list}
    </details>
    <div class="side">${list}</div>
  </nav>`;
}

function beginningPart({ info, components }: Document): Html {
  const [first = "", ...more] = info.description.split("\n\n");
  return html`<header>
      <h1>${info.title}</h1>
      <p class="lead">${first}</p>
      <p class="quiet">For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
    </header>
    <section id="begin" class="begin">
      <h2>Begin here</h2>
      ${more.map((text) => html`<p>${raw(inlineCode(text))}</p>`)}
      <h4>Who calls</h4>
      <p>
        A call carries a token: <code>Authorization: Bearer …</code>. Beside each operation stands
        whose tokens it takes. A browser's socket, which cannot set a header, sends it as the
        sub-protocol after <code>bearer</code>; a token in a URL is none.
      </p>
      <dl class="fields">
        ${Object.entries(components.securitySchemes).map(
          ([name, { description }]) =>
            html`<div>
              <dt><code>${name}</code></dt>
              <dd>${raw(inlineCode(description))}</dd>
            </div>`,
        )}
      </dl>
    </section>`;
}

function schemasPart(schemas: Document["components"]["schemas"]): Html {
  return html`<section id="schemas">
    <h2>Schemas</h2>
    ${Object.entries(schemas).map(
      ([name, schema]) =>
        html`<details class="schema">
          <summary><code>${name}</code></summary>
          <div id="schema-${name}">${fieldsPart(schema)}</div>
        </details>`,
    )}
  </section>`;
}
