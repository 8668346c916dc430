/** Sales of known customers at the tills of a few stores, as a normal day brings them: one at a time, each pushed as it comes. */
import type { Counts, MeteredHouse, Till } from "./house.ts";
import { untilGolden } from "./house.ts";

/** What one sale comes to, on average. */
export interface PerSale {
  readonly sales: number;
  /** Of tables and indexes, and one for each alarm that was set. */
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly alarms: number;
  readonly workerRequests: number;
  readonly objectRequests: number;
  readonly cpuMs: number;
  /** For which objects were in memory and could not rest. */
  readonly activeMs: number;
  /** Rows written by whom and by which statement, the most first. */
  readonly by: readonly string[];
}

export const ENVELOPE = 50;

/** Each till has its own customers, as many as an envelope holds, who have bought there before anything is measured. */
export async function sellFirst(house: MeteredHouse): Promise<Counts> {
  await Promise.all(house.tills.map((till, at) => captureAll(till, at, "first")));
  await Promise.all(house.tills.map((till) => untilGolden(till)));
  return settled(house);
}

async function captureAll(till: Till, at: number, name: string): Promise<void> {
  for (let nth = 0; nth < ENVELOPE; nth++) await captureAt(till, at, nth, name);
}

interface Metered {
  readonly sale: PerSale;
  /** When all was still again. */
  readonly after: Counts;
}

/** `before`: when all was still. */
export async function sellOneByOne(
  house: MeteredHouse,
  perTill: number,
  before: Counts,
): Promise<Metered> {
  await Promise.all(house.tills.map((till, at) => sell(till, at, perTill, "one")));
  return meteredFrom(house, before, perTill * house.tills.length);
}

/** While its uplink is cut a till gathers as many as an envelope holds. */
export async function sellInEnvelopes(house: MeteredHouse, before: Counts): Promise<Metered> {
  for (const { uplink } of house.tills) await uplink.cut();
  await Promise.all(house.tills.map((till, at) => captureAll(till, at, "many")));
  for (const { uplink } of house.tills) await uplink.restore();
  await Promise.all(house.tills.map((till) => untilGolden(till)));
  return meteredFrom(house, before, ENVELOPE * house.tills.length);
}

async function sell(till: Till, at: number, count: number, name: string): Promise<void> {
  for (let nth = 0; nth < count; nth++) {
    await captureAt(till, at, nth, name);
    await untilGolden(till);
  }
}

/** To a customer with a card, three lines. */
async function captureAt({ agent }: Till, at: number, nth: number, name: string): Promise<void> {
  const answer = await agent.capture({
    kind: "sale",
    idempotencyKey: `${name}-${at}-${nth}`,
    lines: [
      { sku: "4006381333931", description: "Highlighter", quantity: "2", unitPrice: "1.25" },
      { sku: "5000159484695", description: "Olive oil 1 l", quantity: "1", unitPrice: "7.95" },
      { sku: "0036000291452", quantity: "1", unitPrice: "0.99" },
    ],
    tenders: [{ type: "card", amountMinor: 1_144 }],
    customer: { loyaltyNumber: `98${String(at * 1_000 + (nth % ENVELOPE)).padStart(8, "0")}` },
  });
  if (!answer.ok) throw new Error(`a sale was refused: ${answer.reason.reason}`);
}

/** What is still under way when the last sale is golden belongs to them as well, and what is written at the alarms (5 s). */
const SETTLED_MS = 6_000;
const LOOK_EVERY_MS = 500;

async function meteredFrom(house: MeteredHouse, before: Counts, sales: number): Promise<Metered> {
  const after = await settled(house);
  return { sale: perSaleOf(before, after, sales), after };
}

/** When nothing has been written for so long. */
async function settled(house: MeteredHouse): Promise<Counts> {
  let [written, sinceMs] = [-1, performance.now()];
  for (;;) {
    const counts = await house.counts();
    const now = totalOf(counts.objects, "rowsWritten");
    if (now !== written) [written, sinceMs] = [now, performance.now()];
    else if (performance.now() - sinceMs >= SETTLED_MS) return counts;
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
}

type Name = keyof Counts["objects"][string];

const totalOf = (objects: Counts["objects"], name: Name): number =>
  Object.values(objects).reduce((sum, each) => sum + each[name], 0);

export function perSaleOf(before: Counts, after: Counts, sales: number): PerSale {
  const each = (name: Name): number =>
    (totalOf(after.objects, name) - totalOf(before.objects, name)) / sales;
  const by = Object.entries(after.statements)
    .map(([statement, rows]) => [statement, rows - (before.statements[statement] ?? 0)] as const)
    .filter(([, rows]) => rows > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([statement, rows]) => `${(rows / sales).toFixed(2)} ${statement}`);
  return {
    sales,
    rowsWritten: each("rowsWritten") + each("alarmsSet"),
    rowsRead: each("rowsRead"),
    alarms: each("alarmsSet"),
    workerRequests: (after.workerRequests - before.workerRequests) / sales,
    objectRequests: each("requests") + each("alarmsRun"),
    cpuMs: (after.cpuMs - before.cpuMs) / sales,
    activeMs: each("activeMs"),
    by,
  };
}
