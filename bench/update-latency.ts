/**
 * From "accepted" to "anybody can read it": updates come at a fixed rate, whether or not the ones before are done, and each
 * is looked for over another connection, the way an app asks that has an older state (If-None-Match), until it is there.
 */
import { cpus, loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { meterCpu } from "./cpu.ts";
import { type Customer, type House, makeCustomers, openHouse, untilGolden } from "./house.ts";
import { bearer, type Connections, openConnections } from "./http.ts";
import { percentilesOf, rounded } from "./percentiles.ts";
import { type BenchOptions, growthOf, type GrowthPoint, type Measured } from "./measured.ts";
import { type Crossing, cross, meetCustomers } from "./update-latency/two-tills.ts";
import { type Sending, sendingsOf, type Update } from "./update-latency/updates.ts";

/** How many customers are there while it is measured, and how long each time (s): for its growth, and at last for itself. */
const SIZES: readonly Size[] = [
  { customers: 2_000, seconds: 10 },
  { customers: 4_000, seconds: 10 },
  { customers: 8_000, seconds: 30 },
];
const QUICK_SIZES: readonly Size[] = [
  { customers: 100, seconds: 1 },
  { customers: 200, seconds: 1 },
  { customers: 400, seconds: 4 },
];
/** Whom both tills know, and how long they speak of them (s). */
const CROSSING: Size = { customers: 400, seconds: 30 };
const QUICK_CROSSING: Size = { customers: 100, seconds: 3 };
const WARM_SECONDS = { quick: 1, whole: 2 };
const PER_SECOND = 100;
/** Between the answer to one read and the next one. */
const POLL_GAP_MS = 5;
const GIVEN_UP_MS = 10_000;
const LIMIT_P95_MS = 100;
const LIMIT_P99_MS = 500;
const STORES = ["store-1", "store-2"];
/** From one store's till to another's. */
const LIMIT_TILLS_P95_MS = 300;

export async function benchUpdateLatency({ isQuick }: BenchOptions): Promise<Measured[]> {
  const house = await openHouse(STORES);
  try {
    const sizes = isQuick ? QUICK_SIZES : SIZES;
    const warm = { name: "warm", seconds: WARM_SECONDS[isQuick ? "quick" : "whole"] };
    const rows = await growing(house, sizes, warm);
    return [...rows, await betweenTills(house, isQuick ? QUICK_CROSSING : CROSSING, warm)];
  } finally {
    await house.stop();
  }
}

interface Size {
  readonly customers: number;
  readonly seconds: number;
}

/** Of the last size, and how it has come to it. */
async function growing(house: House, sizes: readonly Size[], warm: Plan): Promise<Measured[]> {
  const customers: Customer[] = [];
  const points: GrowthPoint[] = [];
  let rows: Measured[] = [];
  for (const { customers: size, seconds } of sizes) {
    customers.push(...(await makeCustomers(house, size - customers.length, customers.length)));
    await untilGolden(house);
    // Code that runs for the first time is slow, in the generator as well.
    if (points.length === 0) await run(house, customers, warm);
    const taken = await run(house, customers, { name: `timed-${size}`, seconds });
    points.push({ size, cost: percentilesOf(taken.seen).p50 });
    rows = measuredOf(taken, { customers: size, seconds, points });
  }
  return rows;
}

async function betweenTills(
  house: House,
  { customers, seconds }: Size,
  warm: Plan,
): Promise<Measured> {
  const [one, other] = house.tills;
  if (!one || !other) throw new Error("the house has no two tills");
  await meetCustomers(house, [one, other], customers);
  const pace = { perSecond: PER_SECOND, customers };
  await cross(house, [one, other], { ...pace, ...warm });
  const cpu = meterCpu(house);
  const crossing = await cross(house, [one, other], { ...pace, name: "timed", seconds });
  return tillsRow(crossing, cpu(PER_SECOND * seconds));
}

interface Taken {
  /** From the answer to the read that shows it (ms). */
  readonly seen: number[];
  /** From the moment it was due to the answer (ms). */
  readonly accepted: number[];
  /** From the moment it was due to the read that shows it (ms). */
  readonly whole: number[];
  readonly errors: Map<string, number>;
  reads: number;
  /** Of edge, centre and this process meanwhile. */
  cpu: string;
}

interface Plan {
  readonly name: string;
  readonly seconds: number;
}

async function run(house: House, customers: readonly Customer[], plan: Plan): Promise<Taken> {
  const sendings = sendingsOf(house, customers, { ...plan, perSecond: PER_SECOND });
  const writers = openConnections(house.edgePort, 16);
  const readers = openConnections(house.edgePort, 16);
  const taken: Taken = { seen: [], accepted: [], whole: [], errors: new Map(), reads: 0, cpu: "" };
  const cpu = meterCpu(house);
  const under = { house, writers, readers, taken };
  const startMs = performance.now() + 100;
  const running: Promise<void>[] = [];
  for (const sending of sendings) {
    const dueMs = startMs + sending.atMs;
    const restMs = dueMs - performance.now();
    if (restMs > 0) await wait(restMs);
    running.push(sendOne(under, sending, dueMs).catch((error: unknown) => note(taken, error)));
  }
  await Promise.all(running);
  taken.cpu = cpu(PER_SECOND * plan.seconds);
  writers.close();
  readers.close();
  return taken;
}

interface Under {
  readonly house: House;
  readonly writers: Connections;
  readonly readers: Connections;
  readonly taken: Taken;
}

class Failed extends Error {}

/** Counted by what it says: statuses and reasons of ours. */
function note({ errors }: Taken, error: unknown): void {
  const what = error instanceof Error ? error.message : "unknown";
  errors.set(what, (errors.get(what) ?? 0) + 1);
}

async function sendOne(under: Under, { ask, updates }: Sending, dueMs: number): Promise<void> {
  const answer = await under.writers.ask(ask);
  const acceptedMs = performance.now();
  if (answer.status < 200 || answer.status > 299) {
    throw new Failed(`an update was answered with ${answer.status}`);
  }
  under.taken.accepted.push(acceptedMs - dueMs);
  await Promise.all(
    updates.map(async (update) => {
      const seenMs = await untilSeen(under, update, acceptedMs);
      under.taken.seen.push(seenMs - acceptedMs);
      under.taken.whole.push(seenMs - dueMs);
    }),
  );
}

/** When the answer had come whole. */
async function untilSeen(
  { house, readers, taken }: Under,
  { customer, word }: Update,
  fromMs: number,
): Promise<number> {
  let known: Record<string, string> = {};
  for (;;) {
    const answer = await readers.ask({
      path: `/v1/customers/${customer.id}`,
      headers: { ...bearer(house.centralToken), ...known },
    });
    const nowMs = performance.now();
    taken.reads += 1;
    if (answer.status === 200 && answer.body.includes(word)) return nowMs;
    if (answer.status !== 200 && answer.status !== 304) {
      throw new Failed(`a read was answered with ${answer.status}`);
    }
    if (nowMs - fromMs > GIVEN_UP_MS) throw new Failed("an update was not seen within 10 seconds");
    const { etag } = answer.headers;
    if (etag !== undefined) known = { "if-none-match": etag };
    await wait(POLL_GAP_MS);
  }
}

interface About extends Size {
  readonly points: readonly GrowthPoint[];
}

function measuredOf(
  { seen, accepted, whole, errors, reads, cpu }: Taken,
  { customers, seconds, points }: About,
): Measured[] {
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
  const faults = [...errors].map(([what, count]) => `; ${count}: ${what}`).join("");
  const conditions =
    `${PER_SECOND} updates/s for ${seconds} s, half claims, half Segment calls and batches of 4; ` +
    `${customers} customers; centre beside it; ${cpus().length} cores, ` +
    `load ${rounded(loadavg()[0] ?? 0)}; ${Math.round(reads / seconds)} reads/s; ` +
    `${cpu}; ${failed} errors${faults}`;
  const one = (bench: string, latencies: readonly number[]) => {
    const percentiles = percentilesOf(latencies);
    const { p95 } = percentiles;
    const against = { baseline: LIMIT_P95_MS, ratio: rounded(p95 / LIMIT_P95_MS) };
    const n = latencies.length;
    return { bench, value: p95, unit: "ms p95", ...against, n, ...percentiles, conditions };
  };
  const main = one("update-latency", seen);
  const missed = [
    ...(main.p95 < LIMIT_P95_MS ? [] : [`p95 is not under ${LIMIT_P95_MS} ms`]),
    ...(main.p99 < LIMIT_P99_MS ? [] : [`p99 is not under ${LIMIT_P99_MS} ms`]),
    ...(failed === 0 ? [] : [`${failed} updates failed`]),
  ];
  const limit = `p95 < ${LIMIT_P95_MS} ms, p99 < ${LIMIT_P99_MS} ms`;
  const growth = growthOf({ of: "customers", cost: "of each", unit: "ms p50", points });
  return [
    { ...main, limit, missed, growth },
    one("update-latency: due to accepted", accepted),
    one("update-latency: due to seen", whole),
  ];
}

function tillsRow({ seen, errors }: Crossing, cpu: string): Measured {
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
  const faults = [...errors].map(([what, count]) => `; ${count}: ${what}`).join("");
  const percentiles = percentilesOf(seen);
  const { p95 } = percentiles;
  return {
    bench: "update-latency: captured to seen at another store's till",
    value: p95,
    unit: "ms p95",
    baseline: LIMIT_TILLS_P95_MS,
    ratio: rounded(p95 / LIMIT_TILLS_P95_MS),
    n: seen.length,
    ...percentiles,
    conditions:
      `${PER_SECOND} claims/s at the tills of two stores in turns, both with the customers in their working sets; one in eight ` +
      `looked for over the other till's local API; ${cpu}; ${failed} errors${faults}`,
    limit: `p95 < ${LIMIT_TILLS_P95_MS} ms`,
    missed: [
      ...(p95 < LIMIT_TILLS_P95_MS ? [] : [`p95 is not under ${LIMIT_TILLS_P95_MS} ms`]),
      ...(failed === 0 ? [] : [`${failed} captures failed, or were not seen`]),
    ],
  };
}
