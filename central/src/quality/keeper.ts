/** Keeps the figures of data quality up to date in the background: what is new every half minute, the whole every hour. */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { type Background, type BackgroundDeps, createBackground } from "../background.ts";
import type { AskEdge } from "../tills/routes.ts";
import { countPage } from "./count.ts";
import { readEdgeFailures } from "./edge-failures.ts";
import { windowOf } from "./series.ts";
import { type PairTally, pairsStatements, tallyPairs, twiceStatements } from "./snapshot.ts";

export interface QualityKeeperDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly askEdge: AskEdge;
  readonly nowMs: () => number;
}

const NO_PAIRS: PairTally = { a: "", b: "", count: 0 };

export function createQualityKeeper(deps: QualityKeeperDeps): Background {
  const { storage, askEdge, nowMs } = deps;
  let tally: PairTally | null = NO_PAIRS;
  let takenMs = -Infinity;
  let callOff: (() => void) | null = null;
  let isClosed = false;

  /** A page of pairs at a time; the rest when all have been seen. */
  async function snapshotPage(): Promise<boolean> {
    if (nowMs() - takenMs < LIMITS.qualitySnapshotMs) return false;
    const { next, isMore } = await tallyPairs(storage, tally ?? NO_PAIRS);
    tally = next;
    if (isMore) return true;
    const [from = ""] = windowOf(nowMs());
    // Of an edge that is away the figures of before stand; the page says since when nothing was heard.
    const edge = await readEdgeFailures(askEdge).catch(() => []);
    await storage.write([
      ...(await pairsStatements(storage, tally.count, nowMs())),
      ...(await twiceStatements(storage, from)),
      ...edge,
    ]);
    [tally, takenMs] = [NO_PAIRS, nowMs()];
    return false;
  }

  const background = createBackground(
    async () => (await countPage(storage)) || (await snapshotPage()),
    deps,
  );
  const kick = async (): Promise<void> => {
    callOff?.();
    await background.kick();
    if (!isClosed) callOff = deps.later(LIMITS.qualityCountMs, () => void kick());
  };
  return {
    kick,
    async close() {
      isClosed = true;
      callOff?.();
      await background.close();
    },
  };
}
