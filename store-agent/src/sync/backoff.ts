/** How long a sender waits after a failure: full jitter over a doubling span (SYN7). */
import { LIMITS } from "@regulars/shared/limits";
import type { EdgeFailure } from "./edge-port.ts";

export function backoffMs(
  failure: EdgeFailure,
  failuresBefore: number,
  random: () => number,
): number {
  // A network that is gone is probed often; an edge that answers is not to be hammered.
  const spanMax = failure.code === "unreachable" ? LIMITS.probeMaxMs : LIMITS.retryMaxMs;
  const span = Math.min(spanMax, LIMITS.retryMinMs * 2 ** Math.min(failuresBefore, 20));
  return failure.retryAfterMs + Math.round(random() * span);
}
