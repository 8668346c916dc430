/** Hands the invoices of a file to the agents: each agent its own, in the file's order, all agents at once. */
import { setTimeout as wait } from "node:timers/promises";
import { shardOf } from "@regulars/shared/ids";
import { addDirt, type Dirt, type Invoice, NO_DIRT } from "../formats/invoice.ts";
import { captureSurely } from "../system/capture-surely.ts";
import type { Agent } from "../system/system.ts";
import { addMoney } from "./compare.ts";
import { isOut, type Outage } from "./outages.ts";
import type { Tally } from "./tally.ts";

/** What the file held, by the replay's own count. */
export interface Sent {
  readonly invoices: number;
  readonly anonymous: number;
  readonly kinds: Readonly<Record<"sale" | "return" | "adjustment", number>>;
  /** Minor units by currency. */
  readonly moneyMinor: Readonly<Record<string, number>>;
  readonly dirt: Dirt;
  /** From 0 to 1. */
  readonly position: number;
}

export const NOTHING_SENT: Sent = {
  invoices: 0,
  anonymous: 0,
  kinds: { sale: 0, return: 0, adjustment: 0 },
  moneyMinor: {},
  dirt: NO_DIRT,
  position: 0,
};

export interface Capturing {
  readonly invoices: AsyncIterable<Invoice>;
  readonly agents: readonly Agent[];
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly outages: readonly Outage[];
  readonly limit: number;
  readonly perSecond: number | undefined;
  readonly signal: AbortSignal;
  onSent(sent: Sent): void;
}

/** What an agent has waiting; enough to keep it busy, little enough to hold in memory. */
const waitingMax = 16;

interface Lane {
  last: Promise<void>;
  readonly waiting: Promise<void>[];
}

/** When the input breaks off it throws, like its input, after everything before has been captured. */
export async function captureInvoices(capturing: Capturing): Promise<void> {
  const { invoices, agents, limit, signal } = capturing;
  const lanes = agents.map((): Lane => ({ last: Promise.resolve(), waiting: [] }));
  const startMs = Date.now();
  let sent = NOTHING_SENT;
  try {
    for await (const invoice of invoices) {
      signal.throwIfAborted();
      const position = Math.max(invoice.position, sent.invoices / limit);
      sent = addInvoice(sent, invoice, position);
      await switchUplinks(capturing, position);
      if (capturing.perSecond !== undefined) {
        const dueMs = startMs + (sent.invoices * 1000) / capturing.perSecond;
        await wait(Math.max(dueMs - Date.now(), 0));
      }
      await enqueue(capturing, lanes, invoice);
      capturing.onSent(sent);
      if (sent.invoices >= limit) break;
    }
  } finally {
    await Promise.all(lanes.map(({ last }) => last));
  }
}

/** By the invoice's number, so that a resumed replay sends it to the same agent. */
async function enqueue(
  { agents, tallies, signal }: Capturing,
  lanes: readonly Lane[],
  { capture, totalMinor }: Invoice,
): Promise<void> {
  const at = shardOf(capture.externalId ?? "", agents.length);
  const [agent, lane] = [agents[at], lanes[at]];
  const tally = agent && tallies.get(agent.source);
  if (!agent || !lane || !tally) throw new Error("every agent has a lane and a tally");
  const before = lane.last;
  lane.last = (async () => {
    await before;
    const { seq, receipt, hash } = await captureSurely(agent, capture, signal);
    await tally.add({ seq, receipt, hash, totalMinor });
  })();
  lane.last.catch(() => undefined); // thrown by whoever waits for it
  lane.waiting.push(lane.last);
  if (lane.waiting.length > waitingMax) await lane.waiting.shift();
}

async function switchUplinks({ agents, outages }: Capturing, position: number): Promise<void> {
  for (const outage of outages) {
    const uplink = agents.find(({ source }) => source === outage.source)?.uplink;
    if (!uplink || uplink.isCut() === isOut(outage, position)) continue;
    await (isOut(outage, position) ? uplink.cut() : uplink.restore());
  }
}

function addInvoice(sent: Sent, invoice: Invoice, position: number): Sent {
  const { capture, currency, totalMinor, dirt } = invoice;
  return {
    invoices: sent.invoices + 1,
    anonymous: sent.anonymous + (capture.customer === undefined ? 1 : 0),
    kinds: { ...sent.kinds, [capture.kind]: sent.kinds[capture.kind] + 1 },
    moneyMinor: addMoney(sent.moneyMinor, { [currency]: totalMinor }),
    dirt: addDirt(sent.dirt, dirt),
    position,
  };
}
