/** The edge over HTTP. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import {
  compareJournalAnswerSchema,
  compareProfilesAnswerSchema,
  mendAnswerSchema,
} from "@regulars/shared/compare/messages";
import { LIMITS } from "@regulars/shared/limits";
import { publishAnswerSchema } from "@regulars/shared/protocol/publish";
import { replayAnswerSchema } from "@regulars/shared/quarantine";
import type { CompareEdge } from "../compare/port.ts";
import type { ReplayAtEdge } from "../quarantine/routes.ts";
import type { AskEdge } from "../tills/routes.ts";
import type { EdgePort } from "./publisher.ts";

export interface Edge extends EdgePort {
  readonly replay: ReplayAtEdge;
  /** Whatever it answers. */
  readonly ask: AskEdge;
  readonly compare: CompareEdge;
}

export function createEdge(url: string, token: string): Edge {
  const post = async (path: string, message: object, signals: readonly AbortSignal[] = []) => {
    const body = JSON.stringify(message);
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        [CONTENT_DIGEST]: contentDigestOf(body),
      },
      body,
      signal: AbortSignal.any([...signals, AbortSignal.timeout(LIMITS.requestTimeoutMs)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the edge answered ${response.status}`);
    }
    const text = await response.text();
    const answer: unknown = jsonOf(text);
    if (!isAsSent(text, response.headers.get(CONTENT_DIGEST), answer)) {
      throw new Error("the answer is not what the edge sent");
    }
    return answer;
  };
  return {
    publish: async (message, closing) =>
      publishAnswerSchema.parse(await post("/v1/publish", message, [closing])),
    replay: async (replay) => replayAnswerSchema.parse(await post("/v1/quarantine/replay", replay)),
    compare: {
      profiles: async (ask) =>
        compareProfilesAnswerSchema.parse(await post("/v1/compare/profiles", ask)),
      mend: async (mend) => mendAnswerSchema.parse(await post("/v1/compare/mend", mend)),
      journal: async (ask) =>
        compareJournalAnswerSchema.parse(await post("/v1/compare/journal", ask)),
    },
    async ask(method, path, message) {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(message === undefined ? {} : { body: JSON.stringify(message) }),
        signal: AbortSignal.timeout(LIMITS.requestTimeoutMs),
      });
      return { status: response.status, json: jsonOf(await response.text()) ?? null };
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}
