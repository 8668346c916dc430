/** What is sent: the half of it as Segment's libraries send, in small batches and in single calls, the other half as claims. */
import { type Ask, basic, bearer } from "../http.ts";
import type { Customer, House } from "../house.ts";

/** One change of one customer, known again by a word that only it brings. */
export interface Update {
  readonly customer: Customer;
  readonly word: string;
}

export interface Sending {
  /** Milliseconds after the first. */
  readonly atMs: number;
  readonly updates: readonly Update[];
  readonly ask: Ask;
}

/**
 * So many updates are due in each round of sendings: eight claims, four single calls of Segment's, and four messages in one
 * batch, which comes at the time of its last message.
 */
const ROUND = ["claim", "claim", "single", "batched"] as const;
const BATCHED = 4;

export interface Schedule {
  /** Of this run alone: an update that was made before would be seen at once. */
  readonly name: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Fixed before anything is sent. */
export function sendingsOf(
  house: House,
  customers: readonly Customer[],
  { name, perSecond, seconds }: Schedule,
): Sending[] {
  const sendings: Sending[] = [];
  let batch: Update[] = [];
  const count = perSecond * seconds;
  for (let n = 0; n < count; n++) {
    const customer = customers[n % customers.length];
    if (!customer) throw new Error("nobody to update");
    const update = { customer, word: `${name}-${String(n).padStart(6, "0")}` };
    const atMs = (n / perSecond) * 1_000;
    const kind = ROUND[n % ROUND.length];
    if (kind === "claim") {
      sendings.push({ atMs, updates: [update], ask: claimOf(house, update) });
    } else if (kind === "single") {
      sendings.push({ atMs, updates: [update], ask: singleOf(house, update, n) });
    } else {
      batch.push(update);
      if (batch.length < BATCHED && n + ROUND.length < count) continue;
      sendings.push({ atMs, updates: batch, ask: batchOf(house, batch) });
      batch = [];
    }
  }
  return sendings;
}

const claimOf = ({ appKey }: House, { customer, word }: Update): Ask => ({
  method: "POST",
  path: `/v1/customers/${customer.id}/claims`,
  headers: bearer(appKey),
  body: JSON.stringify({ id: word, traits: { appWord: word } }),
});

/** Who somebody is, or what they did, in turns. */
const singleOf = ({ segmentKey }: House, update: Update, n: number): Ask => ({
  method: "POST",
  path: Math.floor(n / ROUND.length) % 2 === 0 ? "/v1/identify" : "/v1/track",
  headers: basic(segmentKey),
  body: JSON.stringify(Math.floor(n / ROUND.length) % 2 === 0 ? identify(update) : track(update)),
});

const batchOf = ({ segmentKey }: House, updates: readonly Update[]): Ask => ({
  method: "POST",
  path: "/v1/batch",
  headers: basic(segmentKey),
  body: JSON.stringify({
    batch: updates.map((update, at) =>
      at % 2 === 0
        ? { type: "identify", ...identify(update) }
        : { type: "track", ...track(update) },
    ),
  }),
});

const identify = ({ customer, word }: Update) => ({
  userId: customer.userId,
  messageId: word,
  traits: { lastWord: word },
});

const track = ({ customer, word }: Update) => ({
  userId: customer.userId,
  messageId: word,
  event: "Product Viewed",
  properties: { product_id: word, name: "Earl Grey", price: 3.95, currency: "GBP" },
});
