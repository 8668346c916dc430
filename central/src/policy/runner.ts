/** Keeps the run of the newest policy going in the background, between the deliveries of the edge. */
import { LIMITS } from "@regulars/shared/limits";
import { createLoop } from "@regulars/shared/serial";
import type { Storage } from "@regulars/shared/storage/port";
import type { Intake } from "../intake/intake.ts";
import { standingPolicy } from "./policies.ts";
import { runPage } from "./run.ts";

export interface RunnerDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone" | "use">;
  readonly nowMs: () => number;
  /** Lets others have their turn between two pages. */
  readonly pause: () => Promise<void>;
  /** Runs a task once after a delay; returns how to call it off. */
  readonly later: (delayMs: number, task: () => void) => () => void;
  /** Told after each page: there may be something to publish. */
  readonly onWritten: () => void;
  readonly onFailure: (error: unknown) => void;
}

export interface Runner {
  /** There may be a policy whose run has not ended. */
  kick(): Promise<void>;
  /** Ends after the page under way; the rest is done after the next start. */
  close(): Promise<void>;
}

export function createRunner(deps: RunnerDeps): Runner {
  const { storage, intake, nowMs, pause, later, onWritten, onFailure } = deps;
  const closing = new AbortController();
  let callOff: (() => void) | null = null;

  const onePage = () =>
    intake.alone(async () => {
      const { policy } = await standingPolicy(storage);
      intake.use(policy);
      return runPage(storage, policy, nowMs());
    });

  const run = createLoop(
    async () => {
      let isMore = true;
      while (isMore && !closing.signal.aborted) {
        isMore = await onePage();
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
