/** Malformed calls of a POS: each has a coded answer, and the journal holds what was answered as captured and no more. */
import { problemSchema } from "@regulars/shared/problem";
import { eventSchema } from "@regulars/shared/events/event";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { bendBytes, bendStructure, isMarked, MARK } from "./bend.ts";
import { insist } from "./insist.ts";
import { createRandom, type Random } from "../simulate/random.ts";
import { createFakeEdge } from "../../store-agent/testing/fake-edge.ts";
import { NOON, SETTINGS } from "../../store-agent/testing/settings.ts";
import {
  countWholeChain,
  journalOf,
  openTill,
  temporaryFolder,
} from "../../store-agent/testing/till.ts";
import { captureAnswerSchema } from "../../store-agent/src/capture/answer.ts";
import { openStoreAgent } from "../../store-agent/src/open-store-agent.ts";
import { createLocalApi } from "../../store-agent/src/local-api/app.ts";

const SEED = "till-1";
const TOKEN = "local-token-of-the-tests";
const REFUSALS = ["malformed_json", "invalid_field", "too_large", "conflict", "not_found"];

const person = {
  email: `${MARK}@example.org`,
  phone: "020 7946 0018",
  loyaltyNumber: "4711",
  givenName: MARK,
  birthDate: "1980-02-03",
  address: { line1: MARK, city: "Leeds", country: "GB" },
};
const consents = [{ purpose: "marketing", channel: "email", state: "granted" }];
const at = "2026-06-01T13:00:00+02:00";
const line = { sku: "mug", description: MARK, quantity: "2", unitPrice: "2.50", at };

const CAPTURES = [
  {
    kind: "sale",
    at,
    businessDay: "2026-06-01",
    externalId: "77",
    currency: "GBP",
    staff: "s1",
    lines: [line, { sku: "tea", quantity: "1", amountMinor: 395 }],
    tenders: [{ type: "cash", amountMinor: 895 }],
    flags: ["split_receipt"],
    customer: person,
    consents,
  },
  { kind: "return", lines: [line], original: "till-1-1-000001", customer: person },
  { kind: "adjustment", lines: [line], reason: MARK },
  { kind: "void", voids: "till-1-1-000001", reason: MARK },
  { kind: "claim", customer: person },
  { kind: "consent", ...consents[0], customer: person },
  { kind: "note", text: MARK, customer: person },
  { kind: "open", at, float: [{ currency: "GBP", amountMinor: 9_000 }], staff: MARK },
  { kind: "drawer", action: "paid_out", amountMinor: 50, currency: "GBP", reason: MARK },
  {
    kind: "count",
    counted: [{ type: "cash", currency: "GBP", amountMinor: 8_950, pieces: { 500: 17 } }],
    staff: MARK,
  },
  { kind: "close", reason: "unknown", note: MARK, at },
  {
    kind: "seal",
    businessDay: "2026-05-31",
    heads: [{ source: "till-2", epoch: 1, seq: 7, hash: "ab".repeat(32) }],
    staff: MARK,
  },
];

async function openApi() {
  const dataDir = await temporaryFolder();
  const lines: string[] = [];
  const agent = await openStoreAgent({ ...SETTINGS, dataDir, nowMs: () => NOON });
  onTestFinished(() => agent.close());
  const logger = pino({ level: "trace" }, { write: (text) => void lines.push(text) });
  const api = createLocalApi({ agent, token: TOKEN, hosts: [], logger });
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>) => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const url = `http://127.0.0.1:8080${path}`;
    const answer = await api.request(url, {
      method: "POST",
      headers: { ...headers, host: "127.0.0.1" },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  };
  return { dataDir, agent, lines, post };
}

function bend(random: Random, text: string) {
  if (random.chance(0.7)) {
    const { how, text: body } = bendStructure(random, text);
    return { how, body };
  }
  const { how, bytes } = bendBytes(random, new TextEncoder().encode(text));
  return { how, body: bytes };
}

test("CAP4 SYN6 SEC2: a malformed capture has a coded answer, and what is captured is whole and can be sent", async () => {
  const random = createRandom(SEED);
  const { dataDir, agent, lines, post } = await openApi();
  let captured = 0;
  for (let n = 1; n <= 1_200; n++) {
    const { how, body } = bend(random, JSON.stringify(random.pick(CAPTURES)));
    const answer = await post("/v1/captures", body);
    const what = `${SEED}, case ${n}: ${how}`;
    insist(!isMarked(answer.text), `${what} is repeated: ${answer.text}`);
    if (answer.status === 200 || answer.status === 201) {
      captureAnswerSchema.parse(JSON.parse(answer.text));
      captured += 1;
      continue;
    }
    const { reason, status } = problemSchema.parse(JSON.parse(answer.text));
    insist(status === answer.status && REFUSALS.includes(reason), `${what}: ${answer.text}`);
  }
  expect(lines).toEqual([]);
  await agent.close();

  const edge = createFakeEdge();
  const till = await openTill({ dataDir, edge });
  const events = await countWholeChain(till.storage);
  expect(events).toBeGreaterThanOrEqual(captured);
  expect(captured).toBeGreaterThan(100);
  for (const { body, seq } of await journalOf(till.storage)) {
    insist(eventSchema.safeParse(JSON.parse(body)).success, `row ${seq} is no event`);
  }
  // The edge of the tests throws on an update that is not the next one.
  for (let push = 0; push < events && edge.items.length < events; push++) await till.sync.push();
  expect(edge.items).toHaveLength(events);
});

test("SEC2: a malformed look-up has a coded answer, and nothing of it is repeated", async () => {
  const random = createRandom(`${SEED}-lookup`);
  const { lines, post } = await openApi();
  const text = JSON.stringify({ query: MARK, remote: true });
  for (let n = 1; n <= 600; n++) {
    const { how, body } = bend(random, text);
    const answer = await post("/v1/lookup", body);
    const what = `${SEED}, case ${n}: ${how}`;
    insist(!isMarked(answer.text), `${what} is repeated: ${answer.text}`);
    const isFound = answer.status === 200;
    const said = isFound ? null : problemSchema.parse(JSON.parse(answer.text)).reason;
    insist(said === null ? answer.text === '{"results":[]}' : REFUSALS.includes(said), what);
  }
  expect(lines).toEqual([]);
});
