/** Keeps the resolution of everybody going in the background, between the deliveries of the edge. */
import { LIMITS } from "@regulars/shared/limits";
import { createLoop } from "@regulars/shared/serial";
import type { Storage } from "@regulars/shared/storage/port";
import type { Intake } from "../intake/intake.ts";
import { anewPage } from "./anew.ts";

export interface AnewRunnerDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
  /** Lets others have their turn between two pages. */
  readonly pause: () => Promise<void>;
  /** Runs a task once after a delay; returns how to call it off. */
  readonly later: (delayMs: number, task: () => void) => () => void;
  /** Told after each page: there may be something to publish. */
  readonly onWritten: () => void;
  readonly onFailure: (error: unknown) => void;
}

export interface AnewRunner {
  /** The rules may be others than those that everybody was resolved by. */
  kick(): Promise<void>;
  /** Ends after the page under way; the rest is done after the next start. */
  close(): Promise<void>;
}

export function createAnewRunner(deps: AnewRunnerDeps): AnewRunner {
  const { storage, intake, nowMs, pause, later, onWritten, onFailure } = deps;
  const closing = new AbortController();
  let callOff: (() => void) | null = null;
  const run = createLoop(
    async () => {
      let isMore = true;
      while (isMore && !closing.signal.aborted) {
        isMore = await intake.alone(({ matching, policy }) =>
          anewPage(storage, matching, policy, nowMs()),
        );
        onWritten();
        await pause();
      }
    },
    (error) => {
      onFailure(error);
      callOff?.();
      if (!closing.signal.aborted) callOff = later(LIMITS.retryMaxMs, () => void run());
    },
  );
  return {
    kick: run,
    async close() {
      closing.abort();
      callOff?.();
      await run();
    },
  };
}
