/**
 * What the edge weighs and what a month of it costs: the bundle, disk and memory by customers, and rows, requests and
 * processor time of each sale and each read, counted in the real Worker by what its storage says that it has read and written.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type BundleBytes, bundleBytes } from "./footprint/bundle.ts";
import { type Weight, weighCustomers } from "./footprint/disk.ts";
import { type Counts, type MeteredHouse, openMeteredHouse } from "./footprint/house.ts";
import { type PackageBytes, packageBytes } from "./footprint/package.ts";
import { type MonthlyUse, monthlyCost, OBJECT_GB, PRICES } from "./footprint/prices.ts";
import { readProfiles } from "./footprint/reads.ts";
import {
  ENVELOPE,
  type PerSale,
  sellFirst,
  sellInEnvelopes,
  sellOneByOne,
} from "./footprint/sales.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";
import { rounded } from "./percentiles.ts";

const ROOT = resolve(import.meta.dirname, "..");
const LIMITS = { bundleKb: 400, rowsWritten: 8, dollars: 50 };
const STORES = 4;
const QUICK = { perTill: 8, reads: 100, customers: [100, 200, 400] };
const WHOLE = { perTill: 40, reads: 1_000, customers: [5_000, 10_000, 20_000] };
/** What the retailer of the arithmetic has in a month. */
const MONTH = { customers: 1e6, salesEach: 2, readsEach: 8, yearsKept: 1 };
/** Of the centre: bytes that the `centre` bench allows it, and rows that nobody counts for us: those the plan includes. */
const CENTRE = { customerBytes: 3_000, eventBytes: 600, rowsPerSale: 40, rowsReadPerSale: 400 };
/** An item's body is let go of some days after it is golden: one row more, after what is measured here. */
const LATER_ROWS = 1;

