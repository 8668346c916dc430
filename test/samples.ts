/** Messages made from their own schemas: a sample of each form that a schema allows, for tests of all of them. */
import fc from "fast-check";
import { z } from "zod";

const nodeSchema = z.looseObject({
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  type: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.int().optional(),
  minimum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  propertyNames: z.unknown().optional(),
  items: z.unknown().optional(),
});

/** Valid values, at least one for each branch of the schema's unions. */
export function samplesOf(schema: z.ZodType): unknown[] {
  return formsOf(z.toJSONSchema(schema)).filter((value) => schema.safeParse(value).success);
}

function formsOf(json: unknown): unknown[] {
  const node = nodeSchema.parse(json);
  if (node.const !== undefined) return [node.const];
  if (node.enum) return node.enum.slice(0, 1);
  const branches = node.anyOf ?? node.oneOf;
  if (branches) return branches.flatMap(formsOf);
  switch (node.type) {
    case "string":
      return textsOf(node);
    case "integer":
    case "number":
      return [Math.max(node.minimum ?? 1, 1)];
    case "boolean":
      return [true];
    case "array":
      return node.items === undefined ? [[]] : formsOf(node.items).map((item) => [item]);
    case "object":
      return objectsOf(node);
    default:
      return [null];
  }
}

function textsOf({ pattern, minLength }: z.infer<typeof nodeSchema>): string[] {
  if (pattern === undefined) return ["x".repeat(minLength ?? 4)];
  if (pattern.includes("-02-29"))
    return [pattern.includes("T") ? "2026-01-02T03:04:05Z" : "2026-01-02"];
  return fc.sample(fc.stringMatching(new RegExp(pattern), { size: "small" }), {
    seed: 1,
    numRuns: 3,
  });
}

/** As many objects as the property with the most forms has; the others repeat theirs. */
function objectsOf(node: z.infer<typeof nodeSchema>): object[] {
  const properties = Object.entries(node.properties ?? {}).map(
    ([name, inner]) => [name, formsOf(inner)] as const,
  );
  if (node.additionalProperties) {
    const [name = "key"] = node.propertyNames ? formsOf(node.propertyNames) : [];
    properties.push([String(name), formsOf(node.additionalProperties)]);
  }
  const count = Math.max(1, ...properties.map(([, forms]) => forms.length));
  return Array.from({ length: count }, (_, at) =>
    Object.fromEntries(properties.map(([name, forms]) => [name, forms[at % forms.length]])),
  );
}

/** A copy of the value for each place in it, with what `change` makes of that place. */
export function changedEverywhere(
  value: unknown,
  change: (inner: unknown) => unknown[],
): unknown[] {
  const here = change(value);
  if (value === null || typeof value !== "object") return here;
  const inside = Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    changedEverywhere(inner, change).map((changed) =>
      Array.isArray(value) ? value.with(Number(name), changed) : { ...value, [name]: changed },
    ),
  );
  return [...here, ...inside];
}
