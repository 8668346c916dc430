/** Schemas for people: fields with their types and words, and an example of what fits. */
import { html, raw } from "hono/html";
import { z } from "zod";
import { escaped, type Html, inlineCode } from "./reference-text.ts";

export const jsonSchema = z.looseObject({});
export type JsonSchema = z.infer<typeof jsonSchema>;
export type Schemas = Readonly<Record<string, JsonSchema>>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const schemasIn = (value: unknown): JsonSchema[] =>
  Array.isArray(value) ? value.filter((each) => isSchema(each)) : [];
const partsOf = (schema: JsonSchema): JsonSchema[] =>
  schemasIn(schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"]);
const isNull = (schema: JsonSchema): boolean => schema["type"] === "null";
const propertiesOf = (schema: JsonSchema): [string, JsonSchema][] =>
  isSchema(schema["properties"])
    ? Object.entries(schema["properties"]).flatMap(([name, part]) =>
        isSchema(part) ? [[name, part] as [string, JsonSchema]] : [],
      )
    : [];

export function refName(schema: JsonSchema): string | null {
  const ref = schema["$ref"];
  return typeof ref === "string" ? (ref.split("/").at(-1) ?? null) : null;
}

/** What kind of value, in a few words; HTML. */
export function typeText(schema: JsonSchema): string {
  const name = refName(schema);
  if (name !== null) return `<a href="#schema-${name}">${name}</a>`;
  if ("const" in schema) return `<code>${escaped(JSON.stringify(schema["const"]))}</code>`;
  const values = schema["enum"];
  if (Array.isArray(values)) {
    return values.map((value) => `<code>${escaped(String(value))}</code>`).join(" ");
  }
  const parts = partsOf(schema);
  if (parts.length > 0) {
    const others = parts.filter((part) => !isNull(part));
    const words = others.length > 3 ? `one of ${others.length} forms` : orOf(others.map(typeText));
    return others.length < parts.length ? `${words} or null` : words;
  }
  if (schema["type"] === "array") {
    return isSchema(schema["items"]) ? `list of ${typeText(schema["items"])}` : "list";
  }
  const each = schema["additionalProperties"];
  if (schema["type"] === "object" && isSchema(each) && propertiesOf(schema).length === 0) {
    return `${typeText(each)} by name`;
  }
  return scalarText(schema);
}

const orOf = (words: readonly string[]): string => [...new Set(words)].join(" or ");

function scalarText({ type, format, maxLength, minimum, maximum }: JsonSchema): string {
  if (typeof type !== "string") return "any value";
  const words = type === "string" ? (FORMATS[String(format)] ?? "text") : (TYPES[type] ?? type);
  const low = typeof minimum === "number" && minimum > Number.MIN_SAFE_INTEGER ? minimum : null;
  const high = typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? maximum : null;
  if (low !== null && high !== null) return `${words}, ${low} to ${high}`;
  if (low !== null) return `${words}, ${low} or more`;
  return typeof maxLength === "number" ? `${words}, up to ${maxLength} characters` : words;
}
const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "moment (ISO 8601)",
  date: "day (ISO 8601)",
  uri: "URL",
};
const TYPES: Readonly<Record<string, string>> = {
  boolean: "true or false",
  integer: "whole number",
};

/** A table of fields; of several forms one after the other. */
export function fieldsPart(schema: JsonSchema): Html | "" {
  const inner = innerOf(schema);
  if (inner.length > 1) {
    return html`<div class="forms">
      ${inner.map(
        (part) =>
          html`<details>
            <summary>${titleOf(part)}</summary>
            ${fieldsPart(part)}
          </details>`,
      )}
    </div>`;
  }
  const [only] = inner;
  const properties = only ? propertiesOf(only) : [];
  if (!only || properties.length === 0) return "";
  const required = Array.isArray(only["required"]) ? only["required"] : [];
  return html`<dl class="fields">
    ${properties.map(([name, part]) => fieldRow(name, part, required.includes(name)))}
  </dl>`;
}

function fieldRow(name: string, part: JsonSchema, isRequired: boolean): Html {
  const words = part["description"];
  const inner = fieldsPart(part);
  return html`<div>
    <dt>
      <code>${name}</code>
      <span class="type">${raw(typeText(part))}</span>
      ${isRequired ? "" : html`<span class="optional">optional</span>`}
    </dt>
    ${typeof words === "string" ? html`<dd>${raw(inlineCode(words))}</dd>` : ""}
    ${
      inner === ""
        ? ""
        : html`<dd>
            <details>
              <summary>Fields</summary>
              ${inner}
            </details>
          </dd>`
    }
  </div>`;
}

/** Objects within: what is in a list, what may be null, the forms that it may have. */
function innerOf(schema: JsonSchema): JsonSchema[] {
  if (refName(schema) !== null) return [];
  const parts = partsOf(schema).filter((part) => !isNull(part));
  if (parts.length > 0) return parts.flatMap(innerOf);
  if (isSchema(schema["items"])) return innerOf(schema["items"]);
  if (propertiesOf(schema).length > 0) return [schema];
  return isSchema(schema["additionalProperties"]) ? innerOf(schema["additionalProperties"]) : [];
}

/** By the field that tells the forms apart. */
function titleOf(schema: JsonSchema): string {
  const constant = propertiesOf(schema).find(([, part]) => "const" in part);
  return constant ? `${constant[0]}: ${String(constant[1]["const"])}` : "form";
}

const DEPTH = 7;

/** Something that fits, where no example is given: the shortest of each. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, depth = 0): unknown {
  const inner = (part: unknown): unknown =>
    isSchema(part) && depth < DEPTH ? exampleOf(part, schemas, depth + 1) : null;
  const name = refName(schema);
  if (name !== null) return inner(schemas[name]);
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0] as unknown;
  const [part] = partsOf(schema);
  if (part) return inner(part);
  const properties = propertiesOf(schema);
  switch (schema["type"]) {
    case "object":
      return Object.fromEntries(properties.map(([each, of]) => [each, NAMED[each] ?? inner(of)]));
    case "array":
      return isSchema(schema["items"]) ? [inner(schema["items"])] : [];
    case "string":
      return schema["format"] === "date-time" ? "2026-01-05T09:12:00.000Z" : "…";
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return null;
  }
}

/** What fields of these names look like. */
const NAMED: Readonly<Record<string, unknown>> = {
  account: "web-events",
  source: "till-1",
  store: "store-1",
  shop: "web-uk",
  item: "web-uk/42",
  like: "web-uk/42",
  n: 42,
  topic: "orders/updated",
  format: "shopify",
  atMs: 1_767_604_320_000,
  sinceMs: 1_767_604_320_000,
  receivedMs: 1_767_604_320_000,
  oldestMs: 1_767_604_320_000,
  dueMs: 1_770_196_320_000,
  seenMs: 1_767_604_320_000,
  goodMs: 1_767_604_320_000,
  lastSeenMs: 1_767_604_320_000,
};
