/** Values that a JSON Schema describes, and values near them that it does not. */
import fc from "fast-check";
import type { ApiDocument, Schema } from "./document.ts";

const DEPTH = 5;

export function fromSchema(
  document: ApiDocument,
  schema: Schema,
  depth = 0,
): fc.Arbitrary<unknown> {
  const inner = (part: unknown): fc.Arbitrary<unknown> =>
    depth >= DEPTH || !isSchema(part) ? fc.jsonValue() : fromSchema(document, part, depth + 1);
  const { examples, ...plain } = schema;
  if (Array.isArray(examples)) {
    const valid = fc.constantFrom(...(examples as unknown[]));
    return fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: inner(plain) });
  }
  const reference = schema["$ref"];
  if (typeof reference === "string") return inner(resolve(document, reference));
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  const either = [schema["anyOf"], schema["oneOf"]].find((parts) => Array.isArray(parts));
  if (either) return fc.oneof(...(either as unknown[]).map(inner));
  if (Array.isArray(schema["allOf"])) {
    const parts = (schema["allOf"] as unknown[]).map(inner);
    return fc.tuple(...parts).map((values) => Object.assign({}, ...values) as unknown);
  }
  const { type } = schema;
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((each: unknown) => inner({ ...schema, type: each })));
  }
  switch (type) {
    case "object":
      return objectOf(schema, inner);
    case "array":
      return fc.array(inner(schema["items"] ?? {}), {
        minLength: numberOf(schema["minItems"], 0),
        maxLength: Math.min(numberOf(schema["maxItems"], 3), numberOf(schema["minItems"], 0) + 3),
      });
    case "string":
      return textOf(schema);
    case "integer":
      return fc.integer({
        min: Math.max(numberOf(schema["minimum"], -1_000), Number.MIN_SAFE_INTEGER),
        max: Math.min(numberOf(schema["maximum"], 1_000_000), Number.MAX_SAFE_INTEGER),
      });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
}

/** Almost: one part of it replaced by something else. */
export function nearly(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(value, fc.jsonValue(), fc.nat()).map(([whole, other, at]) => {
    if (typeof whole !== "object" || whole === null) return other;
    const names = Object.keys(whole);
    const name = names[at % Math.max(1, names.length)] ?? "more";
    return Array.isArray(whole) ? [...(whole as unknown[]), other] : { ...whole, [name]: other };
  });
}

function objectOf(schema: Schema, inner: (part: unknown) => fc.Arbitrary<unknown>) {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [];
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, inner(part)])),
    { requiredKeys: required.filter((name) => name in properties) },
  );
  const more = schema["additionalProperties"];
  if (!isSchema(more)) return known;
  return fc
    .tuple(
      known,
      fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), inner(more), { maxKeys: 3 }),
    )
    .map(([one, two]) => ({ ...two, ...one }));
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  const { pattern, format } = schema;
  if (format === "date-time") return anyDate().map((date) => date.toISOString());
  if (format === "date") return anyDate().map((date) => date.toISOString().slice(0, 10));
  if (format === "uri" || format === "url") return fc.webUrl();
  if (format === "email") return fc.emailAddress();
  if (typeof pattern === "string") return fc.stringMatching(new RegExp(pattern, "u"));
  const minLength = numberOf(schema["minLength"], 0);
  return fc.string({
    unit: "grapheme",
    minLength,
    maxLength: Math.min(numberOf(schema["maxLength"], minLength + 40), minLength + 40),
  });
}

const anyDate = () =>
  fc.date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function resolve(document: ApiDocument, reference: string): Schema {
  const found = document.components?.schemas?.[reference.replace("#/components/schemas/", "")];
  if (!found) throw new Error(`the document refers to ${reference}, which is not in it`);
  return found;
}
