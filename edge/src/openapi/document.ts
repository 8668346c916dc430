/** The OpenAPI document of the edge, made of the descriptions of its routes. */
import { PROBLEMS, type ProblemReason, problemSchema } from "@regulars/shared/problem";
import { z } from "zod";
import { SCOPES } from "../access/scopes.ts";
import { rowsOf } from "./callers.ts";
import type { DescribedAnswer, DescribedRoute } from "./describe.ts";

type Json = Readonly<Record<string, unknown>>;

/** Of every route with a door. */
const AT_THE_DOOR: readonly ProblemReason[] = [
  "unauthorized",
  "forbidden",
  "overloaded",
  "unreachable",
];

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
      description:
        "One profile of every customer, for app, web shop and stores; what shops, apps and platforms tell; and who may do what.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, jsonSchemaOf(schema, "output")]),
      ),
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description:
            "A token of the retailer's identity provider (customers, staff), of a till, an API key of an account " +
            `(scopes: ${SCOPES.join(", ")}), or the centre's. Sockets of browsers send it as the sub-protocol after \`bearer\`.`,
        },
        basic: {
          type: "http",
          scheme: "basic",
          description:
            "An API key as the user name, without a password, as analytics libraries send it.",
        },
      },
    },
  };
}

function operationOf(route: DescribedRoute, names: ReadonlyMap<z.ZodType, string>): Json {
  const { method, path, tag, summary, description = "", action, body } = route;
  const callers = action === null ? "" : `For: ${rowsOf(action).join(", ")}.`;
  return {
    operationId: `${method}${path.replace(/[^A-Za-z]+([A-Za-z]?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [tag],
    summary,
    description: [description, callers].filter((text) => text !== "").join("\n\n"),
    security: action === null ? [] : [{ bearer: [] }, { basic: [] }],
    parameters: parametersOf(route),
    ...(body
      ? {
          requestBody: {
            required: body.optional !== true,
            content: {
              [body.type ?? "application/json"]: { schema: refOf(body.schema, names, "input") },
            },
          },
        }
      : {}),
    responses: responsesOf(route, names),
  };
}

function parametersOf({ path, params = {}, query, headers = {} }: DescribedRoute): Json[] {
  const inPath = [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: params[name] ?? "",
    schema: { type: "string" },
  }));
  const shape: Readonly<Record<string, z.ZodType>> = query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: jsonSchemaOf(schema, "input"),
  }));
  const inHeader = Object.entries(headers).map(([name, text]) => ({
    name,
    in: "header",
    required: false,
    description: text,
    schema: { type: "string" },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function responsesOf(route: DescribedRoute, names: ReadonlyMap<z.ZodType, string>): Json {
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
  { description, schema, type = "application/json", headers = {} }: DescribedAnswer,
  names: ReadonlyMap<z.ZodType, string>,
): Json {
  return {
    description,
    ...(Object.keys(headers).length === 0 ? {} : { headers: headersOf(headers) }),
    ...(schema ? { content: { [type]: { schema: refOf(schema, names, "output") } } } : {}),
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

function refOf(
  schema: z.ZodType,
  names: ReadonlyMap<z.ZodType, string>,
  io: "input" | "output",
): Json {
  const name = names.get(schema);
  return name === undefined ? jsonSchemaOf(schema, io) : { $ref: `#/components/schemas/${name}` };
}

/** In the words of JSON Schema 2020-12, as OpenAPI 3.1 has it. */
function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
