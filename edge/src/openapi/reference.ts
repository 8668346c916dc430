/** The reference page: the OpenAPI document, written out. No script, no request to anywhere else. */
import { html, raw } from "hono/html";
import { z } from "zod";

type Html = ReturnType<typeof html>;

const jsonSchema = z.looseObject({});
type JsonSchema = z.infer<typeof jsonSchema>;
const contentSchema = z.record(z.string(), z.object({ schema: jsonSchema }));
const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string(),
  security: z.array(z.unknown()),
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.string(),
      required: z.boolean(),
      description: z.string().optional(),
      schema: jsonSchema,
    }),
  ),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: contentSchema.optional() }),
  ),
});
type Operation = z.infer<typeof operationSchema>;
const documentSchema = z.object({
  info: z.object({ title: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), jsonSchema) }),
});

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function referencePage(openApi: object): string {
  const { info, tags, paths, components } = documentSchema.parse(openApi);
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method, path, operation })),
  );
  const byTag = tags.map(({ name }) => ({
    name,
    entries: entries.filter(({ operation }) => operation.tags.includes(name)),
  }));
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
        <nav aria-label="Contents">
          <a class="brand" href="#top"><span class="dot"></span>Regulars</a>
          <ul>
            ${byTag.map(
              ({ name, entries: of }) =>
                html`<li>
                  <a href="#${anchor(name)}">${name}</a>
                  <ul>
                    ${of.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
                  </ul>
                </li>`,
            )}
            <li><a href="#schemas">Schemas</a></li>
          </ul>
        </nav>
        <main id="top">
          <h1>${info.title}</h1>
          <p class="lead">${info.description}</p>
          <p class="quiet">For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
          ${byTag.map(
            ({ name, entries: of }) =>
              html`<section id="${anchor(name)}">
                <h2>${name}</h2>
                ${of.map((entry) => operationPart(entry))}
              </section>`,
          )}
          <section id="schemas">
            <h2>Schemas</h2>
            ${Object.entries(components.schemas).map(
              ([name, schema]) =>
                html`<details class="schema" id="schema-${name}">
                  <summary><code>${name}</code></summary>
                  ${schemaPart(schema)}
                </details>`,
            )}
          </section>
        </main>
      </body>
    </html>`;
  // oxlint-disable-next-line typescript/no-base-to-string -- it is a string, with a mark that it is escaped
  return page.toString();
}

const anchor = (name: string): string => name.toLowerCase().replaceAll(" ", "-");

function operationPart({ method, path, operation }: Entry): Html {
  const { operationId, summary, description, security, parameters, requestBody, responses } =
    operation;
  return html`<article id="${operationId}">
    <h3>${summary}</h3>
    <p class="route">
      <span class="method ${method}">${method.toUpperCase()}</span>
      <code>${raw(breakable(path))}</code>
      ${security.length === 0 ? html`<span class="open">no token</span>` : ""}
    </p>
    ${description.split("\n\n").map((text) => (text === "" ? "" : html`<p>${raw(inlineCode(text))}</p>`))}
    ${parameters.length === 0 ? "" : parametersPart(parameters)}
    ${requestBody ? bodyPart("Body", requestBody.content) : ""}
    <h4>Answers</h4>
    <ul class="answers">
      ${Object.entries(responses).map(
        ([status, answer]) =>
          html`<li>
            <span class="status s${status.charAt(0)}">${status}</span>
            <div>
              ${raw(inlineCode(answer.description))}${answer.content && status < "400" ? bodyPart("", answer.content) : ""}
            </div>
          </li>`,
      )}
    </ul>
  </article>`;
}

function parametersPart(parameters: Operation["parameters"]): Html {
  return html`<h4>Parameters</h4>
    <dl>
      ${parameters.map(
        (each) =>
          html`<div>
            <dt>
              <code>${each.name}</code>
              <span class="quiet">${each.in}${each.required ? "" : ", optional"}</span>
            </dt>
            <dd>
              ${raw(inlineCode(each.description ?? ""))}
              <span class="type">${typeText(each.schema)}</span>
            </dd>
          </div>`,
      )}
    </dl>`;
}

function bodyPart(title: string, content: z.infer<typeof contentSchema>): Html {
  return html`${Object.entries(content).map(
    ([type, { schema }]) =>
      html`${title === "" ? "" : html`<h4>${title}</h4>`} ${schemaOrLink(schema, type)}`,
  )}`;
}

function schemaOrLink(schema: JsonSchema, type: string): Html {
  const name = refName(schema);
  if (name !== null) {
    return html`<p class="body">
      <a href="#schema-${name}"><code>${name}</code></a> <span class="quiet">${type}</span>
    </p>`;
  }
  return html`<details>
    <summary>${typeText(schema)} <span class="quiet">${type}</span></summary>
    ${schemaPart(schema)}
  </details>`;
}

const schemaPart = (schema: JsonSchema): Html =>
  html`<pre>${JSON.stringify(schema, null, 2)}</pre>`;

function refName(schema: JsonSchema): string | null {
  const ref = schema["$ref"];
  return typeof ref === "string" ? (ref.split("/").at(-1) ?? null) : null;
}

function typeText(schema: JsonSchema): string {
  const values = schema["enum"];
  if (Array.isArray(values)) return values.map(String).join(" | ");
  const type = schema["type"];
  return typeof type === "string" ? type : "one of several";
}

/** Escaped, then code between backticks set as code. */
const inlineCode = (text: string): string => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const breakable = (path: string): string => escaped(path).replaceAll("/", "/<wbr />");

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
