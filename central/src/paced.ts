/** Work that never ends, a step at a time, with a rest between two: what it costs is bounded, whatever there is to do. */

export interface PacedDeps {
  /** Answers how long to rest before the next one. */
  readonly step: () => Promise<number>;
  /** Runs a task once after a delay; returns how to call it off. */
  readonly later: (delayMs: number, task: () => void) => () => void;
  readonly onFailure: (error: unknown) => void;
  /** Before the first step; at once where nothing is said. */
  readonly firstMs?: number;
  /** The rest after a failure. */
  readonly retryMs: number;
}

export interface Paced {
  /** Ends after the step under way. */
  close(): Promise<void>;
}

export function createPaced({ step, later, onFailure, firstMs = 0, retryMs }: PacedDeps): Paced {
  let isClosed = false;
  let underWay = Promise.resolve();
  let callOff = later(firstMs, next);

  function next(): void {
    underWay = run();
  }
  async function run(): Promise<void> {
    let restMs = retryMs;
    try {
      restMs = await step();
    } catch (error) {
      if (!isClosed) onFailure(error);
    }
    if (!isClosed) callOff = later(restMs, next);
  }
  return {
    async close() {
      isClosed = true;
      callOff();
      await underWay;
    },
  };
}
