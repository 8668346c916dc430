/** Tills that have nothing but a link: journals with the updates of real fragments, made before they are sent. */
import { join } from "node:path";
import { CLOCK_START, stampOf, tick } from "@regulars/shared/clock";
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { clientIdOf, writerOf } from "@regulars/shared/ids";
import type { Item } from "@regulars/shared/protocol/item";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { openEnrolments } from "../../local/system/enrolments.ts";
import { openTillKey } from "../../store-agent/src/db/till-key.ts";
import { createCredentials } from "../../store-agent/src/sync/credentials.ts";
import { bearer, type Connections } from "../http.ts";
import { type LoneEdge, PEPPER } from "../workerd.ts";

export interface PushTill {
  readonly store: string;
  /** The next rows, sealed: each a sale of a regular, with the update of its fragment. */
  prepare(count: number): void;
  /** A push of so many of the rows that were prepared; how many were accepted in all. */
  push(connections: Connections, count: number): Promise<void>;
  readonly accepted: () => number;
}

/** As many as a town's shop sells to each regular in a year, however many rows there are: what a fragment costs grows with them. */
const SALES_PER_REGULAR = 8;

export async function openPushTill(edge: LoneEdge, folder: string, at: number): Promise<PushTill> {
  const store = `store-${at + 1}`;
  const source = `${store}-till-1`;
  const code = await (
    await openEnrolments(edge.url, edge.centralToken)
  )({ source, store }, join(folder, source));
  const key = openTillKey(join(folder, `${source}-key.json`));
  const credentials = createCredentials({
    edgeUrl: `${edge.url}/`,
    source,
    store,
    code: code ?? undefined,
    key: () => key,
    timeoutMs: 20_000,
    closing: new AbortController().signal,
    fetch,
    elapsedMs: () => performance.now(),
  });
  const token = await credentials.tokenFor(1);
  if (!token.ok) throw new Error(`a till is not let in (${token.reason.code})`);
  const journal = createJournal(source, store);
  const life = { start: 1, nonce: sha256Hex(source).slice(0, 32) };
  let accepted = 0;
  return {
    store,
    prepare: (count) => journal.seal(count),
    accepted: () => accepted,
    async push(connections, count) {
      const items = journal.take(count);
      const head = items.at(-1)?.seq ?? 0;
      const place = { store, source, epoch: 1, sentAtMs: Date.now() };
      const body = JSON.stringify({ ...THIS_VERSION, ...place, items, life, head });
      const digest = { [CONTENT_DIGEST]: contentDigestOf(body) };
      const headers = { ...bearer(token.value), ...digest };
      const answer = await connections.ask({ method: "POST", path: "/v1/push", headers, body });
      if (answer.status !== 200 || !answer.body.includes(`"accepted":${head},`)) {
        throw new Error(`a push was answered with ${answer.status}`);
      }
      accepted = head;
    },
  };
}

function createJournal(source: string, store: string) {
  const epoch = 1;
  const fragments = new Map<string, WrittenFragment>();
  const ready: Item[] = [];
  let clock = CLOCK_START;
  let head = { seq: 0, hash: chainStart(source, epoch) };

  function sealOne(): Item {
    clock = tick(clock, Date.now());
    const seq = head.seq + 1;
    const key = regularKey(source, (seq * 104_729) % Math.ceil(seq / SALES_PER_REGULAR));
    const event = eventOf(
      { source, store, seq, stamp: stampOf(clock, writerOf(source, epoch)) },
      key,
    );
    const doc = fragments.get(key) ?? openWritten(null, clientIdOf(source, epoch));
    fragments.set(key, doc);
    const update = recordEvent(doc, event, key);
    const body = JSON.stringify(event);
    const item: Item = {
      seq,
      prev: head.hash,
      hash: chainHash(head.hash, body),
      body,
      updates: [{ key, update: bytesToBase64(update), sha256: sha256Hex(update) }],
    };
    head = { seq, hash: item.hash };
    return item;
  }
  return {
    seal(count: number): void {
      for (let at = 0; at < count; at++) ready.push(sealOne());
    },
    take: (count: number): Item[] => ready.splice(0, count),
  };
}

function regularKey(source: string, regular: number): string {
  const loyaltyNumber = `98${source.replaceAll(/\D/g, "")}${String(regular).padStart(5, "0")}`;
  const [key] = identityKeysOf({ loyaltyNumber }, { pepper: PEPPER, country: "GB" }).keys;
  if (key === undefined) throw new Error("a card has a key");
  return key;
}

interface Place {
  readonly source: string;
  readonly store: string;
  readonly seq: number;
  readonly stamp: string;
}

function eventOf({ source, store, seq, stamp }: Place, key: string): RegularsEvent {
  const at = new Date().toISOString();
  const amountMinor = 790 + (seq % 9) * 100;
  return {
    source,
    epoch: 1,
    seq,
    stamp,
    at,
    businessDay: at.slice(0, 10),
    zone: "Europe/London",
    store,
    channel: "till",
    subject: [key],
    flags: [],
    kind: "sale",
    body: {
      receipt: `${source}-1-${seq}`,
      currency: "GBP",
      lines: [
        { sku: "TEA-1", description: "Earl Grey, loose leaf, 100 g", quantity: "2", amountMinor },
      ],
      tenders: [],
      totalMinor: amountMinor,
    },
  };
}
