/** What a till is asked about the far past, and what a sale takes while rows move there. */
import { performance } from "node:perf_hooks";
import { setImmediate, setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { createArchive } from "../../store-agent/src/archive/archive.ts";
import { openFolder } from "../../store-agent/src/db/open-folder.ts";
import { createGoldenEdge } from "./golden-edge.ts";
import type { Filled } from "./filled-folder.ts";
import { openFilling, saleAt, SOURCE, STORE } from "./filling-till.ts";
import type { Started } from "./started-agent.ts";

const VOID_EVERY = 4;

export interface AskedOld {
  /** New sales, sales that were made long ago, and voids of these (ms). */
  readonly fresh: number[];
  readonly repeats: number[];
  readonly voids: number[];
  readonly wrong: number;
}

const answerSchema = z.object({ repeated: z.boolean() });

/** A POS that asks again of the far past, in turns with new sales, over the API of the process. */
export async function askOld(agent: Started, filled: Filled, asked: number): Promise<AskedOld> {
  const [fresh, repeats, voids]: [number[], number[], number[]] = [[], [], []];
  const { people, sales } = filled;
  let wrong = 0;
  for (let n = 0; n < asked; n++) {
    fresh.push((await agent.capture(saleAt(filled.sales++, people))).ms);
    const old = saleAt(Math.floor((n * sales * 0.9) / asked), people);
    const again = await agent.capture(old);
    const parsed = answerSchema.safeParse(again.body);
    if (!parsed.success || !parsed.data.repeated) wrong += 1;
    repeats.push(again.ms);
    if (n % VOID_EVERY > 0) continue;
    const voiding = { kind: "void", voids: old.externalId };
    const taken = await agent.capture({ ...voiding, idempotencyKey: `v${old.idempotencyKey}` });
    if (taken.status !== 201 && taken.status !== 200) wrong += 1;
    const twice = await agent.capture(voiding);
    if (twice.status !== 409) wrong += 1;
    voids.push(taken.ms);
  }
  return { fresh, repeats, voids, wrong };
}

/** Of a key that is nowhere, as each new sale brings one (µs). */
export async function missUs(dataDir: string): Promise<number> {
  const opened = await openFolder({ dataDir, source: SOURCE, store: STORE });
  const archive = createArchive(opened.storage, opened.archive);
  await archive.find("key", "none");
  const count = 10_000;
  const startedMs = performance.now();
  for (let n = 0; n < count; n++) await archive.find("key", `nowhere-${n}`);
  const tookMs = performance.now() - startedMs;
  await opened.close();
  return (tookMs * 1_000) / count;
}

const GROUP = 64;
const IN_A_ROUND = 20;

export interface Moving {
  readonly idle: number[];
  readonly moving: number[];
}

/** One sale after the other, each synced to the disk: while so many files of rows move, and as many while none do (ms). */
export async function captureWhileMoving(
  dataDir: string,
  sales: number,
  files: number,
): Promise<Moving> {
  const edge = createGoldenEdge(SOURCE);
  edge.setGolden(false);
  const filling = await openFilling(dataDir, edge, "full");
  const { till } = filling;
  let n = 0;
  for (let group = 0; group < sales; group += GROUP) {
    await Promise.all(Array.from({ length: GROUP }, () => till.capture(saleAt(n++, sales))));
  }
  while ((await till.status()).total.accepted < n) await wait(50);
  async function sell(isOver: () => Promise<boolean>): Promise<number[]> {
    const times: number[] = [];
    do {
      for (let turn = 0; turn < IN_A_ROUND; turn++) {
        const sentMs = performance.now();
        await till.capture(saleAt(n++, sales));
        times.push(performance.now() - sentMs);
        await setImmediate();
      }
    } while (!(await isOver()));
    return times;
  }
  let rounds = 0;
  const idle = await sell(async () => ++rounds > 40);
  edge.setGolden(true);
  const moving = await sell(async () => (await till.status()).archive.files >= files);
  await filling.close();
  return { idle, moving };
}
