/** The edge over HTTP. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import { publishAnswerSchema } from "@regulars/shared/protocol/publish";
import type { EdgePort } from "./publisher.ts";

export function createEdge(url: string, token: string): EdgePort {
  const address = new URL("/v1/publish", url);
  return {
    async publish(message, closing) {
      const body = JSON.stringify(message);
      const response = await fetch(address, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          [CONTENT_DIGEST]: await contentDigestOf(body),
        },
        body,
        signal: AbortSignal.any([closing, AbortSignal.timeout(LIMITS.requestTimeoutMs)]),
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`the edge answered ${response.status}`);
      }
      const text = await response.text();
      const answer: unknown = jsonOf(text);
      if (!(await isAsSent(text, response.headers.get(CONTENT_DIGEST), answer))) {
        throw new Error("the answer is not what the edge sent");
      }
      return publishAnswerSchema.parse(answer);
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
