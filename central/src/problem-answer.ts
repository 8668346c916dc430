/** Problem details as HTTP answers (RFC 9457). */
import {
  type Problem,
  problemOf,
  type ProblemReason,
  zodErrorToProblem,
} from "@regulars/shared/problem";
import type { Context } from "hono";
import type { z } from "zod";

/** Thrown where a request cannot be served; the route table answers with its problem. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(reason: ProblemReason | Problem) {
    const problem = typeof reason === "string" ? problemOf(reason) : reason;
    super(problem.reason);
    this.problem = problem;
  }
}

export function answerProblem(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}

export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Refused(zodErrorToProblem(parsed.error));
  return parsed.data;
}

export async function readJson(c: Context): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused("malformed_json");
  }
}

/** Of a database that does not answer, or does not take what it is given. */
export const isStorageError = (error: Error): boolean =>
  ["LibsqlError", "LibsqlBatchError", "SqliteError"].includes(error.name);
