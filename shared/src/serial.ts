/** One task at a time, in the order of arrival: what makes read-decide-write atomic without a database lock. */
export type Serial = <Value>(task: () => Promise<Value>) => Promise<Value>;

export function createSerial(): Serial {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = tail.then(task, task);
    tail = run.then(
      () => undefined,
      () => undefined, // a failed task has told its own caller; the next one starts clean
    );
    return run;
  };
}

/**
 * Runs a task in the background, never twice at once: a call during a run makes one more run follow.
 * The task's failures go to `onError`; whoever kicks it has other things to do.
 */
export function createLoop(task: () => Promise<void>, onError: (error: unknown) => void) {
  let running: Promise<void> | null = null;
  let again = false;
  async function run(): Promise<void> {
    try {
      do {
        again = false;
        await attempt(); // a failed run does not swallow the kick that came during it
      } while (again);
    } finally {
      running = null;
    }
  }
  async function attempt(): Promise<void> {
    try {
      await task();
    } catch (error) {
      onError(error);
    }
  }
  return function kick(): Promise<void> {
    again = true;
    running ??= run();
    return running;
  };
}
