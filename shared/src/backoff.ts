/** Waiting after a failure: full jitter, so that a thousand tills do not all come back at the same moment (SYN7). */
import { LIMITS } from "./limits.ts";

/** Milliseconds before attempt `failures + 1`; `random` gives a number in [0, 1). */
export function backoffMs(
  failures: number,
  random: () => number,
  maxMs: number = LIMITS.retryMaxMs,
): number {
  const ceiling = Math.min(maxMs, LIMITS.retryMinMs * 2 ** Math.min(failures, 20));
  return Math.ceil(random() * ceiling);
}
