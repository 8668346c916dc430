/** How long a till waits after a failure: what the edge asked for, and full jitter on top (SYN7). */
import { backoffMs as fullJitterMs } from "@regulars/shared/backoff";
import { LIMITS } from "@regulars/shared/limits";
import type { EdgeFailure } from "./edge-port.ts";

export function backoffMs(
  failure: EdgeFailure,
  failuresBefore: number,
  random: () => number,
): number {
  // A network that is gone is probed often; an edge that answers is not to be hammered.
  const spanMax = failure.code === "unreachable" ? LIMITS.probeMaxMs : LIMITS.retryMaxMs;
  return failure.retryAfterMs + fullJitterMs(failuresBefore, random, spanMax);
}
