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
import { LIMITS } from "@regulars/shared/limits";
import type { z } from "zod";
import { type Env, settingsOf } from "./environment.ts";

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

async function post<Schema extends z.ZodType>(
  env: Env,
  path: string,
  body: object,
  answer: Schema,
): Promise<z.infer<Schema>> {
  const { CENTRAL_URL, REGULARS_CENTRAL_TOKEN } = settingsOf(env);
  const text = JSON.stringify(body);
  // Not AbortSignal.timeout: its timer outlives the answer and keeps the object in memory, billed, for as long.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), LIMITS.requestTimeoutMs);
  try {
    const response = await fetch(new URL(path, CENTRAL_URL), {
      method: "POST",
      headers: {
        authorization: `Bearer ${REGULARS_CENTRAL_TOKEN}`,
        "content-type": "application/json",
        [CONTENT_DIGEST]: await contentDigestOf(text),
      },
      body: text,
      signal: abort.signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the centre answered ${response.status} to ${path}`);
    }
    const answered = await response.text();
    const message: unknown = jsonOf(answered);
    if (!(await isAsSent(answered, response.headers.get(CONTENT_DIGEST), message))) {
      throw new Error(`the answer to ${path} is not what the centre sent`);
    }
    return answer.parse(message);
  } finally {
    clearTimeout(timer);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}
