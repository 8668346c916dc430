/** Work over everything that the centre holds, page by page, between the deliveries of the edge. */
import { LIMITS } from "@regulars/shared/limits";
import { createLoop } from "@regulars/shared/serial";

export interface BackgroundDeps {
  /** Lets others have their turn between two pages. */
  readonly pause: () => Promise<void>;
  /** Runs a task once after a delay; returns how to call it off. */
  readonly later: (delayMs: number, task: () => void) => () => void;
  /** Told after each page: there may be something to publish. */
  readonly onWritten: () => void;
  readonly onFailure: (error: unknown) => void;
}

export interface Background {
  /** There may be pages to do. */
  kick(): Promise<void>;
  /** Ends after the page under way; the rest is done after the next start. */
  close(): Promise<void>;
}

/** `onePage` says whether there is more. After a failure it is tried again, some time later. */
export function createBackground(
  onePage: () => Promise<boolean>,
  { pause, later, onWritten, onFailure }: BackgroundDeps,
): Background {
  const closing = new AbortController();
  let callOff: (() => void) | null = null;
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
