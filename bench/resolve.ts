/**
 * Who is who: everybody at once, in threads, against a plain SQL join that only counts the same candidate pairs; and new records
 * against those that are stored, through the production function of the centre.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inspectHere } from "./inspected.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";
import { type Arrivals, benchArrivals } from "./resolve/arrivals.ts";
import { type BatchSize, benchBatches, type Round } from "./resolve/batches.ts";

const LIMITS = { pairsPerSecond: 1_000_000, exponent: 1.2, recordsPerSecond: 300, p99Ms: 50 };
const QUICK = { sizes: [300, 600, 1_200], alone: 1_200, probes: 60, rounds: 3 };
const WHOLE = { sizes: [10_000, 50_000, 200_000], alone: 50_000, probes: 1_000, rounds: 5 };
const KEEP = resolve(import.meta.dirname, "../.regulars/bench");

export async function benchResolve({ isQuick }: BenchOptions): Promise<Measured[]> {
  inspectHere(process.env);
  const { sizes, alone, probes, rounds } = isQuick ? QUICK : WHOLE;
  const batches = await benchBatches(sizes, rounds, (size) => size === alone);
  const folder = mkdtempSync(join(tmpdir(), "regulars-resolve-"));
  try {
    const keep = isQuick ? null : KEEP;
    const arrivals = await benchArrivals({ sizes, probes, folder, keep });
    const largest = batches.at(-1);
    const both = batches.find((each) => each.rounds.some(({ aloneSeconds }) => aloneSeconds > 0));
    if (!largest || !both) throw new Error("nothing was measured");
    return [comparingRow(largest), batchRow(batches, both), ...arrivalRows(arrivals)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const of = (rounds: readonly Round[], each: (round: Round) => number): number =>
  medianOf(rounds.map(each));

const NOT_TIMED = { p50: 0, p95: 0, p99: 0 };

/** The rate counts each pair once, and the join's as often as it finds it. */
function comparingRow({ records, pairs, joined, rounds }: BatchSize): Measured {
  const value = Math.round(of(rounds, ({ comparingSeconds }) => pairs / comparingSeconds));
  const baseline = Math.round(of(rounds, ({ joinSeconds }) => joined / joinSeconds));
  const ratios = rounds.map(
    ({ comparingSeconds, joinSeconds }) => pairs / comparingSeconds / (joined / joinSeconds),
  );
  return {
    bench: "resolve",
    value,
    unit: "pairs/s",
    baseline,
    ratio: rounded(medianOf(ratios)),
    n: pairs,
    ...NOT_TIMED,
    conditions:
      `pairs compared in 16 fields by two threads, ${records} records of a labelled town, ${pairs} pairs by the wall time of ` +
      `that stage: from handing it out to the last answer, going through the codes that they have in common included, making ` +
      `records and codes ready not, nor training and weighing, which are in the row of the batch; baseline: an SQL join on the same codes that counts ${joined} pairs, one ` +
      `for each code in common, and compares nothing; medians of ${rounds.length} rounds; ` +
      `${Math.round(of(rounds, (round) => pairs / round.comparingCpuSeconds))} pairs per second of the processor`,
    limit: `≥ ${LIMITS.pairsPerSecond.toLocaleString("en")} pairs per second on two cores, from as many pairs on`,
    // Of few pairs the rate says how soon threads are warm, and nothing of how fast they are.
    missed:
      value >= LIMITS.pairsPerSecond || pairs < LIMITS.pairsPerSecond
        ? []
        : [`${value.toLocaleString("en")} pairs per second are too few`],
  };
}

function batchRow(batches: readonly BatchSize[], both: BatchSize): Measured {
  const points = batches.map(({ records, rounds }) => ({
    size: records,
    cost: rounded(of(rounds, ({ seconds }) => seconds)),
  }));
  const value = Math.round(both.records / of(both.rounds, ({ seconds }) => seconds));
  const baseline = Math.round(both.records / of(both.rounds, ({ aloneSeconds }) => aloneSeconds));
  const ratios = both.rounds.map(({ seconds, aloneSeconds }) => aloneSeconds / seconds);
  const growth = growthOf({ of: "records", cost: "of all", unit: "s", points });
  return {
    bench: "resolve: batch",
    value,
    unit: "records/s",
    baseline,
    ratio: rounded(medianOf(ratios)),
    n: both.records,
    ...NOT_TIMED,
    conditions:
      `${both.records} records by two threads, from what they say to a trained model and the weights of their pairs; ` +
      `baseline: the same by one thread; pairs by records: ${batches.map(({ records, pairs }) => `${pairs} by ${records}`).join(", ")}`,
    limit: `grows with n^${LIMITS.exponent} at most`,
    growth,
  };
}

const rateOf = (ms: readonly number[]): number =>
  Math.round((ms.length * 1_000) / ms.reduce((sum, each) => sum + each, 0));

function arrivalRows(arrivals: readonly Arrivals[]): Measured[] {
  const last = arrivals.at(-1);
  if (!last) throw new Error("nothing has arrived");
  const growthBy = (each: (arrivals: Arrivals) => readonly number[]) =>
    growthOf({
      of: "stored records",
      cost: "of each",
      unit: "ms",
      points: arrivals.map((at) => ({ size: at.stored, cost: rounded(medianOf(each(at))) })),
    });
  const conditions = `against ${last.stored} stored records in a libSQL file, synced`;
  const { p99 } = percentilesOf(last.oneByOne);
  const rate = rateOf(last.inBatches);
  const isFast = rate >= LIMITS.recordsPerSecond;
  return [
    {
      bench: "resolve: one by one",
      value: p99,
      unit: "ms, p99",
      baseline: LIMITS.p99Ms,
      ratio: rounded(p99 / LIMITS.p99Ms),
      n: last.oneByOne.length,
      ...percentilesOf(last.oneByOne),
      conditions: `new records ${conditions}, each delivered alone: ${rateOf(last.oneByOne)} per second`,
      limit: `p99 ≤ ${LIMITS.p99Ms} ms`,
      missed: p99 <= LIMITS.p99Ms ? [] : [`p99 is ${p99} ms`],
      growth: growthBy(({ oneByOne }) => oneByOne),
    },
    {
      bench: "resolve: in batches",
      value: rate,
      unit: "records/s",
      baseline: LIMITS.recordsPerSecond,
      ratio: rounded(rate / LIMITS.recordsPerSecond),
      n: last.inBatches.length * 20,
      ...percentilesOf(last.inBatches),
      conditions: `new records ${conditions}, delivered 20 at a time; ms by the record`,
      limit: `≥ ${LIMITS.recordsPerSecond} records per second`,
      missed: isFast ? [] : [`${rate} records per second are too few`],
      growth: growthBy(({ inBatches }) => inBatches),
    },
    {
      bench: "resolve: sales",
      value: rateOf(last.sales),
      unit: "records/s",
      baseline: rate,
      ratio: rounded(rateOf(last.sales) / rate),
      n: last.sales.length * 20,
      ...percentilesOf(last.sales),
      conditions: `sales of known customers ${conditions}, 20 at a time; baseline: new records`,
      growth: growthBy(({ sales }) => sales),
    },
  ];
}
