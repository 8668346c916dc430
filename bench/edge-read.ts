/**
 * A profile read over HTTP against the least that such a read could be: a Worker that asks a Durable Object for a text of the
 * same size, in the same workerd, in turns with it. Reads are spread over all customers, in an order without a pattern.
 */
import { loadavg } from "node:os";
import { type CustomerId, customerIdOf } from "@regulars/shared/ids";
import { type Run, runCallers } from "./capture/callers.ts";
import { cpuOfProcess } from "./cpu.ts";
import { NOTHING } from "./edge-read/bare.ts";
import { keyAt, makeCustomers } from "./edge-read/customers.ts";
import { multiply } from "./edge-read/multiply.ts";
import { startWorkers, type TwoWorkers } from "./edge-read/two-workers.ts";
import { type Answer, bearer } from "./http.ts";
import {
  type BenchOptions,
  type Growth,
  growthOf,
  type GrowthPoint,
  type Measured,
} from "./measured.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";

const AT_ONCE = 16;
/** So many that each shard has some. */
const MADE = 40;
const LIMIT_RATIO = 0.7;
/** `nothing` tells what the generator can do at most. */
const WAYS = ["nothing", "bare", "edge"] as const;
type Way = (typeof WAYS)[number];

interface Sizes {
  /** Customers at which the cost of a read is taken; the rounds are run with the last of them. */
  readonly customers: readonly number[];
  readonly perRound: number;
  readonly rounds: number;
}
const QUICK: Sizes = { customers: [200, 650, 2_000], perRound: 600, rounds: 6 };
const WHOLE: Sizes = { customers: [2_000, 6_500, 20_000], perRound: 4_000, rounds: 12 };
const ROUNDS_OF_GROWTH = 5;

export async function benchEdgeRead({ isQuick }: BenchOptions): Promise<Measured[]> {
  const sizes = isQuick ? QUICK : WHOLE;
  const workers = await startWorkers(AT_ONCE);
  try {
    const ids: CustomerId[] = [];
    const reading = readingOf(workers, ids);
    const points: GrowthPoint[] = [];
    ids.push(...(await makeCustomers(workers.edgePort, workers.token, { from: 0, to: MADE })));
    await workers.untilQuiet();
    for (const size of sizes.customers) {
      const { length: from } = ids;
      await workers.restart((objects) => multiply(objects, { from, to: size }));
      while (ids.length < size) ids.push(customerIdOf(keyAt(ids.length)));
      points.push({ size, cost: await costOfRead(reading.edge, sizes) });
    }
    const growth = growthOf({ of: "customers", cost: "of each", unit: "ms", points });
    const bytes = await fillBare(workers, ids);
    const taken = await inTurns(workers, reading, sizes);
    const conditions = `${bytes} bytes, ${AT_ONCE} at once, spread over ${ids.length} customers in 4 shards`;
    return [measuredOf(taken, conditions, growth)];
  } finally {
    workers.stop();
  }
}

type Reading = Readonly<Record<Way, () => Promise<void>>>;

/** The next read of each way; the ways go through the same customers in the same order. */
function readingOf({ edge, bare, token }: TwoWorkers, ids: readonly CustomerId[]): Reading {
  // The centre's calls are not counted; a key's are, and would be told to wait.
  const headers = bearer(token);
  const next = { nothing: 0, bare: 0, edge: 0 };
  const idOf = (way: Way): CustomerId => ids[spread(next[way]++, ids.length)] ?? "";
  return {
    nothing: async () => expectOk(await bare.ask({ path: NOTHING })),
    bare: async () => expectOk(await bare.ask({ path: `/${idOf("bare")}` })),
    edge: async () => expectOk(await edge.ask({ path: `/v1/customers/${idOf("edge")}`, headers })),
  };
}

/** A prime larger than any size, so that one round through all of them leaves none out, and neighbours are far apart. */
const STRIDE = 1_000_003;
const spread = (at: number, size: number): number => (at * STRIDE) % size;

function expectOk({ status }: Answer): void {
  if (status !== 200) throw new Error(`a read was answered with ${status}`);
}

/** Milliseconds of wall for each, with so many at once. */
async function costOfRead(read: () => Promise<void>, { perRound }: Sizes): Promise<number> {
  await runCallers(AT_ONCE, perRound, read);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS_OF_GROWTH; round++)
    rates.push((await runCallers(AT_ONCE, perRound, read)).perSecond);
  return Math.round(1_000_000 / medianOf(rates)) / 1_000;
}

/** A customer's profile under the id of each. */
async function fillBare({ edge, bare, token }: TwoWorkers, ids: readonly CustomerId[]) {
  const { body: json } = await edge.ask({
    path: `/v1/customers/${ids[0]}`,
    headers: bearer(token),
  });
  const answer = await bare.ask({
    method: "PUT",
    path: "/",
    body: JSON.stringify({ names: ids, json }),
  });
  if (answer.status !== 204) throw new Error(`the bare Worker answered ${answer.status}`);
  return Buffer.byteLength(json);
}

async function inTurns(
  workers: TwoWorkers,
  reading: Reading,
  { rounds, perRound }: Sizes,
): Promise<Record<Way, Taken>> {
  const taken = { nothing: new Taken(), bare: new Taken(), edge: new Taken() };
  for (const way of WAYS) await runCallers(AT_ONCE, perRound, reading[way]);
  for (let round = 0; round < rounds; round++) {
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      const cpuMs = cpuOfProcess(workers.pid());
      taken[way].runs.push(await runCallers(AT_ONCE, perRound, reading[way]));
      taken[way].cpuMs += cpuOfProcess(workers.pid()) - cpuMs;
    }
  }
  return taken;
}

class Taken {
  readonly runs: Run[] = [];
  /** Of workerd meanwhile. */
  cpuMs = 0;
  latencies(): number[] {
    return this.runs.flatMap(({ latencies }) => latencies);
  }
  perSecond(): number {
    return Math.round(medianOf(this.runs.map(({ perSecond }) => perSecond)));
  }
  cpuEachMs(): string {
    return (this.cpuMs / this.latencies().length).toFixed(3);
  }
}

/** The rate is the median of the rounds, and so is its ratio to the round of the other beside it. */
function measuredOf(
  { nothing, bare, edge }: Record<Way, Taken>,
  conditions: string,
  growth: Growth,
): Measured {
  const ratios = edge.runs.map(
    ({ perSecond }, round) => perSecond / (bare.runs[round]?.perSecond ?? perSecond),
  );
  const ratio = rounded(medianOf(ratios));
  const latencies = edge.latencies();
  return {
    bench: "edge-read",
    value: edge.perSecond(),
    unit: "reads/s",
    baseline: bare.perSecond(),
    ratio,
    n: latencies.length,
    ...percentilesOf(latencies),
    conditions:
      `bare Durable Object read in the same workerd; ${conditions}; medians of ${ratios.length} rounds; ` +
      `workerd's CPU ms each: bare ${bare.cpuEachMs()}, edge ${edge.cpuEachMs()}; ` +
      `a Worker that answers by itself: ${nothing.perSecond()}/s; load ${rounded(loadavg()[0] ?? 0)}`,
    limit: `at least ${LIMIT_RATIO} times the rate of its baseline`,
    missed: ratio >= LIMIT_RATIO ? [] : [`less than ${LIMIT_RATIO} times the rate of its baseline`],
    growth,
  };
}
