/**
 * The centre over 1,000,000 customers and 5,000,000 events of 200 stores, or a fiftieth of it when quick: how fast a golden record
 * and a page of a timeline are read, against a process that reads a row of the same size by its primary key; how fast the
 * console's pages open; and how large the file is. The databases are made once and kept in an ignored folder.
 */
import { pathToFileURL } from "node:url";
import { openDatabases, type Sized } from "./centre/databases.ts";
import { pagesOf, someCustomers } from "./centre/pages.ts";
import { type Centre, startCentre } from "./centre/process.ts";
import { burst, compareReads, type Kind, KINDS, pathOf, type Taken } from "./centre/reads.ts";
import { type Room, roomIn } from "./centre/room.ts";
import { type BenchOptions, type GrowthPoint, growthOf, type Measured } from "./measured.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";

const QUICK = {
  customersPerStore: 1_000, stores: [5, 10, 20], rounds: 6, perRound: 100, pageRounds: 4, ids: 300,
} as const; // prettier-ignore
const FULL = {
  customersPerStore: 5_000, stores: [50, 100, 200], rounds: 15, perRound: 400, pageRounds: 60, ids: 2_000,
} as const; // prettier-ignore
type Scale = typeof QUICK | typeof FULL;

const PAGE_MS = 300;
const READ_MS = 10;
const READ_RATIO = 3;
const CUSTOMER_BYTES = 3_000;
const EVENT_BYTES = 600;
/** Pages and reads before those that count: a process has to have seen them. */
const WARM = 3;

export async function benchCentre({ isQuick }: BenchOptions): Promise<Measured[]> {
  const scale = isQuick ? QUICK : FULL;
  const sized = await openDatabases(scale);
  const largest = sized.at(-1);
  if (!largest) throw new Error("there is no database to measure");
  const points: Record<Kind, GrowthPoint[]> = { golden: [], timeline: [] };
  for (const each of sized) {
    await withCentre(each, async (centre) => {
      const ids = await someCustomers(each.file, scale.ids);
      for (const kind of KINDS) {
        await burst(centre, (id) => pathOf(kind, id), ids.slice(0, scale.perRound));
        const latencies = await burst(centre, (id) => pathOf(kind, id), ids);
        points[kind].push({ size: each.customers, cost: percentilesOf(latencies).p50 });
      }
    });
  }
  return withCentre(largest, async (centre) => {
    const ids = await someCustomers(largest.file, scale.ids);
    const reads = await compareReads(centre, ids, scale);
    const pages = await openPages(centre, largest, scale);
    const memory = `the centre had ${centre.memoryMb()} MB at the end`;
    return [
      readRow("golden", reads.golden, points.golden, `${sizeOf(largest)}; ${memory}`),
      readRow("timeline", reads.timeline, points.timeline, sizeOf(largest)),
      pagesRow(pages, sizeOf(largest)),
      roomRow(sized.map((each) => ({ ...each, room: roomIn(each.file) }))),
    ];
  });
}

async function withCentre<Found>(
  { file }: Sized,
  task: (centre: Centre) => Promise<Found>,
): Promise<Found> {
  const centre = await startCentre(pathToFileURL(file).href);
  try {
    await centre.settled();
    return await task(centre);
  } finally {
    await centre.stop();
  }
}

const sizeOf = ({ stores, customers, events }: Sized): string =>
  `${stores} stores, ${customers} customers, ${events} events in a libSQL file`;

const TITLES = { golden: "golden look-up", timeline: "timeline page" } as const;

