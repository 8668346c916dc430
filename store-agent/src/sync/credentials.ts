/**
 * The till's tokens. It is enrolled once, with a code from the office; from then on it asks for a token with its own key,
 * well before the last one ends and whenever it begins a new epoch. Nothing here is waited for by a capture.
 */
import { RESEALED_EPOCHS } from "@regulars/shared/ids";
import { problemSchema } from "@regulars/shared/problem";
import {
  challengeAnswerSchema,
  EDGE_AUDIENCE,
  enrolAnswerSchema,
  tokenAnswerSchema,
} from "@regulars/shared/protocol/enrol";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { z } from "zod";
import type { TillKey } from "../db/till-key.ts";
import type { EdgeFailure } from "./edge-port.ts";
import { within } from "./within.ts";

export interface Credentials {
  /** A token that is good for the epoch; left out, for whatever the till wrote last. */
  tokenFor(epoch?: number): Promise<Result<string, EdgeFailure>>;
  /** The edge does not take this one any more. */
  forget(token: string): void;
}

export interface CredentialsDeps {
  /** Ends in a slash. */
  readonly edgeUrl: string;
  readonly source: string;
  readonly store: string;
  /** From the office, for this source and store; used once. */
  readonly code: string | undefined;
  readonly key: () => Promise<TillKey>;
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  /** Told of each answer of the edge. */
  readonly onAnswer?: (response: Response) => void;
  /** Of a clock that nobody sets (ms). */
  readonly elapsedMs: () => number;
}

interface Held {
  readonly token: string;
  readonly epoch: number;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** Of a token's time; what is left is for an edge that is busy or away. */
const USED_SHARE = 0.75;

export function createCredentials(deps: CredentialsDeps): Credentials {
  let held: Held | null = null;
  let lastEpoch: number | null = null;
  let renewing: Promise<Result<Held, EdgeFailure>> | null = null;
  /** The code has been refused: it will not become good by being sent again. */
  let isRefused = false;

  async function obtain(epoch: number): Promise<Result<Held, EdgeFailure>> {
    const first = await askToken(deps, epoch);
    if (first.ok || !isUnknown(first.reason) || deps.code === undefined) return first;
    if (!isRefused) {
      const enrolled = await enrol(deps, deps.code);
      if (enrolled.ok) return askToken(deps, epoch);
      if (enrolled.reason.code !== "bad_code") return enrolled;
      isRefused = true;
    }
    // A till that was revoked has most likely still the code that once let it in.
    return first.reason.code === "revoked" ? first : failure("bad_code");
  }

  /** One at a time, whoever asks for it. */
  async function renew(epoch: number): Promise<Result<Held, EdgeFailure>> {
    renewing ??= obtain(epoch).finally(() => {
      renewing = null;
    });
    const answer = await renewing;
    if (answer.ok) held = answer.value;
    return answer;
  }

  const isGood = (each: Held | null, epoch: number, untilMs: "renewAtMs" | "endsAtMs") =>
    each !== null && each.epoch >= epoch && deps.elapsedMs() < each[untilMs];

  async function tokenOf(epoch: number): Promise<Result<string, EdgeFailure>> {
    const before = held;
    if (before && isGood(before, epoch, "renewAtMs")) return ok(before.token);
    const answer = await renew(Math.max(epoch, lastEpoch ?? 0));
    // Who had asked just before may have asked for an older epoch.
    if (answer.ok) return answer.value.epoch < epoch ? tokenOf(epoch) : ok(answer.value.token);
    const isAway = answer.reason.code === "unreachable" || answer.reason.code === "overloaded";
    return isAway && before && isGood(before, epoch, "endsAtMs") ? ok(before.token) : answer;
  }

  return {
    async tokenFor(asked) {
      // Epochs that rows were sealed anew in are not counted: any token is good for them.
      const isCounted = asked !== undefined && asked < RESEALED_EPOCHS;
      if (isCounted) lastEpoch = Math.max(lastEpoch ?? 0, asked);
      const epoch = isCounted ? asked : lastEpoch;
      return epoch === null ? failure("unreachable") : tokenOf(epoch); // null: no call has been made
    },
    forget(token) {
      if (held?.token === token) held = null;
    },
  };
}

const isUnknown = ({ code }: EdgeFailure): boolean => code === "not_enrolled" || code === "revoked";

async function enrol(deps: CredentialsDeps, code: string): Promise<Result<unknown, EdgeFailure>> {
  const { source, store } = deps;
  const { publicKey } = await deps.key();
  return ask(deps, "v1/tills/enrol", { code, publicKey, source, store }, enrolAnswerSchema);
}

async function askToken(deps: CredentialsDeps, epoch: number): Promise<Result<Held, EdgeFailure>> {
  const challenge = await ask(deps, "v1/tills/challenge", {}, challengeAnswerSchema);
  if (!challenge.ok) return challenge;
  const { source, store, elapsedMs } = deps;
  const { nonce } = challenge.value;
  const claims = { iss: source, aud: EDGE_AUDIENCE, store, epoch, nonce };
  const signed = `${jsonPart({ alg: "EdDSA", typ: "JWT" })}.${jsonPart(claims)}`;
  const assertion = `${signed}.${(await deps.key()).sign(signed)}`;
  const askedMs = elapsedMs();
  const answer = await ask(deps, "v1/tills/token", { assertion }, tokenAnswerSchema);
  if (!answer.ok) return answer;
  const { token, expiresInMs } = answer.value;
  const renewAtMs = askedMs + expiresInMs * USED_SHARE;
  return ok({ token, epoch, renewAtMs, endsAtMs: askedMs + expiresInMs });
}

const jsonPart = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

async function ask<Value>(
  { edgeUrl, timeoutMs, closing, fetch, onAnswer }: CredentialsDeps,
  path: string,
  body: object,
  schema: z.ZodType<Value>,
): Promise<Result<Value, EdgeFailure>> {
  try {
    const [response, text] = await within({ timeoutMs, closing }, async (signal) => {
      const answered = await fetch(new URL(path, edgeUrl), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
      return [answered, await answered.text()] as const;
    });
    onAnswer?.(response);
    if (!response.ok) return fail(refusalOf(response, text));
    const parsed = schema.safeParse(parseJson(text));
    return parsed.success ? ok(parsed.data) : failure("malformed");
  } catch {
    return failure("unreachable"); // the network alone: refused, reset, timed out, closing
  }
}

/** What an edge means by saying no, in one of the till's words for it. */
export function refusalOf({ status, headers }: Response, text: string): EdgeFailure {
  const retryAfterMs = Math.max(0, Number(headers.get("retry-after") ?? 0) * 1_000) || 0;
  switch (status) {
    case 401:
    case 403:
      return { code: deniedCode(text), retryAfterMs: 0 };
    case 426:
      return { code: "unsupported", retryAfterMs: 0 };
    case 429:
      return { code: "overloaded", retryAfterMs };
    default:
      return status >= 500
        ? { code: "unreachable", retryAfterMs }
        : { code: "malformed", retryAfterMs: 0 };
  }
}

function deniedCode(text: string): EdgeFailure["code"] {
  const { data: problem } = problemSchema.safeParse(parseJson(text));
  const reason = problem?.reason;
  const isKnown = reason === "revoked" || reason === "not_enrolled" || reason === "bad_code";
  return isKnown ? reason : "unauthorized";
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // no schema takes it
  }
}

const failure = (code: EdgeFailure["code"]): Result<never, EdgeFailure> =>
  fail({ code, retryAfterMs: 0 });
