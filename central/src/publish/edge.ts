/** The edge over HTTP. */
import { LIMITS } from "@regulars/shared/limits";
import { publishAnswerSchema } from "@regulars/shared/protocol/publish";
import type { EdgePort } from "./publisher.ts";

export function createEdge(url: string, token: string): EdgePort {
  const address = new URL("/v1/publish", url);
  return {
    async publish(message, closing) {
      const response = await fetch(address, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(message),
        signal: AbortSignal.any([closing, AbortSignal.timeout(LIMITS.requestTimeoutMs)]),
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`the edge answered ${response.status}`);
      }
      return publishAnswerSchema.parse(await response.json());
    },
  };
}
