/** How far the captures of all agents have come on the ack ladder. */
import { setTimeout as wait } from "node:timers/promises";
import { CommandFailure } from "../command.ts";
import type { AgentStatus } from "./agent-client.ts";
import { Unavailable } from "./request.ts";
import type { Agent } from "./system.ts";

export const RUNGS = ["captured", "accepted", "merged", "golden"] as const;
export type Rung = (typeof RUNGS)[number];
export type Ladder = Readonly<Record<Rung, number>>;

const GROUND: Ladder = { captured: 0, accepted: 0, merged: 0, golden: 0 };

export interface LadderBoard {
  /** Asks all agents; one that is down keeps its last figures. */
  refresh(): Promise<void>;
  /** Sum over the agents, or over those of one store. */
  read(store?: string): Ladder;
  status(source: string): AgentStatus | null;
  /** Sources with captures that are not golden. */
  behind(): readonly string[];
}

export function createLadderBoard(agents: readonly Agent[]): LadderBoard {
  const statusBySource = new Map<string, AgentStatus>();
  return {
    async refresh() {
      await Promise.all(
        agents.map(async ({ source, client }) => {
          try {
            statusBySource.set(source, await client.status());
          } catch (error) {
            if (!(error instanceof Unavailable)) throw error;
          }
        }),
      );
    },
    read: (store) =>
      agents
        .filter((agent) => store === undefined || agent.store === store)
        .map(({ source }) => statusBySource.get(source)?.total ?? GROUND)
        .reduce<Ladder>(addLadders, GROUND),
    status: (source) => statusBySource.get(source) ?? null,
    behind: () =>
      [...statusBySource]
        .filter(([, { total }]) => total.golden < total.captured)
        .map(([source]) => source),
  };
}

function addLadders(a: Ladder, b: Ladder): Ladder {
  return {
    captured: a.captured + b.captured,
    accepted: a.accepted + b.accepted,
    merged: a.merged + b.merged,
    golden: a.golden + b.golden,
  };
}

const stalledAfterMs = 120_000;
const lookEveryMs = 250;

/** Until every captured event is golden; fails when nothing moves any more. */
export async function untilGolden(
  board: LadderBoard,
  signal: AbortSignal,
  onLook: () => void,
): Promise<void> {
  let seen = "";
  let movedMs = Date.now();
  for (;;) {
    signal.throwIfAborted();
    await board.refresh();
    onLook();
    const ladder = board.read();
    if (ladder.captured > 0 && ladder.golden === ladder.captured) return;
    if (JSON.stringify(ladder) !== seen) movedMs = Date.now();
    seen = JSON.stringify(ladder);
    if (Date.now() - movedMs > stalledAfterMs) {
      const missing = ladder.captured - ladder.golden;
      throw new CommandFailure(
        `${missing} of ${ladder.captured} events are not golden, and nothing has moved for ${stalledAfterMs / 1000} s: ` +
          `${board.behind().join(", ")}.`,
      );
    }
    await wait(lookEveryMs);
  }
}
