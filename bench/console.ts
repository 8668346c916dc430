/**
 * How fast pages of the console open on a large database: 1,000,000 customers and 5,000,000 events of 200 stores, or a tenth of
 * it when quick. The database is made once and kept in an ignored folder; the centre runs as a process of its own.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { openDatabase } from "../central/src/db/open.ts";
import { startCentre } from "./centre/process.ts";
import { fillTemplate } from "./centre/template.ts";
import { multiply } from "./centre/multiply.ts";
import { pagesOf } from "./centre/pages.ts";
import { percentilesOf, rounded } from "./percentiles.ts";
import type { BenchOptions, Measured } from "./measured.ts";

const ROOT = resolve(import.meta.dirname, "..");
const LIMIT_MS = 300;
const END_MS = Date.UTC(2026, 10, 23);
const CUSTOMERS_PER_STORE = 5_000;
const EVENTS_PER_STORE = 25_000;
const WARM = 3;

export async function benchConsole({ isQuick }: BenchOptions): Promise<Measured[]> {
  const stores = isQuick ? 20 : 200;
  const file = await openLarge(stores);
  const pages = await pagesOf(file);
  const centre = await startCentre(pathToFileURL(file).href);
  const rounds = isQuick ? 20 : 60;
  try {
    const taken = new Map(Object.keys(pages).map((name) => [name, [] as number[]]));
    for (let round = -WARM; round < rounds; round += 1) {
      for (const [name, pathOf] of Object.entries(pages)) {
        const tookMs = await centre.open(pathOf(round + WARM));
        if (round >= 0) taken.get(name)?.push(tookMs);
      }
    }
    const conditions =
      `${stores} stores, ${stores * CUSTOMERS_PER_STORE} customers, ${stores * EVENTS_PER_STORE} events in a libSQL file; ` +
      `one reader, pages in turns; the centre had ${centre.memoryMb()} MB at the end.`;
    return [...taken].map(([name, times]) => {
      const percentiles = percentilesOf(times);
      return {
        bench: `console ${name}`,
        value: percentiles.p95,
        unit: "ms",
        baseline: LIMIT_MS,
        ratio: rounded(percentiles.p95 / LIMIT_MS),
        n: times.length,
        ...percentiles,
        conditions,
        missed: percentiles.p95 > LIMIT_MS ? [`p95 is above ${LIMIT_MS} ms`] : [],
      };
    });
  } finally {
    await centre.stop();
  }
}

async function openLarge(stores: number): Promise<string> {
  const folder = join(ROOT, ".regulars", "bench");
  const file = join(folder, `centre-${stores}.db`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const template = await openTemplate(folder);
  const begun = clear(`${file}.begun`);
  copyFileSync(template, begun);
  const startedMs = performance.now();
  await multiply(pathToFileURL(begun).href, stores, (done) => {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    if (done % 10 === 0) console.error(`${done} of ${stores} stores after ${seconds} s`);
  });
  return finished(begun, file);
}

async function openTemplate(folder: string): Promise<string> {
  const file = join(folder, "centre-template.db");
  if (existsSync(file)) return file;
  const begun = clear(`${file}.begun`);
  const storage = await openDatabase({ url: pathToFileURL(begun).href });
  await fillTemplate(storage, {
    customers: CUSTOMERS_PER_STORE,
    events: EVENTS_PER_STORE,
    endMs: END_MS,
  });
  storage.close();
  return finished(begun, file);
}

function clear(file: string): string {
  for (const ending of ["", "-wal", "-shm", ".lock"]) rmSync(`${file}${ending}`, { force: true });
  return file;
}

/** All of it in the one file, which has its name only when it is whole. */
async function finished(begun: string, file: string): Promise<string> {
  const client = createClient({ url: pathToFileURL(begun).href });
  await client.execute("pragma wal_checkpoint(truncate)");
  client.close();
  renameSync(begun, file);
  clear(begun);
  return file;
}
