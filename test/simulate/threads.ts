/** Many seeds over a few threads. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Mutation } from "./mutation.ts";
import type { Order, Ran, Replayed, ThreadData } from "./worker.ts";

export interface Summary {
  readonly seeds: number;
  readonly from: number;
  readonly failed: number;
  readonly failedSeeds: readonly string[];
  /** What the first seeds that failed broke. */
  readonly broken: readonly string[];
  readonly events: number;
  readonly faultsByKind: Readonly<Record<string, number>>;
  readonly seedsPerSecond: number;
}

export interface Search {
  readonly from: number;
  readonly seeds: number;
  readonly threads?: number;
  readonly mutation?: Mutation;
  /** Edge and centre are compared in each, and something is broken in the end. */
  readonly comparing?: boolean;
  /** Nothing more is begun after the first failure. */
  readonly untilFailed?: boolean;
  readonly onProgress?: (done: number) => void;
}

/** Seeds that a thread takes at a time: few enough that all threads end together. */
const CHUNK = 10;
/** Of a search that ends with the first failure: no seed after it is run. */
const SINGLE = 1;
const BROKEN_MAX = 10;
const WORKER = fileURLToPath(import.meta.resolve("./worker.ts"));

export async function search({
  from,
  seeds,
  threads = availableParallelism(),
  mutation,
  comparing = false,
  untilFailed = false,
  onProgress,
}: Search): Promise<Summary> {
  const started = performance.now();
  const failuresMax = untilFailed ? 1 : Infinity;
  const chunk = untilFailed ? SINGLE : CHUNK;
  const failed: Ran["failed"][number][] = [];
  const faults: Record<string, number> = {};
  let events = 0;
  let begun = 0;
  let done = 0;

  async function runThread(): Promise<void> {
    const thread = startThread(mutation ? { mutation } : {});
    try {
      while (begun < seeds && failed.length < failuresMax) {
        const length = Math.min(chunk, seeds - begun);
        const first = from + begun;
        begun += length;
        const ran = await thread.ask<Ran>({
          kind: comparing ? "compare" : "run",
          seeds: Array.from({ length }, (_, at) => String(first + at)),
        });
        failed.push(...ran.failed);
        events += ran.events;
        for (const [name, count] of Object.entries(ran.faults)) {
          faults[name] = (faults[name] ?? 0) + count;
        }
        done += length;
        onProgress?.(done);
      }
    } finally {
      await thread.end();
    }
  }
  await Promise.all(Array.from({ length: threads }, () => runThread()));
  const inOrder = failed.toSorted((a, b) => Number(a.seed) - Number(b.seed));
  return {
    seeds: done,
    from,
    failed: failed.length,
    failedSeeds: inOrder.map(({ seed }) => seed),
    broken: inOrder
      .slice(0, BROKEN_MAX)
      .map(({ seed, violations: [first] }) => `${seed}: ${first?.invariant}: ${first?.detail}`),
    events,
    faultsByKind: Object.fromEntries(
      Object.entries(faults).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
    seedsPerSecond: Math.round((10_000 * done) / (performance.now() - started)) / 10,
  };
}

export async function replay(
  seed: string,
  { shorten, mutation }: { readonly shorten: boolean; readonly mutation?: Mutation },
): Promise<Replayed> {
  const thread = startThread(mutation ? { mutation } : {});
  try {
    return await thread.ask<Replayed>({ kind: "replay", seed, shorten });
  } finally {
    await thread.end();
  }
}

function startThread(workerData: ThreadData) {
  const worker = new Worker(WORKER, { workerData });
  return {
    /** One question at a time. */
    ask: <Answer>(order: Order): Promise<Answer> =>
      new Promise((answered, failed) => {
        worker.once("error", failed);
        worker.once("message", (answer: Answer) => {
          worker.off("error", failed);
          answered(answer);
        });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage(order);
      }),
    end: () => worker.terminate(),
  };
}
