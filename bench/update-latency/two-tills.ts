/**
 * From one store's till to another's: claims are captured at both, at a fixed rate, about customers whom both have in their
 * working set. Some of them are looked for at the other till's local API, as its cashier would, until they are there.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { House, Till } from "../house.ts";
import { type Ask, bearer, type Connections, openConnections } from "../http.ts";

/** One in so many is looked for: to ask for each would take more of this machine than what is measured. */
const WATCHED = 8;
/**
 * Between two looks at least so long, or an eighth of what has passed: each takes a look-up's time of the till that is measured. What
 * is reported is too long by no more than that.
 */
const POLL_GAP_MS = 15;
const POLL_SHARE = 8;
const GIVEN_UP_MS = 10_000;

export interface Crossing {
  /** From the till's answer to the look-up at the other till that shows it (ms). */
  readonly seen: number[];
  readonly errors: Map<string, number>;
}

interface Side {
  readonly till: Till;
  readonly connections: Connections;
}

export interface Pace {
  readonly name: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Of both tills, spoken of in turns. */
  readonly customers: number;
}

/** Both stores have sold to everybody, and each has heard of it from the edge. */
export async function meetCustomers(
  house: House,
  tills: readonly [Till, Till],
  customers: number,
): Promise<void> {
  const sides = tills.map((till) => sideOf(till));
  try {
    for (let customer = 0; customer < customers; customer++) {
      await Promise.all(sides.map((side, at) => capture(house, side, customer, `met-${at}`, at)));
    }
    for (let at = 0; at < sides.length; at++) {
      const other = sides[1 - at];
      if (!other) continue;
      for (let customer = 0; customer < customers; customer++) {
        await untilShown(house, other, customer, `met-${at}`, 60_000);
      }
    }
  } finally {
    for (const { connections } of sides) connections.close();
  }
}

export async function cross(
  house: House,
  tills: readonly [Till, Till],
  { name, perSecond, seconds, customers }: Pace,
): Promise<Crossing> {
  const sides = tills.map((till) => sideOf(till));
  const crossing: Crossing = { seen: [], errors: new Map() };
  const startMs = performance.now() + 100;
  const running: Promise<void>[] = [];
  try {
    for (let n = 0; n < perSecond * seconds; n++) {
      const restMs = startMs + (n * 1_000) / perSecond - performance.now();
      if (restMs > 0) await wait(restMs);
      const at = n % sides.length;
      const [from, to] = [sides[at], sides[1 - at]];
      if (!from || !to) continue;
      const word = `${name}-${n}`;
      const customer = (n * 7) % customers;
      const one = async (): Promise<void> => {
        await capture(house, from, customer, word, at);
        const capturedMs = performance.now();
        if (Math.floor(n / sides.length) % WATCHED !== 0) return;
        await untilShown(house, to, customer, word, GIVEN_UP_MS);
        crossing.seen.push(performance.now() - capturedMs);
      };
      running.push(one().catch((error: unknown) => note(crossing, error)));
    }
    await Promise.all(running);
  } finally {
    for (const { connections } of sides) connections.close();
  }
  return crossing;
}

const sideOf = (till: Till): Side => ({ till, connections: openConnections(till.port, 16) });

function note({ errors }: Crossing, error: unknown): void {
  const what = error instanceof Error ? error.message : "unknown";
  errors.set(what, (errors.get(what) ?? 0) + 1);
}

const cardOf = (customer: number): string => `77${String(customer).padStart(8, "0")}`;

/** Each till has a trait of its own to say it in, so that neither overwrites what the other looks for. */
async function capture(
  house: House,
  { connections }: Side,
  customer: number,
  word: string,
  at: number,
): Promise<void> {
  const traits = { [`wordOf${at}`]: word };
  const body = { kind: "claim", customer: { loyaltyNumber: cardOf(customer), traits } };
  const { status } = await connections.ask(askOf(house, "/v1/captures", body));
  if (status !== 201) throw new Error(`a capture was answered with ${status}`);
}

async function untilShown(
  house: House,
  { connections }: Side,
  customer: number,
  word: string,
  withinMs: number,
): Promise<void> {
  const ask = askOf(house, "/v1/lookup", { query: cardOf(customer) });
  const startMs = performance.now();
  for (;;) {
    const { status, body } = await connections.ask(ask);
    if (status !== 200) throw new Error(`a look-up was answered with ${status}`);
    if (body.includes(`"${word}"`)) return;
    const passedMs = performance.now() - startMs;
    if (passedMs > withinMs) throw new Error("a capture was not seen in time");
    await wait(Math.max(POLL_GAP_MS, passedMs / POLL_SHARE));
  }
}

const askOf = ({ localToken }: House, path: string, body: object): Ask => ({
  method: "POST",
  path,
  headers: { ...bearer(localToken), "content-type": "application/json" },
  body: JSON.stringify(body),
});
