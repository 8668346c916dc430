/** What the tills bring when the network is there again, while they go on selling. */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { createLagMeter, type Lag } from "../../local/replay/lag.ts";
import { createLadderBoard, type LadderBoard, untilGolden } from "../../local/system/ladder.ts";
import type { Agent, System } from "../../local/system/system.ts";
import { saleAt } from "./filling.ts";

const RUNGS = ["accepted", "merged", "golden"] as const;
type Rung = (typeof RUNGS)[number];

const LOOK_EVERY_MS = 100;
const PAGE = 1_000;

export interface Drained {
  /** Sales that were made meanwhile. */
  readonly sold: number;
  /** From the start of the tills until all of the outage had come so far. */
  readonly seconds: Readonly<Record<Rung, number>>;
  /** Of the sales of now: from captured to merged, as their tills learned it (ms). */
  readonly live: Lag;
}

interface Draining {
  /** When the first till was started. */
  readonly startedMs: number;
  readonly salesPerTill: number;
  /** Over all tills. */
  readonly perSecond: number;
}

export async function drain(system: System, plan: Draining, signal: AbortSignal): Promise<Drained> {
  const sinceMs = Date.now();
  const board = createLadderBoard(system.agents);
  const stop = new AbortController();
  const selling = sellOn(system.agents, plan, stop.signal);
  const reached = await untilDrained(system.agents, board, { ...plan, signal });
  stop.abort();
  const sold = await selling;
  await untilGolden(board, signal, () => undefined);
  const secondsUntil = (ms: number): number => (ms - plan.startedMs) / 1_000;
  const seconds = {
    accepted: secondsUntil(reached.accepted),
    merged: secondsUntil(reached.merged),
    golden: secondsUntil(reached.golden),
  };
  return { sold, seconds, live: await liveLag(system.agents, sinceMs) };
}

/** When all that was captured before this start of the tills had come to each rung (ms since the epoch of Unix). */
async function untilDrained(
  agents: readonly Agent[],
  board: LadderBoard,
  { salesPerTill, signal }: Draining & { readonly signal: AbortSignal },
): Promise<Record<Rung, number>> {
  const backlog = agents.length * salesPerTill;
  const reached: Partial<Record<Rung, number>> = {};
  for (;;) {
    signal.throwIfAborted();
    await board.refresh();
    const closed = agents.flatMap(({ source }) => board.status(source)?.closed ?? []);
    const ladder = board.read();
    const nowMs = Date.now();
    for (const rung of RUNGS) {
      // A closed epoch may not be told of any more when all of it is golden.
      const isOfClosed = closed.every((epoch) => epoch[rung] >= epoch.captured);
      if (isOfClosed && ladder[rung] >= backlog) reached[rung] ??= nowMs;
    }
    const { golden, accepted = golden, merged = golden } = reached;
    if (golden !== undefined && accepted !== undefined && merged !== undefined) return { accepted, merged, golden }; // prettier-ignore
    await wait(LOOK_EVERY_MS);
  }
}

/** Sells at the given rate over all tills until told to stop; how many sales were made. */
async function sellOn(
  agents: readonly Agent[],
  { salesPerTill, perSecond }: Draining,
  signal: AbortSignal,
): Promise<number> {
  let sold = 0;
  const started = performance.now();
  while (!signal.aborted) {
    const till = sold % agents.length;
    const nth = salesPerTill + Math.floor(sold / agents.length);
    await agents[till]?.client.capture(saleAt(till, nth));
    sold += 1;
    const dueMs = started + (sold * 1_000) / perSecond;
    await wait(Math.max(0, dueMs - performance.now()));
  }
  return sold;
}

async function liveLag(agents: readonly Agent[], sinceMs: number): Promise<Lag> {
  const merged = createLagMeter();
  for (const { client } of agents) {
    for (let after = 0; ;) {
      const rows = await client.journal(after, PAGE);
      for (const row of rows) {
        if (row.capturedMs < sinceMs || row.mergedMs === null) continue;
        merged.record(row.mergedMs - row.capturedMs);
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.seq;
    }
  }
  const lag = merged.read();
  if (!lag) throw new Error("no sale was made while the tills drained");
  return lag;
}
