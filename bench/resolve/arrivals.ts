/**
 * New records against those that are stored, through the production function of the centre: one by one, delivered in batches,
 * and sales of known customers, which change nothing that resolution goes by. A centre that was filled is kept for the next
 * time, for that takes minutes.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../central/src/db/open.ts";
import type { ArrivedRecord } from "../../central/src/intake/source-record.ts";
import { takeFragments } from "../../central/src/intake/take-fragments.ts";
import { DEFAULT_MODEL } from "../../central/src/matching/model.ts";
import { DEFAULT_MATCHING_POLICY } from "../../central/src/matching/policy.ts";
import { prepareResolution } from "../../central/src/resolve/anew.ts";
import { createMatchingContext } from "../../central/src/resolve/matching-context.ts";
import { numberOf, rowsOf } from "../../shared/src/storage/port.ts";
import { DEFAULT_POLICY } from "../../shared/src/survivorship/policy.ts";
import { intoOneFile } from "../database-file.ts";
import { createVisits, IDENTITY, type Visits } from "./visits.ts";

const FILL_BATCH = 200;
/** As many as the edge delivers at once when it is busy. */
const DELIVERED = 20;
const NOW_MS = Date.UTC(2026, 1, 1);

export interface Arrivals {
  readonly stored: number;
  /** Milliseconds of each record; of a delivery by the number of its records. */
  readonly oneByOne: readonly number[];
  readonly inBatches: readonly number[];
  readonly sales: readonly number[];
}

export interface ArrivalsPlan {
  readonly sizes: readonly number[];
  readonly probes: number;
  readonly folder: string;
  /** Where filled centres are kept; null keeps none. */
  readonly keep: string | null;
}

/**
 * For each size in its turn; what was probed before is stored as well. A file is opened once and then copied: what a driver has
 * closed, it lets go of when its statements are collected, and takes the log of whoever has the file open by then with it.
 */
export async function benchArrivals(plan: ArrivalsPlan): Promise<Arrivals[]> {
  const visits = createVisits();
  const measured: Arrivals[] = [];
  let last: string | null = null;
  for (const size of plan.sizes) {
    const kept = plan.keep && join(plan.keep, `resolve-${size}.db`);
    const from: string | null = kept && existsSync(kept) ? kept : last;
    const filled = join(plan.folder, `filled-${size}.db`);
    await inFile(filled, from, (centre) => fillTo(centre, visits, size));
    if (kept && plan.keep && !existsSync(kept)) {
      mkdirSync(plan.keep, { recursive: true });
      copyFileSync(filled, `${kept}.part`);
      renameSync(`${kept}.part`, kept);
    }
    last = join(plan.folder, `probed-${size}.db`);
    await inFile(last, filled, async (centre) => {
      measured.push(await probe(centre, visits, plan.probes));
    });
  }
  return measured;
}

/** In a centre on a new file, with what the other file has; afterwards it is one file that may be copied. */
async function inFile(
  path: string,
  from: string | null,
  task: (centre: Centre) => Promise<void>,
): Promise<void> {
  if (from) copyFileSync(from, path);
  const centre = await openCentre(path);
  try {
    await task(centre);
  } finally {
    centre.close();
  }
  intoOneFile(path);
}

type Centre = Awaited<ReturnType<typeof openCentre>>;

async function openCentre(path: string) {
  const storage = await openDatabase({ url: `file:${path}` });
  const matching = createMatchingContext({
    model: DEFAULT_MODEL,
    policy: DEFAULT_MATCHING_POLICY,
    identity: IDENTITY,
  });
  await prepareResolution(storage, matching);
  const rules = { policy: DEFAULT_POLICY, matching };
  return {
    take: (records: readonly ArrivedRecord[]) =>
      takeFragments(storage, { records, refused: [] }, rules, NOW_MS),
    async count(): Promise<number> {
      const [row] = await rowsOf(storage, "select count(*) as n from source_record");
      return row ? numberOf(row, "n") : 0;
    },
    close: () => storage.close(),
  };
}

async function fillTo(centre: Centre, visits: Visits, size: number): Promise<void> {
  const stored = await centre.count();
  while (visits.count() < stored) visits.next();
  while (visits.count() < size) {
    const count = Math.min(FILL_BATCH, size - visits.count());
    await centre.take(Array.from({ length: count }, () => visits.next()));
  }
}

async function probe(centre: Centre, visits: Visits, probes: number): Promise<Arrivals> {
  const stored = await centre.count();
  const news = (): ArrivedRecord[] => Array.from({ length: probes }, () => visits.next());
  // What a process has not in its memory yet is another question.
  for (const each of batchesOf(news(), DELIVERED)) await centre.take(each);
  const single = news();
  const oneByOne = await timed(centre, batchesOf(single, 1));
  const inBatches = await timed(centre, batchesOf(news(), DELIVERED));
  const again = single.map((each) => ({
    ...each,
    clock: each.clock + 10_000_000,
    contribution: { ...each.contribution, seq: each.contribution.seq + 10_000_000 },
  }));
  return { stored, oneByOne, inBatches, sales: await timed(centre, batchesOf(again, DELIVERED)) };
}

async function timed(
  centre: Centre,
  deliveries: readonly (readonly ArrivedRecord[])[],
): Promise<number[]> {
  const ms: number[] = [];
  for (const delivery of deliveries) {
    const from = performance.now();
    await centre.take(delivery);
    ms.push((performance.now() - from) / delivery.length);
  }
  return ms;
}

const batchesOf = (list: readonly ArrivedRecord[], size: number): ArrivedRecord[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
