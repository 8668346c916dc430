/** One operation on the reference page: what it is about on one side, what is sent and answered on the other. */
import { html, raw } from "hono/html";
import { z } from "zod";
import {
  exampleOf,
  fieldsPart,
  type JsonSchema,
  jsonSchema,
  refName,
  type Schemas,
  typeText,
} from "./reference-schema.ts";
import { breakable, escaped, type Html, inlineCode, jsonText } from "./reference-text.ts";

const contentSchema = z.record(
  z.string(),
  z.object({ schema: jsonSchema, example: z.unknown().optional() }),
);
type Content = z.infer<typeof contentSchema>;

export const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.string(),
      required: z.boolean(),
      description: z.string().optional(),
      example: z.string().optional(),
      schema: jsonSchema,
    }),
  ),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: contentSchema.optional() }),
  ),
});
export type Operation = z.infer<typeof operationSchema>;

export interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function operationPart({ method, path, operation }: Entry, schemas: Schemas): Html {
  const { operationId, summary, description, parameters, requestBody } = operation;
  return html`<article id="${operationId}">
    <div class="about">
      <h3><a href="#${operationId}">${summary}</a></h3>
      <p class="route">
        <span class="method ${method}">${method.toUpperCase()}</span>
        <code>${raw(breakable(path))}</code>
      </p>
      ${description.split("\n\n").map((text) => (text === "" ? "" : html`<p>${raw(inlineCode(text))}</p>`))}
      ${callersPart(operation)} ${parameters.length === 0 ? "" : parametersPart(parameters)}
      ${
        requestBody
          ? html`<h4>Body</h4>
              ${bodyPart(requestBody.content, schemas)}`
          : ""
      }
      ${answersPart(operation.responses)}
    </div>
    <div class="shown">
      ${requestExample(method, path, operation, schemas)} ${answerExample(operation, schemas)}
    </div>
  </article>`;
}

const CALLERS: Readonly<Record<string, string>> = {
  till: "till",
  customer: "customer",
  associate: "associate",
  desk: "service desk",
  centre: "centre",
};

function callersPart({ security }: Operation): Html {
  const names = security.flatMap((each) =>
    Object.entries(each).flatMap(([scheme, scopes]) => {
      if (scheme === "apiKeyBasic") return [];
      return scheme === "apiKey"
        ? scopes.map((scope) => html`<li>API key <code>${scope}</code></li>`)
        : [html`<li>${CALLERS[scheme] ?? scheme}</li>`];
    }),
  );
  return html`<ul class="callers" aria-label="Who may call">
    ${names.length === 0 ? html`<li class="open">no token needed</li>` : names}
  </ul>`;
}

function parametersPart(parameters: Operation["parameters"]): Html {
  return html`<h4>Parameters</h4>
    <dl class="fields">
      ${parameters.map(
        (each) =>
          html`<div>
            <dt>
              <code>${each.name}</code>
              <span class="type">${raw(typeText(each.schema))}</span>
              <span class="optional">${each.in}${each.required ? "" : ", optional"}</span>
            </dt>
            ${each.description ? html`<dd>${raw(inlineCode(each.description))}</dd>` : ""}
          </div>`,
      )}
    </dl>`;
}

/** With its fields, also where they have a name: whoever sends it needs them. */
function bodyPart(content: Content, schemas: Schemas): Html {
  return html`${Object.entries(content).map(([type, { schema }]) => {
    const named = schemas[refName(schema) ?? ""] ?? schema;
    return html`<p class="body">${kindOf(schema)} <span class="quiet">${type}</span></p>
      ${fieldsPart(named)}`;
  })}`;
}

/** Of an object that has no name, its fields say all. */
const kindOf = (schema: JsonSchema): Html | "" =>
  schema["type"] === "object" ? "" : html`<span>${raw(typeText(schema))}</span>`;

function contentPart(content: Content): Html {
  return html`${Object.entries(content).map(([type, { schema }]) => {
    const name = refName(schema);
    const fields = fieldsPart(schema);
    return html`<p class="body">${kindOf(schema)} <span class="quiet">${type}</span></p>
      ${name === null ? fields : ""}`;
  })}`;
}

function answersPart(responses: Operation["responses"]): Html {
  const all = Object.entries(responses);
  const good = all.filter(([status]) => status < "400");
  const refusals = all.filter(([status]) => status >= "400");
  const rowOf = ([status, answer]: (typeof all)[number]): Html =>
    html`<li>
      <span class="status s${status.charAt(0)}">${status}</span>
      <div>
        ${raw(inlineCode(answer.description))}
        ${answer.content && status < "400" ? contentPart(answer.content) : ""}
      </div>
    </li>`;
  return html`<h4>Answers</h4>
    <ul class="answers">
      ${good.map(rowOf)}
    </ul>
    ${
      refusals.length === 0
        ? ""
        : html`<details class="refusals">
            <summary>
              Refusals <span class="quiet">${refusals.map(([status]) => status).join(" · ")}</span>
            </summary>
            <ul class="answers">
              ${refusals.map(rowOf)}
            </ul>
          </details>`
    }`;
}

const isJson = (type: string): boolean => type.includes("json");
const isLines = (type: string): boolean => type.includes("ndjson");

function requestExample(
  method: string,
  path: string,
  { parameters, requestBody, security }: Operation,
  schemas: Schemas,
): Html {
  const at = path.replace(/\{(\w+)\}/g, (all, name: string) => {
    const { example } = parameters.find((each) => each.name === name) ?? {};
    return example ?? all;
  });
  const query = parameters.filter((each) => each.in === "query" && each.required);
  const search = query.map(({ name }) => `${name}=…`).join("&");
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const verb =
    method === "get" || (method === "post" && content) ? "" : ` -X ${method.toUpperCase()}`;
  const lines = [`curl${verb} "$EDGE${at}${search === "" ? "" : `?${search}`}"`];
  if (security.length > 0) lines.push(`-H "authorization: Bearer $TOKEN"`);
  if (type !== undefined) lines.push(`-H "content-type: ${type}"`);
  const data = content && type !== undefined ? bodyText(content, type, schemas) : "";
  const head = escaped(lines.join(" \\\n  "));
  return codePart("Request", data === "" ? head : `${head} \\\n  -d '${data}'`);
}

function bodyText(content: Content[string], type: string, schemas: Schemas): string {
  const example = content.example ?? exampleOf(content.schema, schemas);
  return isLines(type) && Array.isArray(example)
    ? example.map((line) => escaped(JSON.stringify(line))).join("\n")
    : jsonText(example);
}

function answerExample({ responses }: Operation, schemas: Schemas): Html | "" {
  const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
  const [type, content] = Object.entries(answer?.content ?? {})[0] ?? [];
  if (status === undefined || type === undefined || !content) return "";
  const example = content.example ?? exampleFor(type, content.schema, schemas);
  if (example === undefined) return "";
  return codePart(status, typeof example === "string" ? escaped(example) : jsonText(example));
}

function exampleFor(type: string, schema: JsonSchema, schemas: Schemas): unknown {
  if (type === "text/event-stream") return STREAM;
  return isJson(type) ? exampleOf(schema, schemas) : undefined;
}

const STREAM = `retry: 3000

event: profile
id: 7
data: {"customer":"cK3x…","version":7,"profile":{…}}

event: end
data: {"reason":"token_expired"}
`;

const codePart = (title: string, code: string): Html =>
  html`<figure>
    <figcaption>${title}</figcaption>
    <pre tabindex="0"><code>${raw(code)}</code></pre>
  </figure>`;
