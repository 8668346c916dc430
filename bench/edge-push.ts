/**
 * Rows of journals over the sync protocol, each with the update of a fragment, against the least that a write could be: a Worker
 * that asks a Durable Object to insert one row of the same size, in the same workerd, in turns with it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { findPorts } from "../local/system/ports.ts";
import { besideBare } from "./bare.ts";
import { BARE_WORKER } from "./edge-push/bare.ts";
import { openPushTill, type PushTill } from "./edge-push/tills.ts";
import { bearer, type Connections, openConnections } from "./http.ts";
import { type BenchOptions, type Growth, growthOf, type Measured } from "./measured.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";
import { type LoneEdge, startLoneEdge } from "./workerd.ts";

const FIRST_PORT = 31_200;
/** One till each, for a store may make so many calls a second and no more. */
const STORES = 16;
const MANY = 50;
const FILL = 500;
/** Of a row without its envelope; what the bare one writes is as long. */
const ROW_BYTES = 1_300;
const LEAST = { one: 0.5, many: 5 };

interface Plan {
  readonly rounds: number;
  /** Requests of a burst. */
  readonly ones: number;
  readonly manies: number;
  /** Rows that are stored when a point of the growth is taken. */
  readonly sizes: readonly number[];
}

const QUICK: Plan = { rounds: 5, ones: 160, manies: 16, sizes: [500, 1_000, 2_000] };
const FULL: Plan = { rounds: 7, ones: 480, manies: 48, sizes: [4_000, 12_000, 36_000] };

interface Parts {
  readonly edge: LoneEdge;
  readonly tills: readonly PushTill[];
  readonly bare: Connections;
  readonly calls: Connections;
}

