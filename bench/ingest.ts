/**
 * How much Segment's clients can bring: at full speed over a few connections, with what is told to wait waiting; then at full
 * speed without waiting, which may be refused (EDG5) and nothing worse. All that was accepted has to be in the profiles afterwards.
 */
import { cpus, loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { meterCpu } from "./cpu.ts";
import {
  type Customer,
  type House,
  makeCustomers,
  marksOf,
  openHouse,
  untilGolden,
} from "./house.ts";
import { bearer, type Connections, openConnections } from "./http.ts";
import { nothingSent, send, type Sent } from "./ingest/sender.ts";
import { percentilesOf, rounded } from "./percentiles.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";

const CONNECTIONS = 4;
const BATCH = 100;
/** Those who do not wait bring as much at once as a shop that was cut off, until they have been refused often enough. */
const IMPATIENT_BATCH = 2_000;
/** `senders` of the whole: together more than may wait (`intakeWaiting`), which fewer could not have under way at once. */
const IMPATIENT = { quick: { senders: 2, ms: 1_000 }, whole: { senders: 12, ms: 20_000 } };
const REFUSED = 5;
const MERGED_WITHIN_MS = 300_000;

/** How many customers are there while it is measured, and how long each time (s). */
const SIZES = [
  { customers: 2_000, seconds: 10 },
  { customers: 4_000, seconds: 10 },
  { customers: 8_000, seconds: 20 },
];
const QUICK_SIZES = [
  { customers: 100, seconds: 1 },
  { customers: 200, seconds: 1 },
  { customers: 400, seconds: 2 },
];

export async function benchIngest({ isQuick }: BenchOptions): Promise<Measured[]> {
  const house = await openHouse();
  const connections = openConnections(house.edgePort, CONNECTIONS);
  const watch = openConnections(house.edgePort, 1);
  const under = { house, connections, watch };
  try {
    const customers: Customer[] = [];
    const floods: Flooded[] = [];
    for (const { customers: size, seconds } of isQuick ? QUICK_SIZES : SIZES) {
      customers.push(...(await makeCustomers(house, size - customers.length, customers.length)));
      await untilGolden(house);
      floods.push(await floodFor(under, customers, seconds));
    }
    const before = (await marksOf(house, watch)).merged;
    const over = await floodOver(under, customers, IMPATIENT[isQuick ? "quick" : "whole"]);
    await untilMerged(house, watch, before + over.accepted);
    const phases = [...floods.map(({ sent }) => sent), over];
    const lost = await lostOf(house, watch, customers, phases);
    const extra = (await marksOf(house, watch)).merged - before - over.accepted;
    return [measuredOf(floods, over, missedBy(phases, { lost, extra }))];
  } finally {
    connections.close();
    watch.close();
    await house.stop();
  }
}

interface Under {
  readonly house: House;
  readonly connections: Connections;
  readonly watch: Connections;
}

interface Flooded {
  readonly sent: Sent;
  readonly customers: number;
  /** From the first message until the last was accepted, and was merged. */
  readonly acceptedMs: number;
  readonly mergedMs: number;
  readonly cpu: string;
}

/** All that was accepted is merged, and nothing else. */
async function floodFor(
  { house, connections, watch }: Under,
  customers: readonly Customer[],
  seconds: number,
): Promise<Flooded> {
  const cpu = meterCpu(house);
  const before = (await marksOf(house, watch)).merged;
  const startMs = performance.now();
  const sent = await flood(house, connections, customers, {
    name: `full-${customers.length}`,
    senders: CONNECTIONS,
    batch: BATCH,
    forMs: seconds * 1_000,
    isEnough: () => false,
  });
  const acceptedMs = performance.now() - startMs;
  await untilMerged(house, watch, before + sent.accepted);
  const mergedMs = performance.now() - startMs;
  return { sent, customers: customers.length, acceptedMs, mergedMs, cpu: cpu(sent.accepted) };
}

async function floodOver(
  { house }: Under,
  customers: readonly Customer[],
  { senders, ms: forMs }: Readonly<Record<"senders" | "ms", number>>,
): Promise<Sent> {
  const many = openConnections(house.edgePort, senders);
  const over = await flood(house, many, customers, {
    senders,
    name: "over",
    batch: IMPATIENT_BATCH,
    forMs,
    isEnough: ({ refused }) => refused >= REFUSED,
  });
  many.close();
  return over;
}

/** Of the last, when most customers were there. */
function measuredOf(floods: readonly Flooded[], over: Sent, missed: readonly string[]): Measured {
  const last = floods.at(-1);
  if (!last) throw new Error("nothing was sent");
  const { sent, customers, acceptedMs, mergedMs, cpu } = last;
  const accepted = Math.round((sent.accepted / acceptedMs) * 1_000);
  const merged = Math.round((sent.accepted / mergedMs) * 1_000);
  const points = floods.map((each) => ({
    size: each.customers,
    cost: rounded(each.mergedMs / each.sent.accepted),
  }));
  return {
    bench: "ingest",
    value: merged,
    unit: "messages/s merged",
    baseline: accepted,
    ratio: rounded(merged / accepted),
    n: sent.accepted,
    ...percentilesOf(sent.latencies),
    conditions:
      `Segment batches of ${BATCH} over ${CONNECTIONS} connections for ${Math.round(acceptedMs / 1_000)} s, beside what is ` +
      `accepted meanwhile; ${customers} customers, centre beside it, ${cpus().length} cores, ` +
      `load ${rounded(loadavg()[0] ?? 0)}; ${cpu}; ${sent.refused} batches told to wait; ` +
      `merged ${rounded((mergedMs - acceptedMs) / 1_000)} s after the last; without waiting: ` +
      `${over.accepted} messages taken, ${over.refused} batches of ${IMPATIENT_BATCH} refused`,
    limit: "nothing lost, nothing twice, and whoever is refused is told when to come back",
    missed,
    growth: growthOf({ of: "customers", cost: "of each", unit: "ms a message", points }),
  };
}

interface Flood {
  readonly name: string;
  readonly senders: number;
  readonly batch: number;
  readonly forMs: number;
  /** Whoever is there to be refused does not wait, and ends when it was. */
  readonly isEnough: (sent: Sent) => boolean;
}

/** Each connection has users of its own, so that the order of what is said of each is known. */
async function flood(
  house: House,
  connections: Connections,
  customers: readonly Customer[],
  { forMs, name, senders, batch, isEnough }: Flood,
): Promise<Sent> {
  const sent = nothingSent();
  const untilMs = performance.now() + forMs;
  await Promise.all(
    Array.from({ length: senders }, (_, of) => {
      const users = customers
        .filter((_customer, at) => at % senders === of)
        .map(({ userId }) => userId);
      const isOver = () => performance.now() >= untilMs || isEnough(sent);
      const isPatient = batch === BATCH;
      const plan = { batch, isPatient, isOver, key: house.segmentKey, users };
      return send(connections, { ...plan, name: `${name}-${of}` }, sent);
    }),
  );
  return sent;
}

async function untilMerged(house: House, watch: Connections, count: number): Promise<void> {
  const deadline = performance.now() + MERGED_WITHIN_MS;
  for (;;) {
    const { merged } = await marksOf(house, watch);
    if (merged >= count) return;
    if (performance.now() > deadline) throw new Error(`${count - merged} messages are not merged`);
    await wait(100);
  }
}

/** Of whom the newest word that was accepted is not what the profile says. */
async function lostOf(
  house: House,
  watch: Connections,
  customers: readonly Customer[],
  phases: readonly Sent[],
): Promise<number> {
  const newest = new Map(phases.flatMap((sent) => [...sent.newest]));
  let lost = 0;
  for (const { userId, id } of customers) {
    const word = newest.get(userId);
    if (word === undefined) continue;
    const headers = bearer(house.centralToken);
    const answer = await watch.ask({ path: `/v1/customers/${id}`, headers });
    if (answer.status !== 200 || !answer.body.includes(`"${word}"`)) lost += 1;
  }
  return lost;
}

function missedBy(
  phases: readonly Sent[],
  { lost, extra }: Readonly<Record<"lost" | "extra", number>>,
): string[] {
  const errors = phases.flatMap((sent) => [...sent.errors]);
  const unsaid = phases.reduce((sum, sent) => sum + sent.unsaid, 0);
  return [
    ...errors.map(([what, count]) => `${count} times ${what}`),
    ...(unsaid > 0 ? [`${unsaid} refusals do not say when to come back`] : []),
    ...(lost > 0 ? [`${lost} customers lack what was accepted of them`] : []),
    ...(extra === 0 ? [] : [`${extra} events more than messages`]),
  ];
}
