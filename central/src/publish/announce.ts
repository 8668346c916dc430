/**
 * Tells the edge that this process has started: its database may have come back from a backup, and what it lacks of what it had
 * is then delivered again (docs/decisions/0022). Told a minute later once more, and once a day for a database that was replaced under a running centre.
 */
import { LIMITS } from "@regulars/shared/limits";
import { createPaced, type Paced, type PacedDeps } from "../paced.ts";
import type { AskEdge } from "../tills/routes.ts";

export interface AnnounceDeps extends Pick<PacedDeps, "later" | "onFailure"> {
  readonly askEdge: AskEdge;
}

export function announceStart({ askEdge, later, onFailure }: AnnounceDeps): Paced {
  let isFirst = true;
  return createPaced({
    async step() {
      const { status } = await askEdge("POST", "/v1/sweep?centre=started");
      if (status !== 200) throw new Error(`the edge answered ${status}`);
      const restMs = isFirst ? LIMITS.announceAgainMs : LIMITS.announceMs;
      isFirst = false;
      return restMs;
    },
    later,
    onFailure,
    retryMs: LIMITS.announceRetryMs,
  });
}
