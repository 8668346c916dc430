/** A thread of the simulator: runs seeds as it is told, each in a world of its own. With a mutation, on broken machines. */
import { parentPort, workerData } from "node:worker_threads";
import { installMutation, type Mutation } from "./mutation.ts";
import type { RunResult, Violation } from "./run.ts";

export interface ThreadData {
  readonly mutation?: Mutation;
}

export type Order =
  | { readonly kind: "run"; readonly seeds: readonly string[] }
  /** Edge and centre are compared meanwhile, and then something is broken; seeds that lose disks by themselves are left out. */
  | { readonly kind: "compare"; readonly seeds: readonly string[] }
  /** With `shorten`, of the shortest plan that still breaks what the seed's plan breaks. */
  | { readonly kind: "replay"; readonly seed: string; readonly shorten: boolean };

export interface Ran {
  readonly failed: readonly { readonly seed: string; readonly violations: readonly Violation[] }[];
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
}

export interface Replayed {
  readonly violations: readonly Violation[];
  readonly steps: number;
  readonly trace: readonly string[];
}

const { mutation } = workerData as ThreadData;
if (mutation) installMutation(mutation);
// Thousands of simulated failures are thrown for each that anybody looks at.
Error.stackTraceLimit = 0;
const { createDatabasePool } = await import("./database.ts");
const { installPlatform } = await import("./platform.ts");
const { planOf } = await import("./plan.ts");
const { runPlan } = await import("./run.ts");
const { shorten } = await import("./shorten.ts");
const { breakOf, isOrdinary, runBroken, runOrdinary } = await import("./comparing.ts");

installPlatform();
const pool = await createDatabasePool();
// What fails here is a failure of the simulator: it ends the thread, and with it the search.
parentPort?.on("message", (order: Order) => void answer(order));

async function answer(order: Order): Promise<void> {
  const done = order.kind === "replay" ? await replay(order) : await run(order);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(done);
}

async function run({ kind, seeds }: Exclude<Order, { kind: "replay" }>): Promise<Ran> {
  const failed: { seed: string; violations: readonly Violation[] }[] = [];
  const faults: Record<string, number> = {};
  let events = 0;
  for (const seed of seeds) {
    const result = kind === "run" ? await runPlan(planOf(seed), pool) : await compare(seed);
    events += result.events;
    for (const [name, count] of Object.entries(result.faults)) {
      faults[name] = (faults[name] ?? 0) + count;
    }
    if (result.violations.length > 0) failed.push({ seed, violations: result.violations });
  }
  return { failed, events, faults };
}

/** What was broken is counted among the faults. */
async function compare(seed: string): Promise<RunResult> {
  const none = { violations: [], events: 0, faults: {}, trace: [] };
  if (!isOrdinary(seed)) return none;
  const ordinary = await runOrdinary(seed, pool);
  if (ordinary.violations.length > 0) return ordinary;
  const broken = breakOf(seed);
  const { whom, ...result } = await runBroken(seed, broken, pool);
  return { ...result, faults: whom > 0 ? { [broken.name]: 1 } : {} };
}

async function replay(order: Extract<Order, { kind: "replay" }>): Promise<Replayed> {
  let plan = planOf(order.seed);
  if (order.shorten) {
    plan = await shorten(plan, async (shorter) => (await runPlan(shorter, pool)).violations);
  }
  const { violations, trace } = await runPlan(plan, pool, { traced: true });
  return { violations, steps: plan.steps.length, trace };
}
