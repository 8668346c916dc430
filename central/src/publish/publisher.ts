/** Publishing: decisions from the outbox to the edge, in order, until the edge has applied them (SYN7). */
import { LIMITS } from "@regulars/shared/limits";
import type { Publish, PublishAnswer } from "@regulars/shared/protocol/publish";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { createLoop } from "@regulars/shared/serial";
import type { Storage } from "@regulars/shared/storage/port";
import { forgetPublications, nextPublications } from "./outbox.ts";

export interface EdgePort {
  /** Throws when the edge cannot be reached or refuses, and when `closing` ends it. */
  publish(message: Publish, closing: AbortSignal): Promise<PublishAnswer>;
}

export interface PublisherDeps {
  readonly storage: Storage;
  readonly edge: EdgePort;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Runs a task once after a delay; returns how to call it off. */
  readonly later: (delayMs: number, task: () => void) => () => void;
  readonly onFailure: (error: unknown) => void;
}

/** One batch; how many were waiting. What the edge did not apply stays. */
export async function publishRound(
  { storage, edge }: Pick<PublisherDeps, "storage" | "edge">,
  closing: AbortSignal,
): Promise<number> {
  const waiting = await nextPublications(storage);
  if (waiting.length === 0) return 0;
  const decisions = waiting.map(({ decision }) => decision);
  const { applied } = await edge.publish({ ...THIS_VERSION, decisions }, closing);
  const last = waiting[Math.min(applied, waiting.length) - 1];
  if (!last) throw new Error("the edge applied none of the decisions");
  await forgetPublications(storage, last.n);
  return waiting.length;
}

export interface Publisher {
  /** There may be something to publish. */
  kick(): void;
  /** Breaks off what is under way; it stays in the outbox. */
  close(): Promise<void>;
}

export function createPublisher(deps: PublisherDeps): Publisher {
  let failures = 0;
  const closing = new AbortController();
  let callOff: (() => void) | null = null;
  let endRest: (() => void) | null = null;
  const run = createLoop(
    async () => {
      while (!endRest && !closing.signal.aborted) {
        const count = await publishRound(deps, closing.signal);
        failures = 0;
        if (count === 0) return;
        if (count < LIMITS.publishItems) rest();
      }
    },
    (error) => {
      if (closing.signal.aborted) return;
      deps.onFailure(error);
      failures += 1;
      retryWithin(Math.min(LIMITS.retryMaxMs, LIMITS.retryMinMs * 2 ** failures));
    },
  );
  /** What is decided meanwhile shares the next message, and the writes that each message costs the edge. */
  function rest(): void {
    if (closing.signal.aborted) return;
    endRest = deps.later(LIMITS.publishGapMs, () => {
      endRest = null;
      void run();
    });
  }
  /** Full jitter: anything up to the limit, so that nobody meets anybody again. */
  function retryWithin(maxMs: number): void {
    callOff?.();
    if (closing.signal.aborted) return;
    callOff = deps.later(deps.random() * maxMs, () => {
      callOff = null;
      void run();
    });
  }
  return {
    kick() {
      // Who brings news is most likely the edge, so it is worth trying soon, but no more often than at first.
      if (!callOff) void run();
      else if (failures > 1) retryWithin(LIMITS.retryMinMs);
      failures = Math.min(failures, 1);
    },
    async close() {
      closing.abort();
      callOff?.();
      endRest?.();
      await run();
    },
  };
}
