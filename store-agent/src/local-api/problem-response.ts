/** Every refusal as problem details (RFC 9457). */
import { type Problem, problemOf } from "@regulars/shared/problem";
import { HTTPException } from "hono/http-exception";
import type { Logger } from "pino";

export function problemResponse(problem: Problem): Response {
  return Response.json(problem, {
    status: problem.status,
    headers: { "content-type": "application/problem+json" },
  });
}

/** Ends the request with a problem. */
export function refuse(problem: Problem): never {
  throw new HTTPException(400, { res: problemResponse(problem) });
}

export function answerError(error: unknown, logger: Logger): Response {
  if (error instanceof HTTPException)
    return error.res ?? problemResponse(problemOfStatus(error.status));
  // Names and codes only: a database's message may quote what it was given (SEC2).
  const { name, code } = causeOf(error);
  logger.error({ name, code }, "request failed");
  const isStorage = code !== undefined && /^(SQLITE_|CLIENT_CLOSED)/.test(code);
  return problemResponse(problemOf(isStorage ? "storage_unavailable" : "internal"));
}

/** Hono's own refusals, which bring no body of ours. */
function problemOfStatus(status: number): Problem {
  switch (status) {
    case 400:
      return problemOf("malformed_json");
    case 415:
      return problemOf("malformed_json", { detail: "The content type must be application/json." });
    default:
      return problemOf("internal");
  }
}

export function causeOf(error: unknown): {
  readonly name: string;
  readonly code: string | undefined;
} {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined };
  return { name: error.name, code: "code" in error ? String(error.code) : undefined };
}
