/**
 * How long head office takes to check a day of all stores: 200 stores of three tills and a thousand sales each, with Zs, seals,
 * settlement files and customers whose golden totals are compared. The day before is there as well, as it is in life.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { openDatabase } from "../central/src/db/open.ts";
import { checkStoreDay } from "../central/src/reconcile/check-day.ts";
import { percentilesOf, rounded } from "./percentiles.ts";
import { fillStores } from "./reconcile/fill.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";

const STORES = [50, 100, 200];
const QUICK_STORES = [5, 10, 20];
const SALES = 1_000;
/** What a day of 200 stores may take. */
const LIMIT_MS = 60_000;
const LIMIT_STORES = 200;
const NOW_MS = Date.UTC(2027, 0, 1);

export async function benchReconcile({ isQuick }: BenchOptions): Promise<Measured[]> {
  const checked: Checked[] = [];
  for (const stores of isQuick ? QUICK_STORES : STORES) checked.push(await checkStores(stores));
  const all = checked.at(-1);
  if (!all) throw new Error("no stores were checked");
  const points = checked.map(({ latencies, tookMs }) => ({ size: latencies.length, cost: tookMs / 1_000 })); // prettier-ignore
  const growth = growthOf({ of: "stores", cost: "of all", unit: "s", points });
  return [{ ...measuredOf(all), growth }];
}

interface Checked {
  /** Of each store (ms). */
  readonly latencies: readonly number[];
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly sales: number;
  readonly rows: number;
  /** Store-days that are not found complete. */
  readonly wrong: number;
}

async function checkStores(stores: number): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-bench-"));
  const storage = await openDatabase({ url: `file:${join(folder, "central.db")}` });
  try {
    const { days } = await fillStores(storage, stores, SALES);
    return await checkDays(storage, days);
  } finally {
    storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkDays(
  storage: Storage,
  days: readonly { store: string; businessDay: string }[],
): Promise<Checked> {
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const deps = { storage, nowMs: () => NOW_MS, rest: () => setImmediate() };
  for (const day of days) {
    const dayMs = performance.now();
    await checkStoreDay(deps, day);
    latencies.push(performance.now() - dayMs);
    await setImmediate();
  }
  const tookMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return { latencies, tookMs, cpuMs: (user + system) / 1_000, ...(await countsOf(storage)) };
}

function measuredOf({ latencies, tookMs, cpuMs, sales, rows, wrong }: Checked): Measured {
  const stores = latencies.length;
  const limitMs = (LIMIT_MS * stores) / LIMIT_STORES;
  const [load = 0] = loadavg();
  return {
    bench: "reconcile",
    value: rounded(tookMs / 1_000),
    unit: "s for all stores",
    baseline: limitMs / 1_000,
    ratio: rounded(tookMs / limitMs),
    n: stores,
    ...percentilesOf(latencies),
    conditions:
      `${stores} stores, ${sales} sales in ${rows} rows, all checks; ` +
      `${rounded(cpuMs / 1_000)} s of processor, ${rounded((1_000 * tookMs) / rows)} µs a row, ` +
      `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB, ${cpus().length} cores, load ${rounded(load)}`,
    limit: `a day of all stores in ${limitMs / 1_000} s, each found complete`,
    missed: [
      ...(tookMs > limitMs ? [`took ${rounded(tookMs / 1_000)} s, not ${limitMs / 1_000}`] : []),
      ...(wrong > 0 ? [`${wrong} store-days are not complete, though nothing is wrong`] : []),
    ],
  };
}

async function countsOf(storage: Storage) {
  const [row] = await rowsOf(
    storage,
    `select sum(figures ->> '$.sales') as sales, sum(figures ->> '$.events') as rows_,
       count(*) filter (where state <> 'complete') as wrong
     from store_day where checked_ms is not null`,
  );
  if (!row) throw new Error("nothing was checked");
  return {
    sales: numberOf(row, "sales"),
    rows: numberOf(row, "rows_"),
    wrong: numberOf(row, "wrong"),
  };
}
