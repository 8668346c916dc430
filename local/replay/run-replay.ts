/** The run itself: capture everything, wait until it is golden, compare every event. */
import { join } from "node:path";
import { BrokenInput, type Invoice } from "../formats/invoice.ts";
import type { Progress } from "../progress.ts";
import { createLadderBoard, type LadderBoard, untilGolden } from "../system/ladder.ts";
import type { System } from "../system/system.ts";
import { untilAvailable } from "../system/until-available.ts";
import { captureInvoices, NOTHING_SENT, type Sent } from "./capture-invoices.ts";
import type { Options } from "./options.ts";
import { planOutages } from "./outages.ts";
import type { Findings } from "./report.ts";
import { openTally, type Tally } from "./tally.ts";
import { verifyAgents } from "./verify.ts";

export interface Run {
  readonly options: Options;
  readonly invoices: AsyncIterable<Invoice>;
  readonly system: System;
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

type Outcome = Pick<Findings, "sent" | "compared" | "totals" | "lagMs" | "wallSeconds"> & {
  /** Why the input was not read to its end. */
  readonly broken: BrokenInput | null;
};

const lookEveryMs = 1_000;

export async function runReplay(run: Run): Promise<Outcome> {
  const { system, progress, signal } = run;
  const startedMs = Date.now();
  const board = createLadderBoard(system.agents);
  const tallies = new Map<string, Tally>();
  for (const { source } of system.agents) {
    tallies.set(source, await openTally(join(run.folder, `confirmed-${source}.jsonl`)));
  }
  const { sent, broken } = await captureAll(run, board, tallies);
  for (const { uplink } of system.agents) await uplink.restore();
  await untilGolden(board, signal, () => progress.show([rowOf(board, 1)]));
  const wallSeconds = (Date.now() - startedMs) / 1000;
  const { compared, lagMs } = await verifyAgents({ system, board, tallies, startedMs, signal });
  const totals = await untilAvailable(() => system.centre.totals(), signal);
  return { sent, broken, compared, lagMs, wallSeconds, totals };
}

async function captureAll(
  { options, invoices, system, progress, signal }: Run,
  board: LadderBoard,
  tallies: ReadonlyMap<string, Tally>,
): Promise<{ sent: Sent; broken: BrokenInput | null }> {
  let sent = NOTHING_SENT;
  const ticker = setInterval(() => {
    board.refresh().then(
      () => progress.show([rowOf(board, sent.position)]),
      () => undefined, // the next look, or the run itself, meets it again
    );
  }, lookEveryMs);
  try {
    await captureInvoices({
      invoices,
      agents: system.agents,
      tallies,
      outages: planOutages(
        system.agents.map(({ source }) => source),
        options["offline-share"],
      ),
      limit: options.limit ?? Infinity,
      perSecond: options.rate,
      signal,
      onSent: (now) => {
        sent = now;
      },
    });
    return { sent, broken: null };
  } catch (error) {
    if (error instanceof BrokenInput) return { sent, broken: error };
    throw error;
  } finally {
    clearInterval(ticker);
    for (const tally of tallies.values()) await tally.close();
  }
}

/** The file's end is estimated from how much of it has been read. */
function rowOf(board: LadderBoard, position: number) {
  const ladder = board.read();
  return {
    name: "all tills",
    ladder,
    total: Math.round(ladder.captured / Math.max(position, 0.01)),
  };
}
