/**
 * Customers with a card, six purchases and what they told, by the thousand: whole fragments, as the centre gives them back to a
 * shard that has lost its disk. The edge checks and merges each as it would a till's, and builds its profile. That is done for a
 * few in each shard, and what is stored of these is written again under the names of all others.
 */
import { CLOCK_START, stampOf, tick } from "@regulars/shared/clock";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten } from "@regulars/shared/fragment/written";
import { clientIdOf, type CustomerId, customerIdOf, writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { bearer, openConnections } from "../http.ts";

const [SOURCE, EPOCH] = ["till-1", 1];
const SALES = 6;
const START_MS = Date.UTC(2026, 0, 1, 10);
const DAY_MS = 86_400_000;
const AT_ONCE = 4;

export const keyAt = (at: number) => `loyalty:${String(at).padStart(22, "0")}`;
/** Stands for every other one: all are of the same length, also inside a document. */
const TEMPLATE = 0;
export const cardAt = (at: number): string => `77${String(at).padStart(8, "0")}`;

/** Numbers `from` up to, without, `to`. */
export async function makeCustomers(
  port: number,
  token: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<CustomerId[]> {
  const connections = openConnections(port, AT_ONCE);
  const template = Buffer.from(templateState());
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  async function send(): Promise<void> {
    for (let some = numbers.splice(0, batch); some.length > 0; some = numbers.splice(0, batch)) {
      const customers = some.map((at) => customerAt(at, template));
      const body = JSON.stringify({ ...THIS_VERSION, customers });
      const answer = await connections.ask({
        method: "POST",
        path: "/v1/compare/mend",
        headers: { ...bearer(token), [CONTENT_DIGEST]: contentDigestOf(body) },
        body,
      });
      if (answer.status !== 200)
        throw new Error(`customers were answered with ${answer.status}: ${answer.body}`);
    }
  }
  const batch = LIMITS.mendCustomers;
  const made = numbers.map((at) => customerIdOf(keyAt(at)));
  await Promise.all(Array.from({ length: AT_ONCE }, () => send()));
  connections.close();
  return made;
}

function customerAt(at: number, template: Buffer) {
  const state = replaced(template, [
    [keyAt(TEMPLATE), keyAt(at)],
    [cardAt(TEMPLATE), cardAt(at)],
  ]);
  const name = { source: SOURCE, epoch: EPOCH, key: keyAt(at), store: "store-1" };
  const sent = { ...name, state: bytesToBase64(state), sha256: sha256Hex(state) };
  return { customer: customerIdOf(keyAt(at)), fragments: [sent] };
}

/** Texts of the same length, wherever they are. */
function replaced(bytes: Buffer, texts: readonly (readonly [string, string])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [text, other] of texts) {
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1))
      copy.write(other, at);
  }
  return copy;
}

function templateState(): Uint8Array {
  const doc = openWritten(null, clientIdOf(SOURCE, EPOCH));
  let clock = CLOCK_START;
  for (let seq = 1; seq <= SALES + 1; seq++) {
    const atMs = START_MS + seq * DAY_MS;
    clock = tick(clock, atMs);
    const stamp = stampOf(clock, writerOf(SOURCE, EPOCH));
    recordEvent(doc, eventAt(seq, atMs, stamp), keyAt(TEMPLATE));
  }
  return doc.state();
}

/** What the customer told, and then a purchase a day. */
function eventAt(seq: number, atMs: number, stamp: string): RegularsEvent {
  const at = new Date(atMs).toISOString();
  const what = seq === 1 ? { kind: "claim", body: CLAIM } : { kind: "sale", body: saleAt(seq) };
  return eventSchema.parse({
    source: SOURCE, epoch: EPOCH, seq, stamp, at, businessDay: at.slice(0, 10), zone: "Europe/London",
    store: "store-1", channel: "till", subject: [keyAt(TEMPLATE)], flags: [], ...what,
  }); // prettier-ignore
}

const CLAIM = {
  claims: {
    loyaltyNumber: cardAt(TEMPLATE),
    email: "a.regular@example.com",
    givenName: "Ada",
    familyName: "Regular",
    birthDate: "1980-01-31",
    address: { line1: "12 High Street", city: "Leeds", postalCode: "LS1 1AA", country: "GB" },
    language: "en",
  },
  traits: { shoeSize: 39, tier: "silver" },
};

const saleAt = (seq: number) => ({
  receipt: `till-1-1-00000${seq}`,
  currency: "GBP",
  lines: [
    { sku: "TEA-1", description: "Earl Grey, loose leaf, 100 g", quantity: "2", amountMinor: 790 },
    { sku: "MUG-7", description: "Stoneware mug", quantity: "1", amountMinor: 1_200 },
  ],
  tenders: [{ type: "card", amountMinor: 1_990 }],
  totalMinor: 1_990,
});
