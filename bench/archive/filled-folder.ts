/** A folder that a till fills more and more, while nearly all of it becomes golden and moves into archive files. */
import { setTimeout as wait } from "node:timers/promises";
import { LIMITS } from "@regulars/shared/limits";
import { createGoldenEdge, GOLDEN_BUT, type GoldenEdge } from "./golden-edge.ts";
import { type Filling, openFilling, saleAt, SOURCE } from "./filling-till.ts";

const GROUP = 64;
/** So far may the edge be behind while the till is filled. */
const BEHIND_MAX = 20_000;
const LOOK_EVERY_MS = 100;

export interface Filled {
  /** Sales so far, also those that were made in between. */
  sales: number;
  readonly people: number;
  readonly dataDir: string;
  readonly edge: GoldenEdge;
}

export const createFilled = (dataDir: string, people: number): Filled => ({
  sales: 0,
  people,
  dataDir,
  edge: createGoldenEdge(SOURCE),
});

/** Up to so many events, and until nothing is left to be moved. In full groups, and without a sync per commit. */
export async function fillTo(filled: Filled, events: number): Promise<void> {
  const filling = await openFilling(filled.dataDir, filled.edge);
  let { captured } = (await filling.till.status()).total;
  while (captured < events) {
    captured = Math.max(captured, await sellGroup(filling, filled));
    while (captured - filled.edge.accepted() > BEHIND_MAX) await wait(5);
  }
  while (!(await isMoved(filling))) await wait(LOOK_EVERY_MS);
  await filling.close();
}

async function sellGroup({ till }: Filling, filled: Filled): Promise<number> {
  const group = Array.from({ length: GROUP }, () => till.capture(saleAt(filled.sales++, filled.people))); // prettier-ignore
  let captured = 0;
  for (const answer of await Promise.all(group)) {
    if (!answer.ok) throw new Error("a sale was refused");
    captured = Math.max(captured, answer.value.seq);
  }
  return captured;
}

/** Less than one file is left beyond what is kept. */
async function isMoved({ till }: Filling): Promise<boolean> {
  const { total, archive } = await till.status();
  const left = total.golden - archive.rows - LIMITS.archiveKeptRows;
  return total.golden >= total.captured - GOLDEN_BUT && left < LIMITS.archiveSegmentRows;
}
