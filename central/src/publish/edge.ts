/** The edge over HTTP. */
import {
  checkContentDigest,
  CONTENT_DIGEST,
  contentDigestOf,
} from "@regulars/shared/content-digest";
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
      if ((await checkContentDigest(text, response.headers.get(CONTENT_DIGEST))) !== "whole") {
        throw new Error("the answer is not what the edge sent");
      }
      return publishAnswerSchema.parse(JSON.parse(text));
    },
  };
}
