/**
 * How long it takes until everything is golden after 72 hours without a network, and whether sales of now are held up
 * by it.
 *
 * node bench/drain.ts [--tills 20] [--sales 3000] [--hours 72] [--rate 10] [--port 46000]
 *
 * Fills the folders of the tills as if the sales had been made over those hours, then starts the whole system on them:
 * centre, edge and one process per till. While the backlog drains, the tills go on selling. Prints one JSON line and
 * fails when anything is lost or doubled, or a limit of the issue is not kept.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { claimFolder } from "../local/system/claim.ts";
import { createInterrupt } from "../local/system/interrupt.ts";
import { createLadderBoard, untilGolden } from "../local/system/ladder.ts";
import { findPorts } from "../local/system/ports.ts";
import { ROOT } from "../local/system/programs.ts";
import { openSecrets, type Secrets } from "../local/system/secrets.ts";
import type { Agent, System, SystemPlan } from "../local/system/system.ts";
import { withSystem } from "../local/system/with-system.ts";
import { createLagMeter } from "../local/replay/lag.ts";
import type { CaptureRequest } from "../local/system/agent-client.ts";
import { openStoreAgent } from "../store-agent/src/open-store-agent.ts";

const LIMITS_OF_ISSUE = { drainSeconds: 300, liveMergedP99Ms: 2_000 };
const PEOPLE = 4_000;
const TILLS_PER_STORE = 4;
/** Callers that arrive together, while the tills are filled. */
const GROUP = 50;
const PLACE = { zone: "Europe/London", country: "GB", currency: "GBP" };

const { values } = parseArgs({
  options: {
    tills: { type: "string", default: "20" },
    sales: { type: "string", default: "3000" },
    hours: { type: "string", default: "72" },
    rate: { type: "string", default: "10" },
    port: { type: "string", default: "46000" },
  },
});
const tills = Number(values.tills);
const salesPerTill = Number(values.sales);
const rate = Number(values.rate);

/** Every third sale is somebody's; the same sale at the same place in each run. */
function saleAt(till: number, nth: number): CaptureRequest {
  const person = (till * 7_919 + nth * 104_729) % PEOPLE;
  const known = { loyaltyNumber: `98${String(person).padStart(8, "0")}`, givenName: `P${person}` };
  return {
    kind: "sale",
    externalId: `${till}/${nth}`,
    lines: [
      { sku: "tea", quantity: "2", unitPrice: "1.25" },
      { sku: "jam", quantity: "1", unitPrice: `${(nth % 9) + 1}.10` },
    ],
    ...(nth % 3 === 0 ? { customer: known } : {}),
  };
}

async function fillTill(plan: SystemPlan, till: number, secrets: Secrets): Promise<void> {
  const { source, store } = plan.agents[till] ?? { source: "", store: "" };
  const spanMs = Number(values.hours) * 3_600_000;
  let nowMs = Date.now() - spanMs;
  const dataDir = join(plan.folder, source);
  const agent = await openStoreAgent({
    ...PLACE,
    dataDir,
    source,
    store,
    pepper: secrets.pepper,
    nowMs: () => nowMs,
  });
  for (let from = 0; from < salesPerTill; from += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, salesPerTill - from) }, (_, at) =>
      agent.capture(saleAt(till, from + at)),
    );
    for (const answer of await Promise.all(group)) if (!answer.ok) throw new Error("refused");
    nowMs += (spanMs * group.length) / salesPerTill;
  }
  await agent.close();
}

/** Sells at the given rate over all tills until told to stop; how many sales were made. */
async function sellOn(agents: readonly Agent[], signal: AbortSignal): Promise<number> {
  let sold = 0;
  const started = performance.now();
  while (!signal.aborted) {
    const till = sold % agents.length;
    const nth = salesPerTill + Math.floor(sold / agents.length);
    await agents[till]?.client.capture(saleAt(till, nth));
    sold += 1;
    const dueMs = started + (sold * 1_000) / rate;
    await wait(Math.max(0, dueMs - performance.now()));
  }
  return sold;
}

/** Of the sales of now: from capture to merged, as their till learned it. */
async function liveLag(agents: readonly Agent[], sinceMs: number) {
  const merged = createLagMeter();
  for (const { client } of agents) {
    for (let after = 0; ;) {
      const rows = await client.journal(after, 1_000);
      for (const row of rows) {
        if (row.capturedMs < sinceMs || row.mergedMs === null) continue;
        merged.record(row.mergedMs - row.capturedMs);
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.seq;
    }
  }
  return merged.read();
}

async function drain(system: System, signal: AbortSignal) {
  const sinceMs = Date.now();
  const board = createLadderBoard(system.agents);
  const stop = new AbortController();
  const selling = sellOn(system.agents, stop.signal);
  const reachedSeconds: Record<string, number> = {};
  await board.refresh();
  const backlog = tills * salesPerTill;
  for (;;) {
    signal.throwIfAborted();
    await board.refresh();
    const closed = system.agents.map(({ source }) => board.status(source)?.closed ?? []).flat();
    const done = (rung: "accepted" | "merged" | "golden"): boolean =>
      closed.every((epoch) => epoch[rung] >= epoch.captured);
    for (const rung of ["accepted", "merged", "golden"] as const) {
      if (done(rung)) reachedSeconds[rung] ??= (Date.now() - sinceMs) / 1_000;
    }
    const { golden } = board.read();
    if (reachedSeconds["golden"] !== undefined && golden >= backlog) break;
    await wait(250);
  }
  stop.abort();
  const sold = await selling;
  await untilGolden(board, signal, () => undefined);
  return { sold, reachedSeconds, live: await liveLag(system.agents, sinceMs) };
}

const folder = join(ROOT, ".regulars", "drain");
rmSync(folder, { recursive: true, force: true });
const claim = await claimFolder(folder);
const interrupt = createInterrupt();
const secrets = await openSecrets(folder);
const first = await findPorts(2 + 2 * tills, Number(values.port));
const plan: SystemPlan = {
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
const fillStarted = performance.now();
for (let till = 0; till < tills; till++) await fillTill(plan, till, secrets);
const fillSeconds = (performance.now() - fillStarted) / 1_000;
console.error(`filled ${tills} tills in ${fillSeconds.toFixed(1)} s`);

const surroundings = { claim, interrupt, say: console.error, onRestart: () => undefined };
const found = await withSystem(plan, secrets, surroundings, async (system) => {
  const drained = await drain(system, interrupt.signal);
  return { ...drained, totals: await system.centre.totals() };
});
claim.release();

const salesAtCentre = found.totals.events["sale"] ?? 0;
const expected = tills * salesPerTill + found.sold;
const golden = found.reachedSeconds["golden"] ?? Infinity;
const isKept =
  golden <= LIMITS_OF_ISSUE.drainSeconds &&
  (found.live?.p99 ?? Infinity) <= LIMITS_OF_ISSUE.liveMergedP99Ms &&
  salesAtCentre === expected;
console.log(
  JSON.stringify({
    bench: "drain",
    tills,
    backlogSales: tills * salesPerTill,
    liveSales: found.sold,
    salesAtCentre,
    lostOrDoubled: salesAtCentre - expected,
    secondsUntil: found.reachedSeconds,
    liveMergedMs: found.live,
    forks: found.totals.forks,
    quarantined: found.totals.quarantined,
    limits: LIMITS_OF_ISSUE,
    isKept,
  }),
);
process.exit(isKept ? 0 : 1);
