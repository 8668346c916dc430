/** The edge port over HTTP. Parses what comes back; every failure is one of a closed list. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import { lookupAnswerSchema } from "@regulars/shared/protocol/lookup";
import { pullAnswerSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema } from "@regulars/shared/protocol/push";
import { isSupported } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import { type Credentials, parseJson, refusalOf } from "./credentials.ts";
import type { EdgeFailure, EdgePort } from "./edge-port.ts";
import { createPacking, type Packing } from "./packing.ts";

export interface EdgeClientOptions {
  /** Ends in a slash. */
  readonly edgeUrl: string;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  /** Ends the calls that are under way. */
  readonly closing: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  /** Knows what the edge has said of packing before. */
  readonly packing?: Packing;
}

interface Client extends EdgeClientOptions {
  readonly packing: Packing;
}

export function createEdgeClient(given: EdgeClientOptions): EdgePort {
  const options: Client = { ...given, packing: given.packing ?? createPacking() };
  return {
    async push(push) {
      const { epoch } = push;
      const asked = { path: "v1/push", body: push, schema: pushAnswerSchema, epoch };
      return supported(await call(options, asked));
    },
    async pull(pull) {
      const { epoch } = pull;
      const asked = { path: "v1/pull", body: pull, schema: pullAnswerSchema, epoch };
      return supported(await call(options, asked));
    },
    async lookup(lookup) {
      const asked = { path: "v1/customers/lookup", body: lookup, schema: lookupAnswerSchema };
      const answer = await call(options, asked);
      if (answer.ok) return ok(answer.value.profile);
      return answer.reason === "unknown" ? ok(null) : fail(answer.reason);
    },
  };
}

type Called<Value> = Result<Value, EdgeFailure | "unknown">;

interface Call<Value> {
  readonly path: string;
  readonly body: object;
  readonly schema: z.ZodType<Value>;
  /** That the call writes or reads about. */
  readonly epoch?: number;
}

/** A token may have ended, or its till been enrolled anew, since it was given: then another one is asked for, once. */
async function call<Value>(options: Client, each: Call<Value>): Promise<Called<Value>> {
  const { credentials } = options;
  const first = await credentials.tokenFor(each.epoch);
  if (!first.ok) return first;
  const called = await callWith(options, each, first.value);
  if (called !== "denied") return called;
  credentials.forget(first.value);
  const second = await credentials.tokenFor(each.epoch);
  if (!second.ok) return second;
  const again = await callWith(options, each, second.value);
  return again === "denied" ? failure("unauthorized") : again;
}

async function callWith<Value>(
  { edgeUrl, timeoutMs, closing, fetch, packing }: Client,
  { path, body, schema }: Call<Value>,
  token: string,
): Promise<Called<Value> | "denied"> {
  let response: Response;
  let text: string;
  const json = JSON.stringify(body);
  const packed = await packing.pack(json);
  try {
    response = await fetch(new URL(path, edgeUrl), {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...packed.headers,
        // Of the JSON, however it is packed on its way.
        [CONTENT_DIGEST]: contentDigestOf(json),
      },
      body: packed.body,
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    });
    text = await response.text();
    packing.heard(response);
  } catch {
    return failure("unreachable"); // fetch rejects for the network alone: refused, reset, timed out, closing
  }
  if (response.status === 401) return "denied";
  if (response.status === 404) return fail("unknown");
  if (!response.ok) return fail(refusalOf(response, text));
  const answer = parseJson(text);
  // An answer of a newer protocol is refused for what it is.
  const digest = response.headers.get(CONTENT_DIGEST);
  const isJudged = digest !== null || isOfOurs(answer);
  if (isJudged && !isAsSent(text, digest, answer)) return failure("malformed");
  const parsed = schema.safeParse(answer);
  return parsed.success ? ok(parsed.data) : failure("malformed");
}

const versionSchema = z.object({ protocol: z.int(), minReader: z.int() });

function isOfOurs(answer: unknown): boolean {
  const version = versionSchema.safeParse(answer);
  return version.success && isSupported(version.data);
}

function supported<Answer extends { protocol: number; minReader: number }>(
  called: Called<Answer>,
): Result<Answer, EdgeFailure> {
  if (called.ok) return isSupported(called.value) ? called : failure("unsupported");
  return called.reason === "unknown" ? failure("malformed") : fail(called.reason);
}

const failure = (code: EdgeFailure["code"]): Result<never, EdgeFailure> =>
  fail({ code, retryAfterMs: 0 });
