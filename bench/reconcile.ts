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
import type { BenchOptions, Measured } from "./measured.ts";

const STORES = 200;
const QUICK_STORES = 20;
const SALES = 1_000;
/** What all stores of a day may take. */
const LIMIT_MS = 60_000;
const NOW_MS = Date.UTC(2027, 0, 1);

export async function benchReconcile({ isQuick }: BenchOptions): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-bench-"));
  const storage = await openDatabase({ url: `file:${join(folder, "central.db")}` });
  try {
    const stores = isQuick ? QUICK_STORES : STORES;
    const filled = await fillStores(storage, stores, SALES);
    return [await measure(storage, filled.days, (LIMIT_MS * stores) / STORES)];
  } finally {
    storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  storage: Storage,
  days: readonly { store: string; businessDay: string }[],
  limitMs: number,
): Promise<Measured> {
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
  const { sales, rows, wrong } = await countsOf(storage);
  const [load = 0] = loadavg();
  return {
    bench: "reconcile",
    value: rounded(tookMs / 1_000),
    unit: "seconds for a day of all stores",
    baseline: limitMs / 1_000,
    ratio: rounded(tookMs / limitMs),
    n: days.length,
    ...percentilesOf(latencies),
    conditions:
      `${days.length} stores, ${sales} sales in ${rows} rows, all checks; ` +
      `${rounded((user + system) / 1_000_000)} s of processor, ${rounded((1_000 * tookMs) / rows)} µs a row, ` +
      `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB, ${cpus().length} cores, load ${rounded(load)}`,
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
