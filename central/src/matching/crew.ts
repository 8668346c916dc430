/**
 * Who does the tasks of a batch: this thread alone, or as many worker threads as are asked for. A worker that dies fails the
 * whole at once, for its part would be missing.
 */
import { Worker } from "node:worker_threads";
import type { PackedRecords } from "./packed.ts";
import type { Answers, Desk, Setting, Task } from "./tasks.ts";

export interface Crew {
  readonly size: number;
  set(setting: Setting): void;
  /** Answers in the order of the tasks. */
  run<Kind extends Task["kind"]>(
    tasks: readonly Extract<Task, { kind: Kind }>[],
  ): Promise<Answers[Kind][]>;
  close(): Promise<void>;
}

export class CrewFailure extends Error {}

export const crewOfOne = (desk: Desk): Crew => ({
  size: 1,
  set: (setting) => desk.set(setting),
  run: (tasks) => Promise.resolve(tasks.map((task) => desk.run(task))),
  close: () => Promise.resolve(),
});

/** What a thread is told, one after the other. */
export type Message =
  | { readonly records: PackedRecords }
  | { readonly setting: Setting }
  | { readonly task: Task };
/** What it says: of each task in the order of their coming. */
export interface Reply {
  readonly answer: unknown;
}

const THREAD = new URL("./thread.ts", import.meta.url);

/** Threads begin while the records are still being packed for them. */
export function crewOf(threads: number, pack: () => PackedRecords, program = THREAD): Crew {
  const workers = Array.from({ length: threads }, () => new Worker(program, { execArgv: [] }));
  let failure: CrewFailure | null = null;
  let fail = (_failure: CrewFailure): void => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = (found) => {
      failure ??= found;
      reject(failure);
    };
  });
  // Told by whoever waits for a task; when nobody does, by the next.
  failed.catch(() => {});
  for (const worker of workers) {
    worker.on("error", (cause) =>
      fail(new CrewFailure("A thread of the resolution has failed.", { cause })),
    );
    worker.on("exit", (code) =>
      fail(new CrewFailure(`A thread of the resolution has ended (${code}).`)),
    );
  }
  const desks = workers.map((worker) => deskOf(worker));
  const tell = (message: Message): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    for (const worker of workers) worker.postMessage(message);
  };
  tell({ records: pack() });

  return {
    size: threads,
    set(setting) {
      tell({ setting });
    },
    async run<Kind extends Task["kind"]>(tasks: readonly Extract<Task, { kind: Kind }>[]) {
      if (failure) throw failure;
      const answers: Answers[Kind][] = [];
      let next = 0;
      const all = desks.map(async (ask) => {
        for (;;) {
          const at = next++;
          const task = tasks[at];
          if (!task) return;
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the thread answers by what the task's kind is answered with
          answers[at] = (await ask(task)) as Answers[Kind];
        }
      });
      await Promise.race([Promise.all(all), failed]);
      return answers;
    },
    async close() {
      for (const worker of workers) worker.removeAllListeners("exit");
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

const nobodyAsks = (_answer: unknown): void => {};

/** One task at a time. */
function deskOf(worker: Worker) {
  let done = nobodyAsks;
  worker.on("message", ({ answer }: Reply) => done(answer));
  return (task: Task): Promise<unknown> => {
    const answer = new Promise<unknown>((resolve) => {
      done = resolve;
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage({ task } satisfies Message);
    return answer;
  };
}
