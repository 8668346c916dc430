/**
 * How many sales a till makes durable per second, with one POS and with eight: through the library, and over its local API.
 * Beside it what the disk alone can do with the same bytes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStoreAgent, type StoreAgent } from "../store-agent/src/open-store-agent.ts";
import { PEPPER, PLACE, startAgent } from "./agent-process.ts";
import { bareWrites, bytesWritten } from "./capture/bare.ts";
import { percentilesOfRuns, type Run, runCallers } from "./capture/callers.ts";
import { CUSTOMERS, saleAt } from "./capture/sales.ts";
import { openConnections } from "./http.ts";
import { inspectHere } from "./inspected.ts";
import { type BenchOptions, type Growth, growthOf, type Measured } from "./measured.ts";
import { medianOf, rounded } from "./percentiles.ts";

const TILL = { source: "till-1", store: "store-1" } as const;
const ROUNDS = 5;
const CALLERS = [1, 8] as const;
type Callers = (typeof CALLERS)[number];
/** What each number of callers has to reach, in times of the bare disk. */
const LIMIT_RATIO: Readonly<Record<Callers, number>> = { 1: 0.5, 8: 2 };
const LIMIT_P99_MS = 10;
/** Callers at once while the journal is made larger. */
const FILLING = 64;
const WARM_UP = 400;
/** Bytes of a capture where the system does not tell. */
const USUAL_BYTES = 40_000;

interface Sizes {
  /** Sales in the journal at which the cost of one is taken. */
  readonly journal: readonly number[];
  readonly perRound: Readonly<Record<Callers, number>>;
}

const QUICK: Sizes = { journal: [500, 2_000, 6_000], perRound: { 1: 200, 8: 800 } };
const WHOLE: Sizes = { journal: [10_000, 40_000, 160_000], perRound: { 1: 2_000, 8: 8_000 } };

export async function benchCapture({ isQuick }: BenchOptions): Promise<Measured[]> {
  inspectHere(process.env);
  const sizes = isQuick ? QUICK : WHOLE;
  const folder = mkdtempSync(join(tmpdir(), "regulars-capture-"));
  try {
    const { library, bytes, growth } = await ofLibrary(folder, sizes);
    const api = await ofLocalApi(folder, sizes, bytes);
    const conditions =
      `sales of three lines, every third one with the card of one of ${CUSTOMERS} customers; ${Math.round(bytes / 1_000)} kB written by one; ` +
      `baseline: a write of as many bytes and fdatasync, one after the other; ${sizes.journal.at(-1)} sales in the journal`;
    const [one, ...others] = library.map((rounds) => measuredOf("capture", rounds, conditions));
    if (!one) throw new Error("nothing was measured");
    const overApi = api.map((rounds) => measuredOf("capture: local API", rounds, conditions));
    return [{ ...one, growth }, ...others, ...overApi.map((row) => withoutLimit(row))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same number of callers, round by round, with what the disk did beside it. */
interface Rounds {
  readonly callers: Callers;
  readonly runs: readonly Run[];
  readonly bare: readonly number[];
}

async function ofLibrary(folder: string, sizes: Sizes) {
  const dataDir = join(folder, "library");
  const agent = await openStoreAgent({ dataDir, pepper: PEPPER, ...TILL, ...PLACE });
  try {
    const sell = selling((sale) => captured(agent, sale));
    await runCallers(1, WARM_UP, sell.next);
    const points: { size: number; cost: number }[] = [];
    let bytes = USUAL_BYTES;
    for (const size of sizes.journal) {
      await runCallers(FILLING, Math.max(0, size - sell.sold()), sell.next);
      const before = bytesWritten();
      const count = sizes.perRound[1];
      const { latencies } = await runCallers(1, count, sell.next);
      const after = bytesWritten();
      if (before !== null && after !== null) bytes = Math.round((after - before) / count);
      points.push({ size, cost: rounded(medianOf(latencies)) });
    }
    const growth: Growth = growthOf({
      of: "sales in the journal",
      cost: "of each",
      unit: "ms",
      points,
    });
    const library = await interleaved(folder, sizes, bytes, sell.next);
    return { library, bytes, growth };
  } finally {
    await agent.close();
  }
}

async function ofLocalApi(folder: string, sizes: Sizes, bytes: number): Promise<Rounds[]> {
  const agent = await startAgent({ dataDir: join(folder, "api"), ...TILL });
  const connections = openConnections(agent.port, Math.max(...CALLERS));
  try {
    const sell = selling(async (sale) => {
      const { status } = await connections.ask({
        method: "POST",
        path: "/v1/captures",
        headers: agent.headers,
        body: JSON.stringify(sale),
      });
      if (status !== 201) throw new Error(`a sale was answered with ${status}`);
    });
    await runCallers(1, WARM_UP, sell.next);
    return await interleaved(folder, sizes, bytes, sell.next);
  } finally {
    connections.close();
    await agent.stop();
  }
}

async function interleaved(
  folder: string,
  { perRound }: Sizes,
  bytes: number,
  next: () => Promise<void>,
): Promise<Rounds[]> {
  const rounds = CALLERS.map((callers) => ({ callers, runs: [] as Run[], bare: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { callers, runs, bare } of rounds) {
      bare.push(bareWrites(join(folder, "bare"), bytes, perRound[1]));
      runs.push(await runCallers(callers, perRound[callers], next));
    }
  }
  return rounds;
}

type Sale = ReturnType<typeof saleAt>;

function selling(take: (sale: Sale) => Promise<void>) {
  let sold = 0;
  return { next: () => take(saleAt(sold++)), sold: () => sold };
}

async function captured(agent: StoreAgent, sale: Sale): Promise<void> {
  const answer = await agent.capture(sale);
  if (!answer.ok) throw new Error(`a sale was refused: ${answer.reason.reason}`);
}

function measuredOf(bench: string, { callers, runs, bare }: Rounds, conditions: string): Measured {
  const rates = runs.map(({ perSecond }) => perSecond);
  const ratio = rounded(medianOf(rates.map((rate, at) => rate / (bare[at] ?? Infinity))));
  const percentiles = percentilesOfRuns(runs);
  const wanted = LIMIT_RATIO[callers];
  const processorUs = Math.round(medianOf(runs.map((run) => run.processorUs)));
  const leftUs = Math.round(1_000_000 / (wanted * medianOf(bare)));
  const reason = `: ${processorUs} µs of the processor per capture, and that disk leaves ${leftUs} µs for all of it`;
  return {
    bench: `${bench}, ${callers} ${callers === 1 ? "caller" : "callers"}`,
    value: Math.round(medianOf(rates)),
    unit: "captures/s",
    baseline: Math.round(medianOf(bare)),
    ratio,
    n: runs.reduce((sum, { latencies }) => sum + latencies.length, 0),
    ...percentiles,
    conditions,
    limit: `≥ ${wanted} × a bare write and fdatasync; p99 < ${LIMIT_P99_MS} ms`,
    missed: [
      ...(ratio >= wanted ? [] : [`${ratio} × the bare disk, less than ${wanted} ×${reason}`]),
      ...(percentiles.p99 < LIMIT_P99_MS ? [] : [`p99 is not under ${LIMIT_P99_MS} ms`]),
    ],
  };
}

function withoutLimit({ limit: _limit, missed: _missed, ...row }: Measured): Measured {
  return row;
}