export async function benchFootprint({ isQuick }: BenchOptions): Promise<Measured[]> {
  const plan = isQuick ? QUICK : WHOLE;
  const folder = mkdtempSync(join(tmpdir(), "regulars-bundle-"));
  try {
    const house = await openMeteredHouse(STORES);
    try {
      // What is built on the way takes nothing from what is counted, which begins when all is still.
      const [bundle, packed, first] = await Promise.all([
        bundleBytes(ROOT, folder),
        packageBytes(ROOT, folder),
        sellFirst(house),
      ]);
      const { sale: single, after } = await sellOneByOne(house, plan.perTill, first);
      const enveloped = isQuick ? [] : [await envelopesRow(house, after)];
      const read = await readProfiles(house, plan.reads);
      const weights = await weighCustomers(house, plan.customers);
      return [
        rowsRow("footprint", single, "each pushed alone as it comes"),
        ...enveloped,
        costRow(single, read, weights),
        bundleRow(bundle),
        packageRow(packed),
        diskRow(weights),
        memoryRow(weights),
      ];
    } finally {
      await house.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** There is no limit for it: a quick run goes without. */
async function envelopesRow(house: MeteredHouse, before: Counts): Promise<Measured> {
  const { sale } = await sellInEnvelopes(house, before);
  return withoutLimit(
    rowsRow("footprint: in envelopes", sale, `pushed ${ENVELOPE} at once after an outage`),
  );
}

const NOT_TIMED = { p50: 0, p95: 0, p99: 0 };
const millions = (count: number): string => `${(count / 1e6).toFixed(2)} M`;
const each = (value: number): string => value.toFixed(2);

function rowsRow(bench: string, sale: PerSale, how: string): Measured {
  const value = rounded(sale.rowsWritten + LATER_ROWS);
  const { rowsWritten: limit } = LIMITS;
  return {
    bench,
    value,
    unit: "rows/sale",
    baseline: limit,
    ratio: rounded(value / limit),
    n: sale.sales,
    ...NOT_TIMED,
    conditions:
      `rows written by Durable Objects for a sale to a known customer, until it is golden and its store's till has the profile, ` +
      `${how}, at ${STORES} stores: index rows, deletes and ${each(sale.alarms)} alarms included (one for an object in five seconds of work, and with it a row for the marks of its tills or the end of ` +
      `what it owed: a sale by itself sets two and writes two such rows), and ${LATER_ROWS} for the body ` +
      `that goes days later; besides ${each(sale.rowsRead)} rows read, ${each(sale.workerRequests)} requests of the Worker, ` +
      `${each(sale.objectRequests)} of objects, ${each(sale.cpuMs)} ms of CPU, objects awake for ${Math.round(sale.activeMs)} ms; most rows: ${sale.by.slice(0, 4).join(" | ")}`,
    limit: `≤ ${limit} rows written per sale`,
    missed: value <= limit ? [] : [`${value} rows are written for a sale`],
  };
}

function withoutLimit({ limit: _limit, missed: _missed, ...row }: Measured): Measured {
  return row;
}

function costRow(sale: PerSale, read: PerSale, weights: readonly Weight[]): Measured {
  const use = monthOf(sale, read, weights);
  const lines = monthlyCost(use);
  const value = rounded(lines.reduce((sum, { dollars }) => sum + dollars, 0));
  const { dollars: limit } = LIMITS;
  return {
    bench: "footprint: a month",
    value,
    unit: "US$/month",
    baseline: limit,
    ratio: rounded(value / limit),
    n: MONTH.customers,
    ...NOT_TIMED,
    conditions:
      `list prices as of ${PRICES.readOn}; every sale pushed alone, every read by itself; ${millions(MONTH.customers)} customers with ${MONTH.salesEach} sales and ` +
      `${MONTH.readsEach} reads each: ${millions(use.requests)} requests, ${millions(use.cpuMs)} ms of CPU, ` +
      `${millions(use.objectRequests)} object requests, ${millions(use.objectGbSeconds)} GB-s, ${millions(use.rowsRead)} rows ` +
      `read, ${millions(use.rowsWritten)} written, ${each(use.storedGb)} GB at the edge; at the centre ` +
      `${each(use.centreGb)} GB after a year by the limits of its own bench, ${CENTRE.rowsPerSale} rows a sale assumed; in US$: ` +
      lines.map(({ of, dollars }) => `${of} ${each(dollars)}`).join(", "),
    limit: `≤ ${limit} US$ per month per million customers`,
    missed: value <= limit ? [] : [`${value} US$ a month`],
  };
}

/** Each sale pushed alone and each read by itself, as dear as they can be. */
function monthOf(sale: PerSale, read: PerSale, weights: readonly Weight[]): MonthlyUse {
  const sales = MONTH.customers * MONTH.salesEach;
  const reads = MONTH.customers * MONTH.readsEach;
  const both = (of: (per: PerSale) => number): number => sales * of(sale) + reads * of(read);
  const objectRequests = both((per) => per.objectRequests);
  const events = sales * 12 * MONTH.yearsKept;
  return {
    requests: both((per) => per.workerRequests),
    cpuMs: both((per) => per.cpuMs),
    objectRequests,
    objectGbSeconds: (both((per) => per.activeMs) / 1_000) * OBJECT_GB,
    rowsRead: both((per) => per.rowsRead),
    rowsWritten: both((per) => per.rowsWritten) + sales * LATER_ROWS,
    storedGb: (bytesEach(weights, ({ diskBytes }) => diskBytes) * MONTH.customers) / 1e9,
    centreRowsWritten: sales * CENTRE.rowsPerSale,
    centreRowsRead: sales * CENTRE.rowsReadPerSale,
    centreGb: (MONTH.customers * CENTRE.customerBytes + events * CENTRE.eventBytes) / 1e9,
  };
}

function bundleRow({ gzip, plain }: BundleBytes): Measured {
  const value = rounded(gzip / 1_000);
  const { bundleKb: limit } = LIMITS;
  return {
    bench: "footprint: edge bundle",
    value,
    unit: "kB gzip",
    baseline: limit,
    ratio: rounded(value / limit),
    n: 1,
    ...NOT_TIMED,
    conditions: `the Worker as it is uploaded, minified: ${Math.round(plain / 1_000)} kB before gzip`,
    limit: `< ${limit} kB gzip`,
    missed: value < limit ? [] : [`${value} kB`],
  };
}

function packageRow({ tarball, unpacked, dependencies }: PackageBytes): Measured {
  const value = rounded((unpacked + dependencies) / 1e6);
  return {
    bench: "footprint: agent package",
    value,
    unit: "MB installed",
    baseline: value,
    ratio: 1,
    n: 1,
    ...NOT_TIMED,
    conditions:
      `the packed agent: ${rounded(tarball / 1e6)} MB as a tarball, ${rounded(unpacked / 1e6)} MB unpacked, ` +
      `${rounded(dependencies / 1e6)} MB of what it depends on, most of it the database's binary for this machine`,
  };
}

function diskRow(weights: readonly Weight[]): Measured {
  const bytes = bytesEach(weights, ({ diskBytes }) => diskBytes);
  return {
    bench: "footprint: disk",
    value: rounded((bytes * 100_000) / 1e6),
    unit: "MB/100k customers",
    baseline: rounded((bytes * 100_000) / 1e6),
    ratio: 1,
    n: weights.at(-1)?.customers ?? 0,
    ...NOT_TIMED,
    conditions:
      "of all objects: profile, fragment, keys and journal of a customer of the web shop with name, e-mail and address; " +
      "the slope between the smallest and the largest size",
    growth: growthOf({
      of: "customers",
      cost: "of all",
      unit: "MB",
      points: weights.map(({ customers, diskBytes }) => ({
        size: customers,
        cost: rounded(diskBytes / 1e6),
      })),
    }),
  };
}

function memoryRow(weights: readonly Weight[]): Measured {
  const bytes = bytesEach(weights, ({ memoryBytes }) => memoryBytes);
  const largest = weights.at(-1);
  const value = rounded((bytes * 100_000) / 1e6);
  return {
    bench: "footprint: memory",
    value,
    unit: "MB/100k customers",
    baseline: value,
    ratio: 1,
    n: largest?.customers ?? 0,
    ...NOT_TIMED,
    conditions:
      `resident memory of workerd while customers are made, by its growth between the smallest and the largest size; ` +
      `${rounded((largest?.memoryBytes ?? 0) / 1e6)} MB in all with ${largest?.customers} customers; most of it is young garbage, ` +
      `for a shard keeps no more customers in memory than its limit`,
  };
}

function bytesEach(weights: readonly Weight[], of: (weight: Weight) => number): number {
  const [first, last] = [weights[0], weights.at(-1)];
  if (!first || !last || first === last) return 0;
  return (of(last) - of(first)) / (last.customers - first.customers);
}