export async function benchEdgePush({ isQuick }: BenchOptions): Promise<Measured[]> {
  const plan = isQuick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  const port = await findPorts(2, FIRST_PORT);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bare.js"), BARE_WORKER);
  const besides = { beside: besideBare("BareRows"), sockets: { bare: port + 1 } };
  const edge = await startLoneEdge({ folder, port, ...besides });
  const bare = openConnections(port + 1, STORES);
  const calls = openConnections(port, STORES);
  try {
    const tills: PushTill[] = [];
    for (let at = 0; at < STORES; at++) tills.push(await openPushTill(edge, folder, at));
    const parts = { edge, tills, bare, calls };
    const growth = await grow(parts, plan);
    return rowsOf(await takeRounds(parts, plan), growth, plan);
  } finally {
    bare.close();
    calls.close();
    await edge.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Taken {
  readonly perSecond: number[];
  /** Until all of the burst is merged; none of the bare one. */
  readonly mergedPerSecond: number[];
  /** Of each request (ms). */
  readonly latencies: number[];
}

const nothing = (): Taken => ({ perSecond: [], mergedPerSecond: [], latencies: [] });

async function takeRounds(parts: Parts, { rounds, ones, manies }: Plan) {
  const way = {
    bare: async (taken: Taken) => burst(taken, ones, 1, (at) => writeBare(parts, at)),
    one: async (taken: Taken) => pushBurst(parts, taken, ones, 1),
    many: async (taken: Taken) => pushBurst(parts, taken, manies, MANY),
  };
  const ways = ["bare", "one", "many"] as const;
  // The first time warms what is compiled when it is used.
  for (const each of ways) await way[each](nothing());
  const taken = { bare: nothing(), one: nothing(), many: nothing() };
  for (let round = 0; round < rounds; round++) {
    for (const each of round % 2 === 0 ? ways.toReversed() : ways) await way[each](taken[each]);
  }
  return taken;
}

const ROW = JSON.stringify({ body: "x".repeat(ROW_BYTES) });

async function writeBare({ bare }: Parts, at: number): Promise<void> {
  const path = `/store-${(at % STORES) + 1}`;
  const answer = await bare.ask({ method: "POST", path, body: ROW });
  if (answer.status !== 204) throw new Error(`a row was answered with ${answer.status}`);
}

/** Each till has one push under way, as tills do. What was taken is merged before anything else is measured. */
async function pushBurst(parts: Parts, taken: Taken, requests: number, items: number) {
  const { tills, calls } = parts;
  for (const till of tills) till.prepare((requests / STORES) * items);
  const fromMs = performance.now();
  await burst(taken, requests, items, (at) => tills[at % STORES]?.push(calls, items));
  await untilMerged(parts);
  taken.mergedPerSecond.push(((requests * items) / (performance.now() - fromMs)) * 1_000);
}

async function burst(
  taken: Taken,
  requests: number,
  items: number,
  askOne: (at: number) => Promise<void> | undefined,
): Promise<void> {
  const fromMs = performance.now();
  await Promise.all(
    Array.from({ length: STORES }, async (_, of) => {
      for (let at = of; at < requests; at += STORES) {
        const sentMs = performance.now();
        await askOne(at);
        taken.latencies.push(performance.now() - sentMs);
      }
    }),
  );
  taken.perSecond.push(((requests * items) / (performance.now() - fromMs)) * 1_000);
}

const statusSchema = z.object({
  stores: z.array(z.object({ terminals: z.array(z.object({ merged: z.int() })) })),
});
const LOOK_EVERY_MS = 20;
const MERGED_WITHIN_MS = 60_000;

async function untilMerged({ edge, tills, calls }: Parts): Promise<void> {
  const accepted = tills.reduce((sum, till) => sum + till.accepted(), 0);
  const deadline = performance.now() + MERGED_WITHIN_MS;
  for (;;) {
    const answer = await calls.ask({ path: "/v1/status", headers: bearer(edge.centralToken) });
    const { stores } = statusSchema.parse(JSON.parse(answer.body));
    const terminals = stores.flatMap((store) => store.terminals);
    const merged = terminals.reduce((sum, terminal) => sum + terminal.merged, 0);
    if (merged === accepted) return;
    if (performance.now() > deadline)
      throw new Error(`${accepted - merged} rows do not get merged`);
    await wait(LOOK_EVERY_MS);
  }
}

/** What an item costs while so much is stored. */
async function grow(parts: Parts, { sizes, manies }: Plan): Promise<Growth> {
  const points = [];
  for (const size of sizes) {
    const stored = parts.tills.reduce((sum, till) => sum + till.accepted(), 0);
    const missing = Math.ceil((size - stored) / STORES);
    for (let filled = 0; filled < missing; filled += FILL) {
      const count = Math.min(FILL, missing - filled);
      for (const till of parts.tills) {
        till.prepare(count);
        await till.push(parts.calls, count);
      }
    }
    await untilMerged(parts);
    const taken = nothing();
    for (let round = 0; round < 3; round++) await pushBurst(parts, taken, manies, MANY);
    points.push({ size, cost: 1_000 / medianOf(taken.perSecond) });
  }
  return growthOf({ of: "rows stored", cost: "of each", unit: "ms", points });
}

const mergedIn = ({ mergedPerSecond }: Taken): number => Math.round(medianOf(mergedPerSecond));

function rowsOf(
  { bare, one, many }: Record<"bare" | "one" | "many", Taken>,
  growth: Growth,
  { rounds }: Plan,
): Measured[] {
  const conditions =
    `rows of ${STORES} tills of as many stores, each with the update of a fragment; beside a bare Worker and Durable Object that ` +
    `inserts a row of ${ROW_BYTES} bytes for each request, over ${STORES} connections, in the same workerd; every row is hashed, ` +
    `chained and durable before its answer, and is merged meanwhile or after it: ${mergedIn(many)} rows a second in bursts of ` +
    `envelopes, ${mergedIn(one)} one at a time; medians of ${rounds} rounds; ` +
    `${cpus().length} cores, load ${rounded(loadavg()[0] ?? 0)}`;
  const row = (bench: string, { perSecond, latencies }: Taken, least: number): Measured => {
    const ratio = rounded(
      medianOf(perSecond.map((each, round) => each / (bare.perSecond[round] ?? each))),
    );
    return {
      bench,
      value: Math.round(medianOf(perSecond)),
      unit: "items/s",
      baseline: Math.round(medianOf(bare.perSecond)),
      ratio,
      n: latencies.length,
      ...percentilesOf(latencies),
      conditions,
      limit: `≥ ${least} × a bare row per request`,
      missed:
        ratio >= least ? [] : [`${ratio} × a bare row per request, where it should be ≥ ${least}`],
    };
  };
  return [
    { ...row("edge-push", many, LEAST.many), growth },
    row("edge-push: one item at a time", one, LEAST.one),
  ];
}
