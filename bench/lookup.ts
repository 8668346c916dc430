/**
 * How long a cashier waits for a customer whom the store knows, with no network at all; what the agent weighs meanwhile; and how
 * soon it sells after it was started with all of them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SOURCE, STORE } from "./archive/filling-till.ts";
import { type AgentProcess, startAgent } from "./agent-process.ts";
import { saleAt } from "./capture/sales.ts";
import { type Connections, openConnections } from "./http.ts";
import { fillWorkingSet } from "./lookup/fill.ts";
import { createPeople, type Person, profileOf } from "./lookup/people.ts";
import { KINDS, type Known } from "./lookup/queries.ts";
import { type BenchOptions, growthOf, type GrowthPoint, type Measured } from "./measured.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";

const LIMITS_OF = { lookupP99Ms: 5, residentMb: 200, startMs: 1_000 } as const;
const MB = 1_000_000;

interface Plan {
  /** Customers in the working set, in the order in which they come. */
  readonly sizes: readonly number[];
  /** Customers who are looked for, in every way. */
  readonly asked: number;
  readonly starts: number;
}

const QUICK: Plan = { sizes: [600, 1_800, 6_000], asked: 100, starts: 3 };
const WHOLE: Plan = { sizes: [20_000, 60_000, 200_000], asked: 1_000, starts: 7 };

