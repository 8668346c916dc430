/**
 * What was sold without a network, to the other side: ours to the edge, and the same data by PouchDB's replication and as Yjs
 * documents through Hocuspocus. In turns, each with a till and another side that are processes of their own and new each time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { findPorts } from "../local/system/ports.ts";
import { type BenchOptions, type Growth, growthOf, type Measured } from "./measured.ts";
import { medianOf, rounded } from "./percentiles.ts";
import { requirePeers } from "./sync/peers.ts";
import { updatesOf } from "./sync/sales.ts";
import { type Brought, runnersOf, type Way, WAYS, type WayRunner } from "./sync/ways.ts";

const FIRST_PORT = 31_300;
const LIMITS_OF_ISSUE = { accepted: 3, merged: 1, bytes: 0.5 };

interface Plan {
  /** The last one is compared with the peers; all of them tell the growth. */
  readonly sizes: readonly number[];
  readonly rounds: number;
}

const QUICK: Plan = { sizes: [300, 600, 1_200], rounds: 3 };
const FULL: Plan = { sizes: [5_000, 10_000, 20_000], rounds: 5 };

export async function benchSync({ isQuick }: BenchOptions): Promise<Measured[]> {
  const { sqliteNode } = requirePeers();
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  try {
    const port = await findPorts(2, FIRST_PORT);
    const runners = runnersOf({ folder, sqliteNode, port });
    const plan = isQuick ? QUICK : FULL;
    const sales = plan.sizes.at(-1) ?? 0;
    const taken = await takeRounds(runners, sales, plan.rounds);
    return rowsOf(taken, sales, await growthTaken(runners.regulars, plan, taken));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Taken = Record<Way, Brought[]>;

async function takeRounds(
  runners: Record<Way, WayRunner>,
  sales: number,
  rounds: number,
): Promise<Taken> {
  const taken: Taken = { regulars: [], pouchdb: [], yjs: [] };
  for (const way of WAYS) await runners[way].prepare(sales);
  for (let round = 0; round < rounds; round++) {
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      taken[way].push(await runners[way].bring(sales, round));
    }
  }
  return taken;
}

/** Of ours: until all is merged, at each size. */
async function growthTaken(runner: WayRunner, { sizes }: Plan, taken: Taken): Promise<Growth> {
  const points = [];
  for (const size of sizes.slice(0, -1)) {
    await runner.prepare(size);
    const times = [];
    for (let round = 0; round < 3; round++) times.push((await runner.bring(size, round)).mergedMs);
    points.push({ size, cost: medianOf(times) });
  }
  const largest = medianOf(taken.regulars.map(({ mergedMs }) => mergedMs));
  points.push({ size: sizes.at(-1) ?? 0, cost: largest });
  return growthOf({ of: "sales", cost: "of all", unit: "ms", points });
}

function rowsOf(taken: Taken, sales: number, growth: Growth): Measured[] {
  const items = sales + updatesOf(sales);
  const rates = (way: Way, until: "acceptedMs" | "mergedMs") =>
    taken[way].map((each) => (items / each[until]) * 1_000);
  const bytes = (way: Way) => taken[way].map((each) => each.bytes / items);
  const about = { n: items, p50: 0, p95: 0, p99: 0, conditions: conditionsOf(taken, sales) };
  return [
    {
      bench: "sync",
      unit: "items/s accepted",
      ...against(rates("regulars", "acceptedMs"), rates("pouchdb", "acceptedMs"), {
        least: LIMITS_OF_ISSUE.accepted,
        of: "PouchDB's replication",
      }),
      ...about,
      growth,
    },
    {
      bench: "sync: merged, against PouchDB",
      unit: "items/s merged",
      ...against(rates("regulars", "mergedMs"), rates("pouchdb", "mergedMs"), {
        least: LIMITS_OF_ISSUE.merged,
        of: "PouchDB's replication",
      }),
      ...about,
    },
    {
      bench: "sync: merged, against Hocuspocus",
      unit: "items/s merged",
      ...against(rates("regulars", "mergedMs"), rates("yjs", "mergedMs"), {
        least: LIMITS_OF_ISSUE.merged,
        of: "Yjs through Hocuspocus",
      }),
      ...about,
    },
    {
      bench: "sync: on the wire",
      unit: "bytes/item",
      ...against(bytes("regulars"), bytes("pouchdb"), {
        most: LIMITS_OF_ISSUE.bytes,
        of: "PouchDB's bytes",
      }),
      ...about,
    },
  ];
}

interface Limit {
  readonly least?: number;
  readonly most?: number;
  readonly of: string;
}

/** The ratio is the median of what each round came to beside its neighbour. */
function against(ours: readonly number[], theirs: readonly number[], { least, most, of }: Limit) {
  const ratio = rounded(medianOf(ours.map((each, at) => each / (theirs[at] ?? each))));
  const isKept = ratio >= (least ?? 0) && ratio <= (most ?? Infinity);
  const limit = least === undefined ? `≤ ${most} × ${of}` : `≥ ${least} × ${of}`;
  return {
    value: Math.round(medianOf(ours)),
    baseline: Math.round(medianOf(theirs)),
    ratio,
    limit,
    missed: isKept ? [] : [`${ratio} × ${of}, where it should be ${limit}`],
  };
}

const seconds = (values: readonly number[]): string => (medianOf(values) / 1_000).toFixed(2);

function conditionsOf(taken: Taken, sales: number): string {
  const { regulars, pouchdb, yjs } = taken;
  return (
    `${sales} sales of one till, every third of a regular: ${sales} sales and ${updatesOf(sales)} updates of profiles are the items, ` +
    `for all three; from the till's first word until it has learned that all is there; medians of ${regulars.length} rounds in turns, ` +
    `each with a new server; ${cpus().length} cores, load ${rounded(loadavg()[0] ?? 0)}. ` +
    `Regulars (${seconds(regulars.map((each) => each.acceptedMs))} s accepted, ${seconds(regulars.map((each) => each.mergedMs))} s merged): ` +
    `self-hosted edge without a centre, a new till that enrols within that time, every row hashed and chained; durable: each push in SQLite, synced, before its answer. ` +
    `PouchDB (${seconds(pouchdb.map((each) => each.acceptedMs))} s): a document for each sale and one for each regular, LevelDB at both ends, ` +
    `batches of 1,000, no log; durable: in LevelDB's log, not synced, as it is by default. ` +
    `Yjs (${seconds(yjs.map((each) => each.acceptedMs))} s): Hocuspocus with SQLite in WAL mode, a document for each 1,000 sales and one for each regular, ` +
    `64 under way over one socket, no awareness, stored without its debounce; durable: each document in SQLite, synced, after it was answered`
  );
}
