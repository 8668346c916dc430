/** The edge port over HTTP. Parses what comes back; every failure is one of a closed list. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import { lookupAnswerSchema } from "@regulars/shared/protocol/lookup";
import { pullAnswerSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema } from "@regulars/shared/protocol/push";
import { isSupported } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import type { EdgeFailure, EdgePort } from "./edge-port.ts";

export interface EdgeClientOptions {
  /** Ends in a slash. */
  readonly edgeUrl: string;
  readonly token: string;
  readonly timeoutMs: number;
  /** Ends the calls that are under way. */
  readonly closing: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
}

export function createEdgeClient(options: EdgeClientOptions): EdgePort {
  return {
    async push(push) {
      return supported(await call(options, "v1/push", push, pushAnswerSchema));
    },
    async pull(pull) {
      return supported(await call(options, "v1/pull", pull, pullAnswerSchema));
    },
    async lookup(lookup) {
      const answer = await call(options, "v1/customers/lookup", lookup, lookupAnswerSchema);
      if (answer.ok) return ok(answer.value.profile);
      return answer.reason === "unknown" ? ok(null) : fail(answer.reason);
    },
  };
}

type Called<Value> = Result<Value, EdgeFailure | "unknown">;

async function call<Value>(
  { edgeUrl, token, timeoutMs, closing, fetch }: EdgeClientOptions,
  path: string,
  body: object,
  schema: z.ZodType<Value>,
): Promise<Called<Value>> {
  let response: Response;
  let text: string;
  const json = JSON.stringify(body);
  try {
    response = await fetch(new URL(path, edgeUrl), {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        [CONTENT_DIGEST]: await contentDigestOf(json),
      },
      body: json,
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    });
    text = await response.text();
  } catch {
    return failure("unreachable"); // fetch rejects for the network alone: refused, reset, timed out, closing
  }
  if (!response.ok) return refusal(response);
  const answer = parseJson(text);
  // An answer of a newer protocol is refused for what it is.
  const digest = response.headers.get(CONTENT_DIGEST);
  const isJudged = digest !== null || isOfOurs(answer);
  if (isJudged && !(await isAsSent(text, digest, answer))) return failure("malformed");
  const parsed = schema.safeParse(answer);
  return parsed.success ? ok(parsed.data) : failure("malformed");
}

const versionSchema = z.object({ protocol: z.int(), minReader: z.int() });

function isOfOurs(answer: unknown): boolean {
  const version = versionSchema.safeParse(answer);
  return version.success && isSupported(version.data);
}

function refusal({ status, headers }: Response): Called<never> {
  const retryAfterMs = Math.max(0, Number(headers.get("retry-after") ?? 0) * 1_000) || 0;
  switch (status) {
    case 401:
    case 403:
      return failure("unauthorized");
    case 404:
      return fail("unknown");
    case 426:
      return failure("unsupported");
    case 429:
      return failure("overloaded", retryAfterMs);
    default:
      return status >= 500 ? failure("unreachable", retryAfterMs) : failure("malformed");
  }
}

function supported<Answer extends { protocol: number; minReader: number }>(
  called: Called<Answer>,
): Result<Answer, EdgeFailure> {
  if (called.ok) return isSupported(called.value) ? called : failure("unsupported");
  return called.reason === "unknown" ? failure("malformed") : fail(called.reason);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // no schema takes it
  }
}

const failure = (code: EdgeFailure["code"], retryAfterMs = 0): Result<never, EdgeFailure> =>
  fail({ code, retryAfterMs });