export async function benchLookup({ isQuick }: BenchOptions): Promise<Measured[]> {
  const plan = isQuick ? QUICK : WHOLE;
  const folder = mkdtempSync(join(tmpdir(), "regulars-lookup-"));
  try {
    const shop = createShop(join(folder, SOURCE));
    const points: GrowthPoint[] = [];
    let last: Taken | null = null;
    for (const size of plan.sizes) {
      await shop.growTo(size);
      last = await askAll(shop, plan.asked);
      const all = [...last.tookMs.values()].flat();
      points.push({ size, cost: rounded(all.reduce((sum, ms) => sum + ms, 0) / all.length) });
    }
    if (!last) throw new Error("nothing was looked up");
    const growth = growthOf({
      of: "customers in the working set",
      cost: "of each",
      unit: "ms",
      points,
    });
    return rowsOf(plan, last, await timeStarts(shop, plan.starts), growth);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Shop {
  readonly dataDir: string;
  readonly people: readonly Person[];
  growTo(size: number): Promise<void>;
  nextSale(): number;
}

function createShop(dataDir: string): Shop {
  const drawn = createPeople();
  const people: Person[] = [];
  let sold = 0;
  return {
    dataDir,
    people,
    growTo: (size) =>
      fillWorkingSet(dataDir, size - people.length, () => {
        const person = drawn.next();
        people.push(person);
        return profileOf(person);
      }),
    nextSale: () => sold++,
  };
}

const startShop = ({ dataDir }: Shop): Promise<AgentProcess> =>
  startAgent({ dataDir, source: SOURCE, store: STORE });

interface Taken {
  /** By kind (ms). */
  readonly tookMs: ReadonlyMap<string, readonly number[]>;
  readonly residentBytes: number;
  /** Asked for, and not among the results. */
  readonly notFound: number;
}

/** Some people buy something here; then they are looked for. */
async function askAll(shop: Shop, asked: number): Promise<Taken> {
  const agent = await startShop(shop);
  const connections = openConnections(agent.port, 1);
  try {
    const known: Known[] = [];
    for (let nth = 0; nth < asked; nth++) {
      const person = shop.people[Math.floor(((nth + 0.5) * shop.people.length) / asked)];
      if (person)
        known.push({ ...person, ownReceipt: await sellTo(shop, agent, connections, person) });
    }
    const tookMs = new Map<string, number[]>();
    let notFound = 0;
    // Code that runs for the first time is slow.
    for (const { query } of KINDS)
      for (const each of known.slice(0, 20)) await look(agent, connections, query(each));
    for (const each of known) {
      for (const { kind, query } of KINDS) {
        const sentMs = performance.now();
        const found = await look(agent, connections, query(each));
        tookMs.set(kind, [...(tookMs.get(kind) ?? []), performance.now() - sentMs]);
        if (found === 0) notFound += 1;
      }
    }
    return { tookMs, residentBytes: agent.residentBytes(), notFound };
  } finally {
    connections.close();
    await agent.stop();
  }
}

const capturedSchema = z.object({ receipt: z.string() });
const foundSchema = z.object({ results: z.array(z.unknown()) });

async function sellTo(
  shop: Shop,
  agent: AgentProcess,
  connections: Connections,
  person: Person | null,
): Promise<string> {
  const { customer: _nobody, ...sale } = saleAt(shop.nextSale());
  const { status, body } = await connections.ask({
    method: "POST",
    path: "/v1/captures",
    headers: agent.headers,
    body: JSON.stringify({
      ...sale,
      ...(person ? { customer: { loyaltyNumber: person.card } } : {}),
    }),
  });
  if (status !== 201) throw new Error(`a sale was answered with ${status}`);
  return capturedSchema.parse(JSON.parse(body)).receipt;
}

/** How many customers are shown. */
async function look(agent: AgentProcess, connections: Connections, query: string): Promise<number> {
  const { status, body } = await connections.ask({
    method: "POST",
    path: "/v1/lookup",
    headers: agent.headers,
    body: JSON.stringify({ query }),
  });
  if (status !== 200) throw new Error(`a look-up was answered with ${status}`);
  return foundSchema.parse(JSON.parse(body)).results.length;
}

/** From the start of the process to its first receipt (ms). */
async function timeStarts(shop: Shop, count: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    const startedMs = performance.now();
    const agent = await startShop(shop);
    const connections = openConnections(agent.port, 1);
    try {
      await sellTo(shop, agent, connections, null);
      tookMs.push(performance.now() - startedMs);
    } finally {
      connections.close();
      await agent.stop();
    }
  }
  return tookMs;
}

function rowsOf(
  plan: Plan,
  { tookMs, residentBytes, notFound }: Taken,
  startsMs: readonly number[],
  growth: NonNullable<Measured["growth"]>,
): Measured[] {
  const customers = plan.sizes.at(-1) ?? 0;
  const conditions =
    `${customers} customers in the working set, ${plan.asked} of them with a sale here; over the agent's local API, one call after ` +
    `the other, no edge; up to 20 results; the disk's pages in the system's cache; ${notFound} not found`;
  const lookups = [...tookMs].map(([kind, times]) => lookupRow(kind, times, conditions));
  const all = lookupRow("all kinds", [...tookMs.values()].flat(), conditions);
  const missed = notFound === 0 ? [] : [`${notFound} customers were not found`];
  return [
    { ...all, bench: "lookup", missed: [...(all.missed ?? []), ...missed], growth },
    ...lookups,
    limitRow("lookup: resident memory", residentBytes / MB, "MB", LIMITS_OF.residentMb, conditions),
    {
      ...limitRow(
        "lookup: start to first sale",
        medianOf(startsMs),
        "ms",
        LIMITS_OF.startMs,
        conditions,
      ),
      n: startsMs.length,
      ...percentilesOf(startsMs),
    },
    limitRow("lookup: slowest start", Math.max(...startsMs), "ms", LIMITS_OF.startMs, conditions),
  ];
}

function lookupRow(kind: string, times: readonly number[], conditions: string): Measured {
  const percentiles = percentilesOf(times);
  const row = limitRow(
    `lookup: ${kind}`,
    percentiles.p99,
    "ms p99",
    LIMITS_OF.lookupP99Ms,
    conditions,
  );
  return { ...row, ...percentiles, n: times.length };
}

function limitRow(
  bench: string,
  value: number,
  unit: string,
  limit: number,
  conditions: string,
): Measured {
  const of = unit.replace(" p99", "");
  const what = unit.endsWith("p99") ? "p99 " : "";
  return {
    bench,
    value: rounded(value),
    unit,
    baseline: limit,
    ratio: rounded(value / limit),
    n: 1,
    p50: 0,
    p95: 0,
    p99: 0,
    conditions,
    limit: `${what}< ${limit} ${of}`,
    missed: value < limit ? [] : [`${what || "it "}is not under ${limit} ${of}`],
  };
}
