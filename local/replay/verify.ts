/** Checks each agent's journal against what it confirmed and what the centre holds. */
import type { JournalRow } from "../system/agent-client.ts";
import type { LadderBoard } from "../system/ladder.ts";
import { readCentreEvents, readJournal } from "../system/journals.ts";
import type { System } from "../system/system.ts";
import { addComparisons, compare, type Comparison, NOTHING_COMPARED } from "./compare.ts";
import { createLagMeter } from "./lag.ts";
import type { Report } from "./report.ts";
import type { Tally } from "./tally.ts";

interface Verification {
  readonly system: System;
  readonly board: LadderBoard;
  readonly tallies: ReadonlyMap<string, Tally>;
  /** Lags of earlier, interrupted runs tell how long they lay about, not how fast the system is. */
  readonly startedMs: number;
  readonly signal: AbortSignal;
}

export async function verifyAgents(
  the: Verification,
): Promise<{ compared: Comparison; lagMs: Report["lagMs"] }> {
  const merged = createLagMeter();
  const golden = createLagMeter();
  const onRow = (row: JournalRow): void => {
    if (!row.online || row.capturedMs < the.startedMs) return;
    if (row.mergedMs !== null) merged.record(row.mergedMs - row.capturedMs);
    if (row.goldenMs !== null) golden.record(row.goldenMs - row.capturedMs);
  };
  let compared = NOTHING_COMPARED;
  for (const agent of the.system.agents) {
    const tally = the.tallies.get(agent.source);
    if (!tally) throw new Error("every agent has a tally");
    const epoch = the.board.status(agent.source)?.epoch ?? 1;
    const lists = {
      confirmed: tally.read(),
      journal: readJournal(agent, the.signal),
      centre: readCentreEvents(the.system, { source: agent.source, epoch }, the.signal),
    };
    compared = addComparisons(compared, await compare(lists, onRow));
  }
  return {
    compared,
    lagMs: { capturedToMerged: merged.read(), capturedToGolden: golden.read() },
  };
}
