/** The centre as the edge reaches it. Every failure throws: the caller's round is then tried again. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import {
  type EventsIntake,
  type EventsIntakeAnswer,
  eventsIntakeAnswerSchema,
  type FragmentsIntake,
  type FragmentsIntakeAnswer,
  fragmentsIntakeAnswerSchema,
} from "@regulars/shared/protocol/intake";
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  type TimelinePage,
  timelinePageSchema,
  type TimelinePlace,
} from "@regulars/shared/timeline/entry";
import type { z } from "zod";
import { type Env, settingsOf } from "./environment.ts";
import { logError } from "./log.ts";

export interface Central {
  events(intake: EventsIntake): Promise<EventsIntakeAnswer>;
  fragments(intake: FragmentsIntake): Promise<FragmentsIntakeAnswer>;
}

export function createCentral(env: Env): Central {
  return {
    events: (intake) => post(env, "/v1/intake/events", intake, eventsIntakeAnswerSchema),
    fragments: (intake) => post(env, "/v1/intake/fragments", intake, fragmentsIntakeAnswerSchema),
  };
}

/** What the centre has of a customer before that place; null when it cannot be asked, or knows nobody by the id. */
export async function readCentralTimeline(
  env: Env,
  customer: CustomerId,
  before: TimelinePlace,
  limit: number,
): Promise<TimelinePage | null> {
  const query = new URLSearchParams({ ...before, limit: String(limit) }).toString();
  try {
    const path = `/v1/customers/${customer}/timeline?${query}`;
    return timelinePageSchema.parse(jsonOf(await ask(env, path, { method: "GET" }).then(textOf)));
  } catch (error) {
    logError("timeline", error);
    return null;
  }
}

const textOf = ({ text }: Answered): string => text;

interface Answered {
  readonly text: string;
  readonly headers: Headers;
}

async function post<Schema extends z.ZodType>(
  env: Env,
  path: string,
  body: object,
  answer: Schema,
): Promise<z.infer<Schema>> {
  const json = JSON.stringify(body);
  const { text, headers } = await ask(env, path, {
    method: "POST",
    headers: { "content-type": "application/json", [CONTENT_DIGEST]: contentDigestOf(json) },
    body: json,
  });
  const message: unknown = jsonOf(text);
  if (!isAsSent(text, headers.get(CONTENT_DIGEST), message)) {
    throw new Error(`the answer to ${path} is not what the centre sent`);
  }
  return answer.parse(message);
}

async function ask(
  env: Env,
  path: string,
  init: { method: string; headers?: Record<string, string>; body?: string },
): Promise<Answered> {
  const { CENTRAL_URL, REGULARS_CENTRAL_TOKEN } = settingsOf(env);
  // Not AbortSignal.timeout: its timer outlives the answer and keeps the object in memory, billed, for as long.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), LIMITS.requestTimeoutMs);
  try {
    const response = await fetch(new URL(path, CENTRAL_URL), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${REGULARS_CENTRAL_TOKEN}` },
      signal: abort.signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the centre answered ${response.status} to ${pathOnly(path)}`);
    }
    return { text: await response.text(), headers: response.headers };
  } finally {
    clearTimeout(timer);
  }
}

const pathOnly = (path: string): string => path.split("?")[0] ?? path;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}
