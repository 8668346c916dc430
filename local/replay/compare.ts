/**
 * Compares, event by event, what was confirmed to the replay, what stands in an agent's journal, and what the centre
 * holds. All three come in the order of their numbers, so nothing is kept in memory.
 */
import type { JournalRow } from "../system/agent-client.ts";
import type { CentreEvent } from "../system/centre-client.ts";
import type { TallyEntry } from "./tally.ts";

export interface Comparison {
  readonly events: number;
  /** Invoices at each step of the ack ladder. */
  readonly captured: number;
  readonly accepted: number;
  readonly merged: number;
  readonly golden: number;
  /** Confirmed or journalled, and missing or different further on. */
  readonly lost: number;
  /** Journalled without having been sent, or at the centre without being in the journal. */
  readonly duplicated: number;
  /** Minor units in the journal, by currency. */
  readonly moneyMinor: Readonly<Record<string, number>>;
}

export const NOTHING_COMPARED: Comparison = {
  events: 0,
  captured: 0,
  accepted: 0,
  merged: 0,
  golden: 0,
  lost: 0,
  duplicated: 0,
  moneyMinor: {},
};

export interface Ordered {
  readonly confirmed: AsyncIterable<TallyEntry>;
  readonly journal: AsyncIterable<JournalRow>;
  readonly centre: AsyncIterable<CentreEvent>;
}

/** `onRow` sees each journal row once. */
export async function compare(
  { confirmed, journal, centre }: Ordered,
  onRow: (row: JournalRow) => void,
): Promise<Comparison> {
  const sent = createCursor(confirmed);
  const arrived = createCursor(centre);
  const sum = { ...NOTHING_COMPARED };
  const money: Record<string, number> = {};
  let last = 0;
  for await (const row of journal) {
    onRow(row);
    sum.events++;
    sum.lost += row.seq - last - 1; // a gap in the journal
    last = row.seq;
    if (row.currency !== null) {
      money[row.currency] = (money[row.currency] ?? 0) + (row.totalMinor ?? 0);
    }
    sum.duplicated += await arrived.skipTo(row.seq);
    const event = await arrived.take(row.seq);
    if (event?.hash !== row.hash) sum.lost++;

    sum.lost += await sent.skipTo(row.seq);
    const entry = await sent.take(row.seq);
    if (row.receipt === null) continue;
    if (!entry) {
      sum.duplicated++;
      continue;
    }
    if (entry.hash !== row.hash || entry.receipt !== row.receipt) sum.lost++;
    sum.captured++;
    if (row.acceptedMs !== null) sum.accepted++;
    if (row.mergedMs !== null) sum.merged++;
    if (row.goldenMs !== null) sum.golden++;
  }
  sum.duplicated += await arrived.skipTo(Infinity);
  sum.lost += await sent.skipTo(Infinity);
  return { ...sum, moneyMinor: money };
}

export function addComparisons(a: Comparison, b: Comparison): Comparison {
  return {
    events: a.events + b.events,
    captured: a.captured + b.captured,
    accepted: a.accepted + b.accepted,
    merged: a.merged + b.merged,
    golden: a.golden + b.golden,
    lost: a.lost + b.lost,
    duplicated: a.duplicated + b.duplicated,
    moneyMinor: addMoney(a.moneyMinor, b.moneyMinor),
  };
}

export function addMoney(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...a };
  for (const [currency, minor] of Object.entries(b)) sum[currency] = (sum[currency] ?? 0) + minor;
  return sum;
}

/** Reads an ordered list alongside another one. */
function createCursor<Entry extends { readonly seq: number }>(entries: AsyncIterable<Entry>) {
  const iterator = entries[Symbol.asyncIterator]();
  let next: IteratorResult<Entry, unknown> | null = null;
  const peek = async (): Promise<Entry | null> => {
    next ??= await iterator.next();
    return next.done ? null : next.value;
  };
  return {
    /** Passes what comes before `seq`, and counts it. */
    async skipTo(seq: number): Promise<number> {
      for (let passed = 0; ; passed++) {
        const entry = await peek();
        if (entry === null || entry.seq >= seq) return passed;
        next = null;
      }
    },
    async take(seq: number): Promise<Entry | null> {
      const entry = await peek();
      if (entry?.seq !== seq) return null;
      next = null;
      return entry;
    },
  };
}
