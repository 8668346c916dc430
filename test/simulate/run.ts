/** One plan from its first step to quiet: what was found wrong, and what there was of everything. */
import { LIMITS } from "@regulars/shared/limits";
import type { DatabasePool } from "./database.ts";
import { lastEndMs, strike } from "./faults.ts";
import { violationsOf } from "./invariants.ts";
import type { Plan, Step } from "./plan.ts";
import { firstWaiting } from "./quiet.ts";
import type { Comparing } from "./parts.ts";
import { createWorld, START_MS, type World } from "./world.ts";

export interface Violation {
  /** The invariant, in few words: what a shorter plan has to break as well. */
  readonly invariant: string;
  readonly detail: string;
}

export interface RunResult {
  readonly violations: readonly Violation[];
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

export interface RunOptions {
  readonly traced?: boolean;
  readonly comparing?: Comparing;
  /** Before the first step: what it sets is beside the plan. */
  readonly whenBegun?: (world: World) => void;
  /** Once all is quiet, and before anything is looked for. */
  readonly whenQuiet?: (world: World) => Promise<readonly Violation[]>;
}

/** Longer than every backoff and the sweep together. */
const QUIET_WITHIN_MS = 15 * 60_000;
const LOOK_EVERY_MS = 1_000;

export async function runPlan(
  plan: Plan,
  pool: DatabasePool,
  { traced = false, comparing, whenBegun, whenQuiet }: RunOptions = {},
): Promise<RunResult> {
  const world = createWorld(plan.seed, plan.setting, pool, traced, comparing);
  const faults: Record<string, number> = {};
  try {
    whenBegun?.(world);
    for (const step of plan.steps) {
      await untilAwake(world, step.atMs);
      if (step.kind === "fault") {
        const name = step.fault === "network" ? step.mode : step.fault;
        faults[name] = (faults[name] ?? 0) + 1;
      }
      take(world, step);
    }
    await untilAwake(world, endMsOf(plan));
    let waiting = await untilQuiet(world);
    // A copy may have been made of a till that had nothing to say since, and an edge that has lost everything be asked by
    // none.
    if (hasClones(world) || faults["edge_lost"] !== undefined) {
      await world.timeline.runUntil(world.timeline.nowMs() + 2 * LIMITS.pullEveryMs);
      waiting = await untilQuiet(world);
    }
    const violations: Violation[] = world.errors.map((detail) => ({
      invariant: "no machine breaks an invariant of its own",
      detail,
    }));
    if (waiting) violations.push({ invariant: "no queue is stuck", detail: waiting });
    else {
      violations.push(...((await whenQuiet?.(world)) ?? []));
      violations.push(...(await violationsOf(world)));
    }
    for (const { invariant, detail } of violations)
      world.tell("VIOLATION", () => `${invariant}: ${detail}`);
    return { violations, events: world.timeline.events(), faults, trace: world.trace };
  } finally {
    world.end();
  }
}

const hasClones = ({ tills }: World): boolean =>
  new Set(tills.map(({ source }) => source)).size < tills.length;

/** A little after the last step, so that what it began has begun. */
function endMsOf({ steps }: Plan): number {
  const faults = steps.filter((step) => step.kind === "fault");
  return Math.max(steps.at(-1)?.atMs ?? 0, lastEndMs(faults)) + 1_000;
}

/** Steps are in waking hours: what everybody sleeps through does not count. */
async function untilAwake({ timeline }: World, atMs: number): Promise<void> {
  const due = (): number => START_MS + atMs + timeline.sleptMs();
  do await timeline.runUntil(due());
  while (timeline.nowMs() < due());
}

/** A step for a machine that is not there, because the step that made it was left out, is nothing. */
function take(world: World, step: Step): void {
  switch (step.kind) {
    case "capture":
      world.tills.find(({ name }) => name === step.till)?.order(step.tag, step.input);
      return;
    case "look_up":
      void world.tills.find(({ name }) => name === step.till)?.lookup(step.query);
      return;
    case "sleep":
      world.tell("everybody", () => `sleeps ${step.forMs} ms`);
      world.timeline.skip(step.forMs);
      return;
    case "fault":
      strike(world, step);
  }
}

/** Faults end, all that is down starts; null when every queue has run empty, else what has not. */
export async function untilQuiet(world: World): Promise<string | null> {
  const { timeline } = world;
  world.tell("everybody", () => "is healed");
  world.network.heal();
  world.edge.setInnerFailures(0);
  for (const machine of world.machines()) machine.heal();
  const endMs = timeline.nowMs() + QUIET_WITHIN_MS;
  let waiting = firstWaiting(world);
  while (waiting && timeline.nowMs() < endMs) {
    await timeline.runUntil(timeline.nowMs() + LOOK_EVERY_MS);
    waiting = firstWaiting(world);
  }
  return waiting;
}
