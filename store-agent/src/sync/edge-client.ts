/** The edge port over HTTP. Parses what comes back; every failure is one of a closed list. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import type { Item } from "@regulars/shared/protocol/item";
import { lookupAnswerSchema } from "@regulars/shared/protocol/lookup";
import { pullAnswerSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema } from "@regulars/shared/protocol/push";
import { isSupported } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import { type Credentials, parseJson, refusalOf } from "./credentials.ts";
import type { EdgeFailure, EdgePort } from "./edge-port.ts";
import { type Begun, createPacking, type Packed, type Packing } from "./packing.ts";
import { within } from "./within.ts";

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
  const { packing } = options;
  const whole = (body: object) => () => packing.begin(JSON.stringify(body)).end("");
  const beginWith = (items: readonly Item[]): Begun =>
    packing.begin(`{"items":${JSON.stringify(items)}`);
  const prepared = new WeakMap<readonly Item[], Begun>();
  return {
    prepare(items) {
      prepared.set(items, beginWith(items));
    },
    async push({ items, ...push }, onSent) {
      const { epoch } = push;
      const pack = () => {
        const begun = prepared.get(items) ?? beginWith(items);
        // Each ends once.
        prepared.delete(items);
        return begun.end(`,${JSON.stringify(push).slice(1)}`);
      };
      const asked = { path: "v1/push", pack, schema: pushAnswerSchema, epoch, onSent };
      return supported(await call(options, asked));
    },
    async pull(pull) {
      const { epoch } = pull;
      const asked = { path: "v1/pull", pack: whole(pull), schema: pullAnswerSchema, epoch };
      return supported(await call(options, asked));
    },
    async lookup(lookup) {
      const path = "v1/customers/lookup";
      const asked = { path, pack: whole(lookup), schema: lookupAnswerSchema };
      const answer = await call(options, asked);
      if (answer.ok) return ok(answer.value.profile);
      return answer.reason === "unknown" ? ok(null) : fail(answer.reason);
    },
  };
}

const SENT_MS = 1;

type Called<Value> = Result<Value, EdgeFailure | "unknown">;

interface Call<Value> {
  readonly path: string;
  /** Called once there is a token: whoever gave it has said whether the edge takes what is packed. */
  readonly pack: () => Promise<Packed>;
  readonly schema: z.ZodType<Value>;
  /** That the call writes or reads about. */
  readonly epoch?: number;
  readonly onSent?: (() => void) | undefined;
}

/** A token may have ended, or its till been enrolled anew, since it was given: then another one is asked for, once. */
async function call<Value>(options: Client, each: Call<Value>): Promise<Called<Value>> {
  const { credentials } = options;
  const first = await credentials.tokenFor(each.epoch);
  if (!first.ok) return first;
  const packed = await each.pack();
  const called = await callWith(options, each, packed, first.value);
  if (called !== "denied") return called;
  credentials.forget(first.value);
  const second = await credentials.tokenFor(each.epoch);
  if (!second.ok) return second;
  const again = await callWith(options, each, packed, second.value);
  return again === "denied" ? failure("unauthorized") : again;
}

async function callWith<Value>(
  { edgeUrl, timeoutMs, closing, fetch, packing }: Client,
  { path, schema, onSent }: Call<Value>,
  { json, body, headers }: Packed,
  token: string,
): Promise<Called<Value> | "denied"> {
  let response: Response;
  let text: string;
  let sent: ReturnType<typeof setTimeout> | undefined;
  try {
    [response, text] = await within({ timeoutMs, closing }, async (signal) => {
      const answering = fetch(new URL(path, edgeUrl), {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...headers,
          // Of the JSON, however it is packed on its way.
          [CONTENT_DIGEST]: contentDigestOf(json),
        },
        body,
        signal,
      });
      // A turn of the event loop later: what it does with this thread first is to hand the body to the network.
      if (onSent) sent = setTimeout(onSent, SENT_MS);
      const answered = await answering;
      return [answered, await answered.text()];
    });
    packing.heard(response);
  } catch {
    return failure("unreachable"); // the network alone: refused, reset, timed out, closing
  } finally {
    clearTimeout(sent);
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
