/**
 * How long it takes until everything is golden after 72 hours without a network, and whether sales of now are held up by it.
 * The folders of the tills are filled as if the sales had been made over those hours, then the whole system is started on them:
 * centre, edge and one process per till. While the backlog drains, the tills go on selling.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { findPorts } from "../local/system/ports.ts";
import { openSecrets } from "../local/system/secrets.ts";
import { startSystem, type SystemPlan } from "../local/system/system.ts";
import { drain, type Drained } from "./drain/draining.ts";
import { fillTill, PLACE } from "./drain/filling.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";
import { rounded } from "./percentiles.ts";

const FIRST_PORT = 30_000;
const TILLS_PER_STORE = 4;
/** Before the tills, centre and edge are started. */
const TILLS_FROM = 2;
const HOURS = 72;
/** Over all tills, while they drain. */
const LIVE_PER_SECOND = 10;
const LIMIT_SECONDS = 300;
const LIMIT_LIVE_P99_MS = 2_000;

const FULL = { tills: 20, sales: [750, 1_500, 3_000] };
/** Two sizes: each takes the start of a whole system, which is most of what it takes. */
const QUICK = { tills: 4, sales: [50, 200] };

export async function benchDrain({ isQuick }: BenchOptions): Promise<Measured[]> {
  const { tills, sales } = isQuick ? QUICK : FULL;
  const outages: Outage[] = [];
  for (const salesPerTill of sales) outages.push(await comeHome(tills, salesPerTill));
  return measuredOf(outages);
}

interface Outage extends Drained {
  readonly tills: number;
  /** Of the outage. */
  readonly backlog: number;
  /** Sales at the centre beyond those that were made; fewer than none are lost. */
  readonly difference: number;
  readonly forks: number;
  readonly quarantined: number;
}

async function comeHome(tills: number, salesPerTill: number): Promise<Outage> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-drain-"));
  try {
    const secrets = await openSecrets(folder);
    const plan = await planOf(folder, tills);
    for (const [at, { source, store }] of plan.agents.entries()) {
      const place = { ...PLACE, dataDir: join(folder, source), source, store };
      await fillTill({ ...place, pepper: secrets.pepper, till: at, sales: salesPerTill, hours: HOURS }); // prettier-ignore
    }
    const failed = new AbortController();
    const starts: number[] = [];
    const system = await startSystem(plan, secrets, {
      signal: failed.signal,
      onStart: () => starts.push(Date.now()),
      onDeath: (_, sentence) => console.error(sentence),
      onGone: (failure) => failed.abort(failure),
    });
    try {
      const drained = await drain(system, { salesPerTill, perSecond: LIVE_PER_SECOND, startedMs: starts[TILLS_FROM] ?? Date.now() }, failed.signal); // prettier-ignore
      const { events, forks, quarantined } = await system.centre.totals();
      const backlog = tills * salesPerTill;
      const difference = (events["sale"] ?? 0) - backlog - drained.sold;
      return { ...drained, tills, backlog, difference, forks, quarantined };
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function planOf(folder: string, tills: number): Promise<SystemPlan> {
  const first = await findPorts(2 + 2 * tills, FIRST_PORT);
  return {
    folder,
    place: PLACE,
    centrePort: first,
    edgePort: first + 1,
    agents: Array.from({ length: tills }, (_, at) => {
      const store = `store-${Math.floor(at / TILLS_PER_STORE) + 1}`;
      const source = `${store}-till-${(at % TILLS_PER_STORE) + 1}`;
      return { source, store, port: first + 2 + at, uplinkPort: first + 2 + tills + at };
    }),
  };
}

function measuredOf(outages: readonly Outage[]): Measured[] {
  const last = outages.at(-1);
  if (!last) throw new Error("no till came home");
  const { backlog, live, seconds } = last;
  const points = outages.map((each) => ({
    size: each.backlog,
    cost: rounded(each.seconds.golden),
  }));
  const conditions = conditionsOf(last);
  const untimed = { p50: 0, p95: 0, p99: 0, conditions };
  const made = outages.reduce((sum, each) => sum + each.backlog + each.sold, 0);
  const wrong = outages.reduce((sum, { difference }) => sum + Math.abs(difference), 0);
  return [
    {
      bench: "drain",
      value: rounded(seconds.golden),
      unit: "s until all golden",
      baseline: LIMIT_SECONDS,
      ratio: rounded(seconds.golden / LIMIT_SECONDS),
      n: backlog,
      ...untimed,
      limit: `all golden within ${LIMIT_SECONDS} s`,
      missed: seconds.golden > LIMIT_SECONDS ? [`${rounded(seconds.golden)} s until golden`] : [],
      growth: growthOf({ of: "sales", cost: "of all", unit: "s", points }),
    },
    {
      bench: "drain: live sales, captured to merged",
      value: live.p99,
      unit: "ms p99",
      baseline: LIMIT_LIVE_P99_MS,
      ratio: rounded(live.p99 / LIMIT_LIVE_P99_MS),
      n: live.n,
      p50: live.p50,
      p95: live.p95,
      p99: live.p99,
      conditions,
      limit: `p99 ≤ ${LIMIT_LIVE_P99_MS} ms`,
      missed: live.p99 > LIMIT_LIVE_P99_MS ? [`p99 is ${live.p99} ms`] : [],
    },
    {
      bench: "drain: sales lost or doubled",
      value: wrong,
      unit: "sales",
      baseline: 0,
      ratio: 0,
      n: made,
      ...untimed,
      limit: "none",
      missed: wrong > 0 ? outages.map(differenceWords) : [],
    },
  ];
}

const differenceWords = ({ backlog, difference }: Outage): string =>
  `of ${backlog} sales and those of now, ${Math.abs(difference)} ${difference < 0 ? "lost" : "too many"}`;

const conditionsOf = ({ tills, backlog, sold, seconds, forks, quarantined }: Outage): string =>
  `${HOURS} hours of ${tills} tills, ${backlog} sales, then ${sold} more at ${LIVE_PER_SECOND}/s while they drain; accepted after ` +
  `${rounded(seconds.accepted)} s, merged after ${rounded(seconds.merged)} s; ${forks} forks, ${quarantined} in quarantine; ` +
  `edge, centre and a process for each till on ${cpus().length} cores, load ${rounded(loadavg()[0] ?? 0)}`;