function readRow(
  kind: Kind,
  { centre, bare, ratios, bytes }: Taken,
  points: readonly GrowthPoint[],
  conditions: string,
): Measured {
  const own = percentilesOf(centre);
  const other = percentilesOf(bare);
  const ratio = rounded(medianOf(ratios));
  return {
    bench: `centre: ${TITLES[kind]}`,
    value: own.p99,
    unit: "ms p99",
    baseline: other.p99,
    ratio,
    n: centre.length,
    ...own,
    conditions:
      `over HTTP, one reader; against a process with the same flags and one route of Hono, which reads ${bytes} bytes, the ` +
      `centre's own answer, by primary key through @libsql/client, which prepares each statement anew, without a token (its p50 ` +
      `${other.p50} ms); in turns, ratio of each round's p99, median of ${ratios.length} rounds; ${conditions}`,
    limit: `p99 ≤ ${READ_RATIO} × the bare read, and < ${READ_MS} ms`,
    missed: [
      ...(ratio > READ_RATIO ? [`p99 is more than ${READ_RATIO} times that of the bare read`] : []),
      ...(own.p99 >= READ_MS ? [`p99 is not below ${READ_MS} ms`] : []),
    ],
    growth: growthOf({ of: "customers", cost: "of each", unit: "ms p50", points }),
  };
}

interface OpenedPage {
  readonly name: string;
  readonly times: readonly number[];
}

async function openPages(centre: Centre, { file }: Sized, scale: Scale): Promise<OpenedPage[]> {
  const pages = Object.entries(await pagesOf(file)).map(([name, path]) => ({
    name,
    path,
    times: [] as number[],
  }));
  for (let round = -WARM; round < scale.pageRounds; round += 1) {
    for (const { path, times } of pages) {
      const tookMs = await centre.open(path(round + WARM));
      if (round >= 0) times.push(tookMs);
    }
  }
  return pages;
}

/** Of all pages, the slowest. */
function pagesRow(pages: readonly OpenedPage[], conditions: string): Measured {
  const measured = pages
    .map(({ name, times }) => ({ name, ...percentilesOf(times) }))
    .toSorted((a, b) => b.p95 - a.p95);
  const [slowest] = measured;
  if (!slowest) throw new Error("there are no pages");
  const { name: _name, ...percentiles } = slowest;
  return {
    bench: "centre: console pages",
    value: slowest.p95,
    unit: "ms p95",
    baseline: PAGE_MS,
    ratio: rounded(slowest.p95 / PAGE_MS),
    n: pages.reduce((sum, { times }) => sum + times.length, 0),
    ...percentiles,
    conditions:
      `the slowest of ${pages.length}; p95 of each: ` +
      `${measured.map(({ name, p95 }) => `${name} ${Math.round(p95)}`).join(", ")} ms; one reader, pages in turns; ${conditions}`,
    limit: `p95 of each < ${PAGE_MS} ms`,
    missed: measured
      .filter(({ p95 }) => p95 >= PAGE_MS)
      .map(({ name }) => `p95 of ${name} is not below ${PAGE_MS} ms`),
  };
}

function roomRow(sized: readonly (Sized & { readonly room: Room })[]): Measured {
  const largest = sized.at(-1);
  if (!largest) throw new Error("there is no database to measure");
  const { room, customers, events } = largest;
  const limit = customers * CUSTOMER_BYTES + events * EVENT_BYTES;
  const each = (bytes: number): number => Math.round(bytes / customers);
  const tables = room.tables
    .filter(({ bytes }) => each(bytes) >= 20)
    .map(({ name, bytes }) => `${name} ${each(bytes)}`);
  return {
    bench: "centre: file",
    value: rounded(room.all / 1_000_000),
    unit: "MB",
    baseline: rounded(limit / 1_000_000),
    ratio: rounded(room.all / limit),
    n: customers,
    p50: 0,
    p95: 0,
    p99: 0,
    conditions:
      `against the limit; ${Math.round(room.events / events)} bytes for each event with its indexes, ` +
      `${each(room.all - room.events)} for each customer besides; bytes for each customer by table: ${tables.join(", ")}; ` +
      sizeOf(largest),
    limit: "< 3 kB per customer plus 0.6 kB per event",
    missed: room.all < limit ? [] : ["larger than 3 kB per customer plus 0.6 kB per event"],
    growth: growthOf({
      of: "customers",
      cost: "of all",
      unit: "MB",
      points: sized.map((one) => ({ size: one.customers, cost: one.room.all / 1_000_000 })),
    }),
  };
}
