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
import type { BenchOptions, Measured } from "./measured.ts";

const CUSTOMERS = 2_000;
const CONNECTIONS = 4;
const BATCH = 100;
/** Those who do not wait bring as much at once as a shop that was cut off, until they have been refused often enough. */
const IMPATIENT_BATCH = 2_000;
/** Together more than may wait (`intakeWaiting`), which fewer could not have under way at once. */
const IMPATIENT = 12;
const REFUSED = 5;
const IMPATIENT_MS = 20_000;
const MERGED_WITHIN_MS = 300_000;

export async function benchIngest({ isQuick }: BenchOptions): Promise<Measured[]> {
  const house = await openHouse();
  const connections = openConnections(house.edgePort, CONNECTIONS);
  const watch = openConnections(house.edgePort, 1);
  try {
    const customers = await makeCustomers(house, CUSTOMERS);
    await untilGolden(house);
    const seconds = isQuick ? 7 : 20;
    const cpu = meterCpu(house);
    const before = (await marksOf(house, watch)).merged;
    const startMs = performance.now();
    const sent = await flood(house, connections, customers, {
      name: "full",
      senders: CONNECTIONS,
      batch: BATCH,
      forMs: seconds * 1_000,
      isEnough: () => false,
    });
    const acceptedMs = performance.now() - startMs;
    await untilMerged(house, watch, before + sent.accepted);
    const mergedMs = performance.now() - startMs;
    const spent = cpu(sent.accepted);
    const many = openConnections(house.edgePort, IMPATIENT);
    const over = await flood(house, many, customers, {
      senders: IMPATIENT,
      name: "over",
      batch: IMPATIENT_BATCH,
      forMs: IMPATIENT_MS,
      isEnough: ({ refused }) => refused >= REFUSED,
    });
    many.close();
    await untilMerged(house, watch, before + sent.accepted + over.accepted);
    const lost = await lostOf(house, watch, customers, [sent, over]);
    const extra = (await marksOf(house, watch)).merged - before - sent.accepted - over.accepted;
    const conditions =
      `Segment batches of ${BATCH} over ${CONNECTIONS} connections for ${seconds} s, ` +
      `${CUSTOMERS} customers, centre beside it, ${cpus().length} cores, ` +
      `load ${rounded(loadavg()[0] ?? 0)}; ${spent}; ${sent.refused} batches told to wait; ` +
      `merged ${rounded((mergedMs - acceptedMs) / 1_000)} s after the last; without waiting: ` +
      `${over.accepted} messages taken, ${over.refused} batches of ${IMPATIENT_BATCH} refused; ${lost} lost, ${extra} too many`;
    const accepted = Math.round((sent.accepted / acceptedMs) * 1_000);
    const merged = Math.round((sent.accepted / mergedMs) * 1_000);
    return [
      {
        bench: "ingest",
        value: merged,
        unit: "messages/s merged",
        baseline: accepted,
        ratio: rounded(merged / accepted),
        n: sent.accepted,
        ...percentilesOf(sent.latencies),
        conditions,
        missed: missedBy([sent, over], { lost, extra }),
      },
    ];
  } finally {
    connections.close();
    watch.close();
    await house.stop();
  }
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
