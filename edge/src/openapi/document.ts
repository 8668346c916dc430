/** The OpenAPI document of the edge, made of the descriptions of its routes. */
import { PROBLEMS, type ProblemReason, problemSchema } from "@regulars/shared/problem";
import { z } from "zod";
import { SECURITY_SCHEMES, securityOf } from "./callers.ts";
import { type DescribedAnswer, type DescribedBody, type DescribedRoute, TAGS } from "./describe.ts";

type Json = Readonly<Record<string, unknown>>;
type Names = ReadonlyMap<z.ZodType, string>;
type Direction = "input" | "output";

const JSON_TYPE = "application/json";

/** Of every route with a door. */
const AT_THE_DOOR: readonly ProblemReason[] = [
  "unauthorized",
  "not_enrolled",
  "revoked",
  "forbidden",
  "overloaded",
  "unreachable",
];

const ABOUT =
  "One profile of every customer, for app, web shop and stores; what shops, apps and platforms tell; and who may do what.\n\n" +
  "Refusals are problem details (RFC 9457): `reason` is one of a closed list, `errors` name fields and never repeat what was in " +
  "them. 429 and 503 are for a moment: come back after `Retry-After`. Times are UTC, money is in minor units.";

export function openApiDocument(
  routes: readonly DescribedRoute[],
  named: Readonly<Record<string, z.ZodType>>,
): Json {
  const schemas = { Problem: problemSchema, ...named };
  const names = new Map<z.ZodType, string>(
    Object.entries(schemas).map(([name, schema]) => [schema, name]),
  );
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
    (paths[path] ??= {})[route.method] = operationOf(route, names);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Regulars edge",
      version: "1",
      description: ABOUT,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, jsonSchemaOf(schema, "output")]),
      ),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function operationOf(route: DescribedRoute, names: Names): Json {
  const { method, path, tag, summary, description = "", action, body } = route;
  return {
    operationId: `${method}${path.replace(/[^A-Za-z]+([A-Za-z]?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [tag],
    summary,
    description,
    security: securityOf(action),
    parameters: parametersOf(route),
    ...(body ? { requestBody: { required: true, content: contentOf(body, names) } } : {}),
    responses: responsesOf(route, names),
  };
}

function contentOf({ schema, type = JSON_TYPE, more = {}, example }: DescribedBody, names: Names) {
  const forms = Object.entries(more).map(([each, other]) => [
    each,
    { schema: refOf(other, names, "input") },
  ]);
  const own = {
    schema: refOf(schema, names, "input"),
    ...(example === undefined ? {} : { example }),
  };
  return Object.fromEntries([[type, own], ...forms]) as Json;
}

function parametersOf({ path, params = {}, query, headers = {} }: DescribedRoute): Json[] {
  const inPath = [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = ""]) => {
    const { schema = z.string(), description = "", example } = params[name] ?? {};
    const described = { description, ...(example === undefined ? {} : { example }) };
    return {
      name,
      in: "path",
      required: true,
      ...described,
      schema: jsonSchemaOf(schema, "input"),
    };
  });
  const shape: Readonly<Record<string, z.ZodType>> = query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, parsed]) => {
    const { description = "", ...schema } = jsonSchemaOf(parsed, "input");
    const required = !parsed.safeParse(undefined).success;
    return { name, in: "query", required, description, schema };
  });
  const inHeader = Object.entries(headers).map(([name, description]) => {
    const schema = { type: "string" };
    return { name, in: "header", required: false, description, schema };
  });
  return [...inPath, ...inQuery, ...inHeader];
}

function responsesOf(route: DescribedRoute, names: Names): Json {
  const answers = Object.entries(route.answers).map(
    ([status, answer]) => [status, answerOf(answer, names)] as const,
  );
  const reasons = [
    ...(route.action === null ? [] : AT_THE_DOOR),
    ...route.problems,
    "internal" as const,
  ];
  const byStatus = Map.groupBy(new Set(reasons), (reason) => PROBLEMS[reason].status);
  const problems = [...byStatus].map(
    ([status, why]) => [String(status), problemAnswer(status, why)] as const,
  );
  return Object.fromEntries([...answers, ...problems]);
}

function answerOf(
  { description, schema, type = JSON_TYPE, headers = {}, example }: DescribedAnswer,
  names: Names,
): Json {
  const shown = example === undefined ? {} : { example };
  return {
    description,
    ...(Object.keys(headers).length === 0 ? {} : { headers: headersOf(headers) }),
    ...(schema
      ? { content: { [type]: { schema: refOf(schema, names, "output"), ...shown } } }
      : {}),
  };
}

const headersOf = (headers: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: "string" } },
    ]),
  );

function problemAnswer(status: number, reasons: readonly ProblemReason[]): Json {
  const words = reasons.map((reason) => `\`${reason}\`: ${PROBLEMS[reason].title}.`);
  const schema = { $ref: "#/components/schemas/Problem" };
  return {
    description: words.join(" "),
    ...(status === 429 ? { headers: headersOf({ "Retry-After": "Seconds to wait." }) } : {}),
    content: { "application/problem+json": { schema } },
  };
}

function refOf(schema: z.ZodType, names: Names, io: Direction): Json {
  const name = names.get(schema);
  return name === undefined ? jsonSchemaOf(schema, io) : { $ref: `#/components/schemas/${name}` };
}

/** In the words of JSON Schema 2020-12, as OpenAPI 3.1 has it. */
function jsonSchemaOf(schema: z.ZodType, io: Direction): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
