/**
 * What a till weighs, and how soon it sells, after a million events. A folder is filled through the machines of the real agent,
 * against an edge in this process that checks the chain and takes all but the last 1,000 events for golden. A third of the
 * sales name one of the customers. Profiles do not come back, so the working set is empty: what it takes is measured by `lookup`.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AskedOld,
  askOld,
  captureWhileMoving,
  missUs,
  type Moving,
} from "./archive/asking.ts";
import { createFilled, type Filled, fillTo } from "./archive/filled-folder.ts";
import { saleAt, SOURCE } from "./archive/filling-till.ts";
import { startAgent, type Verified, verify } from "./archive/started-agent.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";

const LIMIT_DATABASE_MB = 100;
const LIMIT_START_MS = 2_000;
const MEGABYTE = 1_000_000;

interface Plan {
  readonly events: readonly number[];
  readonly people: number;
  /** Captured before rows move, and the files that do. */
  readonly moving: { readonly sales: number; readonly files: number };
  readonly asked: number;
  /** Of each size: how often the agent is started. */
  readonly starts: number;
}

const FULL: Plan = {
  events: [60_000, 250_000, 1_000_000],
  people: 20_000,
  moving: { sales: 20_000, files: 2 },
  asked: 200,
  starts: 5,
};
const QUICK: Plan = {
  events: [3_000, 6_000, 12_000],
  people: 2_000,
  moving: { sales: 8_000, files: 1 },
  asked: 40,
  starts: 3,
};

export async function benchArchive({ isQuick }: BenchOptions): Promise<Measured[]> {
  const plan = isQuick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), "regulars-archive-"));
  try {
    const moving = await captureWhileMoving(join(folder, "moving"), plan.moving.sales, plan.moving.files); // prettier-ignore
    const filled = createFilled(join(folder, SOURCE), plan.people);
    const starts: Start[] = [];
    for (const events of plan.events) {
      await fillTo(filled, events);
      starts.push(await startOften(filled, events, plan.starts));
    }
    const found = {
      starts,
      moving,
      databaseMb: databaseBytes(filled) / MEGABYTE,
      missUs: await missUs(filled.dataDir),
      old: await askAgent(filled, plan.asked),
      verified: await verify(filled.dataDir),
    };
    return measuredOf(found, conditionsOf(filled, plan));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Start {
  readonly events: number;
  /** From the start of the process to the answer to its first sale. */
  readonly ms: readonly number[];
}

async function startOften(filled: Filled, events: number, often: number): Promise<Start> {
  const ms: number[] = [];
  for (let start = 0; start < often; start++) {
    const agent = await startAgent(filled.dataDir);
    const first = await agent.capture(saleAt(filled.sales++, filled.people));
    ms.push(agent.readyMs + first.ms);
    await agent.end();
  }
  return { events, ms };
}

async function askAgent(filled: Filled, asked: number): Promise<AskedOld> {
  const agent = await startAgent(filled.dataDir);
  const old = await askOld(agent, filled, asked);
  await agent.end();
  return old;
}

const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);

const databaseBytes = ({ dataDir }: Filled): number =>
  sizeOf(["", "-wal"].map((end) => join(dataDir, `store-agent.db${end}`)));

function conditionsOf({ dataDir, sales, people }: Filled, { events }: Plan): string {
  const files = readdirSync(join(dataDir, "archive")).map((name) => join(dataDir, "archive", name));
  return (
    `${events.at(-1)} events of ${sales} sales, a third of them by ${people} customers; ${files.length} archive files of ` +
    `${rounded(sizeOf(files) / MEGABYTE)} MB; ${cpus().length} cores, load ${rounded(loadavg()[0] ?? 0)}`
  );
}

interface Found {
  readonly starts: readonly Start[];
  readonly moving: Moving;
  readonly databaseMb: number;
  readonly missUs: number;
  readonly old: AskedOld;
  readonly verified: Verified;
}

function measuredOf(found: Found, conditions: string): Measured[] {
  const { databaseMb, moving, old, verified } = found;
  const untimed = { p50: 0, p95: 0, p99: 0, conditions };
  const [again, fresh] = [percentilesOf(old.repeats), percentilesOf(old.fresh)];
  const [busy, idle] = [percentilesOf(moving.moving), percentilesOf(moving.idle)];
  return [
    startRow(found.starts, conditions),
    {
      bench: "archive: database of the till",
      value: rounded(databaseMb),
      unit: "MB",
      baseline: LIMIT_DATABASE_MB,
      ratio: rounded(databaseMb / LIMIT_DATABASE_MB),
      n: 1,
      ...untimed,
      limit: `< ${LIMIT_DATABASE_MB} MB`,
      missed: databaseMb < LIMIT_DATABASE_MB ? [] : [`${rounded(databaseMb)} MB`],
    },
    {
      bench: "archive: old sale sent again",
      value: again.p50,
      unit: "ms p50, beside new",
      baseline: fresh.p50,
      ratio: rounded(again.p50 / fresh.p50),
      n: old.repeats.length,
      ...again,
      conditions,
      limit: "each is recognised, and voided once",
      missed: old.wrong > 0 ? [`${old.wrong} wrong answers`] : [],
    },
    {
      bench: "archive: sale while rows move",
      value: busy.p99,
      unit: "ms p99, beside idle",
      baseline: idle.p99,
      ratio: rounded(busy.p99 / idle.p99),
      n: moving.moving.length,
      ...busy,
      conditions,
    },
    {
      bench: "archive: key that is nowhere",
      value: rounded(found.missUs),
      unit: "µs, beside new sale",
      baseline: rounded(fresh.p50 * 1_000),
      ratio: Number((found.missUs / 1_000 / fresh.p50).toPrecision(3)),
      n: 10_000,
      ...untimed,
    },
    {
      bench: "archive: all verified",
      value: Math.round(verified.rows / verified.seconds),
      unit: "rows/s",
      baseline: 0,
      ratio: 0,
      n: verified.rows,
      ...untimed,
      limit: "no problem is found",
      missed: verified.problems > 0 ? [`${verified.problems} problems`] : [],
    },
  ];
}

function startRow(starts: readonly Start[], conditions: string): Measured {
  const last = starts.at(-1)?.ms ?? [];
  const startMs = medianOf(last);
  const points = starts.map(({ events, ms }) => ({ size: events, cost: rounded(medianOf(ms)) }));
  return {
    bench: "archive: start to first sale",
    value: Math.round(startMs),
    unit: "ms",
    baseline: LIMIT_START_MS,
    ratio: rounded(startMs / LIMIT_START_MS),
    n: last.length,
    ...percentilesOf(last),
    conditions,
    limit: `median < ${LIMIT_START_MS} ms`,
    missed: startMs < LIMIT_START_MS ? [] : [`${Math.round(startMs)} ms`],
    growth: growthOf({ of: "events", cost: "of each", unit: "ms", points }),
  };
}
