/** The OpenAPI document of the edge, made of the descriptions of its routes. */
import { PROBLEMS, type ProblemReason, problemSchema } from "@regulars/shared/problem";
import { z } from "zod";
import { createJsonSchemas, type JsonSchemas } from "./json-schemas.ts";
import { SECURITY_SCHEMES, securityOf } from "./callers.ts";
import { type DescribedAnswer, type DescribedBody, type DescribedRoute, TAGS } from "./describe.ts";

type Json = Readonly<Record<string, unknown>>;

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
  const forms = createJsonSchemas(schemas);
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
    (paths[path] ??= {})[route.method] = operationOf(route, forms);
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
      schemas: forms.named,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function operationOf(route: DescribedRoute, forms: JsonSchemas): Json {
  const { method, path, tag, summary, description = "", action, body } = route;
  return {
    operationId: `${method}${path.replace(/[^A-Za-z]+([A-Za-z]?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [tag],
    summary,
    description,
    security: securityOf(action),
    parameters: parametersOf(route, forms),
    ...(body ? { requestBody: { required: true, content: contentOf(body, forms) } } : {}),
    responses: responsesOf(route, forms),
  };
}

function contentOf(
  { schema, type = JSON_TYPE, more = {}, example }: DescribedBody,
  forms: JsonSchemas,
): Json {
  const others = Object.entries(more).map(([each, other]): [string, Json] => [
    each,
    { schema: forms.of(other, "input") },
  ]);
  const own = {
    schema: forms.of(schema, "input"),
    ...(example === undefined ? {} : { example }),
  };
  return { [type]: own, ...Object.fromEntries(others) };
}

function parametersOf(
  { path, params = {}, query, headers = {} }: DescribedRoute,
  forms: JsonSchemas,
): Json[] {
  const inPath = [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = ""]) => {
    const { schema = z.string(), description = "", example } = params[name] ?? {};
    const described = { description, ...(example === undefined ? {} : { example }) };
    return {
      name,
      in: "path",
      required: true,
      ...described,
      schema: forms.of(schema, "input"),
    };
  });
  const shape: Readonly<Record<string, z.ZodType>> = query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, parsed]) => {
    const { description = "", ...schema } = forms.of(parsed, "input");
    const required = !parsed.safeParse(undefined).success;
    return { name, in: "query", required, description, schema };
  });
  const inHeader = Object.entries(headers).map(([name, description]) => {
    const schema = { type: "string" };
    return { name, in: "header", required: false, description, schema };
  });
  return [...inPath, ...inQuery, ...inHeader];
}

function responsesOf(route: DescribedRoute, forms: JsonSchemas): Json {
  const answers = Object.entries(route.answers).map(
    ([status, answer]) => [status, answerOf(answer, forms)] as const,
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
  forms: JsonSchemas,
): Json {
  const shown = example === undefined ? {} : { example };
  return {
    description,
    ...(Object.keys(headers).length === 0 ? {} : { headers: headersOf(headers) }),
    ...(schema ? { content: { [type]: { schema: forms.of(schema, "output"), ...shown } } } : {}),
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
