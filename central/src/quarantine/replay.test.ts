import { base64ToBytes, bytesToBase64 } from "@regulars/shared/digest";
import { customerIdOf } from "@regulars/shared/ids";
import type { Replay, ReplayAnswer } from "@regulars/shared/quarantine";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { storeBodiesAsText } from "../testing/bodies.ts";
import { readCustomer } from "../console/customers/customer.ts";
import { readTotals } from "../console/totals.ts";
import { EDGE, openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { createTill, eventsOf, fragmentsOf, keyOf } from "../testing/till.ts";
import { readQuarantine } from "../watch/status.ts";

const card = keyOf("loyalty", "1001");

let central: TestApp;
let asked: Replay[];
let edge: (ask: Replay) => Promise<ReplayAnswer>;
beforeAll(async () => {
  central = await openTestApp({
    replayAtEdge: (ask) => {
      asked.push(ask);
      return edge(ask);
    },
  });
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  asked = [];
  edge = () => Promise.resolve({ replayed: 0, kept: 0, more: false });
});

async function replay(ask: object = {}, headers = PERSON): Promise<object> {
  const answer = await central.post("/v1/quarantine/replay", ask, headers);
  expect(answer.status).toBe(200);
  return (await answer.json()) as object;
}

const events = (...items: Parameters<typeof eventsOf>[1]) =>
  central.post("/v1/intake/events", eventsOf("store-1", items));
const fragments = (...items: Parameters<typeof fragmentsOf>[0]) =>
  central.post("/v1/intake/fragments", fragmentsOf(items));
const problems = () => rowsOf(central.storage, "select code, item from intake_problem order by n");

const marks = () => rowsOf(central.storage, "select golden, published from writer");

/** As a reader would have left it that did not know the kind. */
async function forget(seqs: string): Promise<void> {
  await storeBodiesAsText(central.storage);
  const sql = `update event set kind = null, key = null, currency = null, total_minor = null,
    quarantined = 'not_an_event' where seq in (${seqs})`;
  await central.storage.write([{ sql }]);
}

test("SYN6 an event that the edge delivers once more, as not set aside, counts; one that is set aside still does not", async () => {
  const till = createTill("till-1");
  const [first, second] = [till.sale(100), till.sale(200, [card])];
  const aside = [first, second].map(({ item }) => ({ ...item, quarantined: "not_an_event" }));
  await events(...aside);
  await events(...aside);
  expect(await readQuarantine(central.storage, 9)).toHaveLength(2);
  await events(first.item, second.item);
  expect(await readQuarantine(central.storage, 9)).toMatchObject([{ item: "2" }]);
  await fragments(second.fragment!);
  expect(await readQuarantine(central.storage, 9)).toEqual([]);
  await events(...aside); // late, from before the replay
  expect(await readQuarantine(central.storage, 9)).toEqual([]);
  expect(await readTotals(central.storage)).toMatchObject({
    events: { sale: 2 },
    money: { GBP: { sale: 300 } },
    quarantined: 0,
  });
});

test("SYN6 an event whose fragment has come meanwhile is let go at once, and the golden mark stays where it was", async () => {
  const till = createTill("till-1");
  const sales = [till.sale(100, [card]), till.sale(200, [card])];
  await events(...sales.map(({ item }) => item));
  await fragments(sales[1]!.fragment!);
  await forget("1");
  expect(await marks()).toEqual([{ golden: 2, published: 2 }]);
  expect(await replay()).toEqual({ replayed: 1, kept: 0, more: false });
  expect(await marks()).toEqual([{ golden: 2, published: 2 }]);
  expect(await replay()).toEqual({ replayed: 0, kept: 0, more: false });
});

test("SYN6 the golden mark does not wait for an event that is read anew and has no fragment yet", async () => {
  const till = createTill("till-1");
  const sales = [till.sale(100, [card]), till.sale(200, [keyOf("loyalty", "2")]), till.sale(300)];
  const [first, second, third] = sales;
  await events(first!.item, { ...second!.item, quarantined: "not_an_event" }, third!.item);
  expect(await replay()).toEqual({ replayed: 0, kept: 1, more: false });
  await fragments(first!.fragment!);
  expect(await marks()).toEqual([{ golden: 3, published: 3 }]);
  await fragments(second!.fragment!);
  expect(await readQuarantine(central.storage, 9)).toEqual([]);
});

test("SYN6 a fragment among the dead letters is opened anew and leaves in the write of its effect; a damaged one stays", async () => {
  const till = createTill("till-1");
  const { item, fragment } = till.sale(100, [card]);
  await events(item);
  const flipped = base64ToBytes(fragment!.state);
  flipped[flipped.length - 3]! ^= 1;
  const damaged = { ...fragment!, state: bytesToBase64(flipped) };
  await fragments(damaged);
  // As a centre would have kept it that took no document of this form.
  const sql = `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
    values ('till-1', 1, 'not_a_fragment', ?, ?, 0, ?)`;
  const args = [card, fragment!.sha256, JSON.stringify(fragment)];
  await central.storage.write([{ sql, args }]);
  expect(await replay()).toEqual({ replayed: 1, kept: 1, more: false });
  expect(await problems()).toEqual([{ code: "checksum", item: card }]);
  const golden = await readCustomer(central.storage, customerIdOf(card));
  expect(golden?.activity.totals).toEqual({ GBP: { sales: 1, returns: 0, minor: 100 } });
  expect(await rowsOf(central.storage, "select golden from writer")).toEqual([{ golden: 1 }]);
  expect(await replay()).toEqual({ replayed: 0, kept: 1, more: false });
});

test("SYN2 SYN6 a bent row goes when it has arrived whole, follows when it is its turn, and a fork is never merged", async () => {
  const till = createTill("till-1");
  const rows = [till.sale(100), till.sale(200), till.sale(300)].map(({ item }) => item);
  const other = createTill("till-1").sale(999).item;
  await events({ ...rows[0]!, body: rows[0]!.body.replace("Tea", "Teb") });
  expect(await replay()).toMatchObject({ replayed: 0, kept: 1 });
  await events(rows[0]!);
  await events(other);
  // Kept by a reader that took the hash for wrong: its bytes are fine.
  const letter = (seq: number) => ({
    sql: `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
          values ('till-1', 1, 'broken_chain', ?, ?, 0, ?)`,
    args: [
      String(seq),
      rows[seq - 1]!.hash,
      JSON.stringify({ store: "store-1", ...rows[seq - 1]! }),
    ],
  });
  await central.storage.write([letter(3), letter(2)]);
  // The third has nothing yet that it could follow when it is its turn.
  expect(await replay()).toEqual({ replayed: 2, kept: 2, more: false });
  expect(await problems()).toMatchObject([{ code: "fork" }, { code: "broken_chain", item: "3" }]);
  expect(await replay()).toEqual({ replayed: 1, kept: 1, more: false });
  expect(await problems()).toMatchObject([{ code: "fork" }]);
  expect(await readTotals(central.storage)).toMatchObject({
    events: { sale: 3 },
    money: { GBP: { sale: 600 } },
  });
});

test("SYN6 one call replays at the edge first, page by page, and then here; an edge that is away is told of", async () => {
  const till = createTill("till-1");
  await events(...[till.sale(100), till.sale(200)].map(({ item }) => item));
  await forget("1, 2");
  const pages: ReplayAnswer[] = [
    { replayed: 2, kept: 48, more: true, next: "store-1/till-1/1/50" },
    { replayed: 3, kept: 0, more: false },
  ];
  edge = () => Promise.resolve(pages.shift()!);
  const first = (await replay({ source: "till-1" }, EDGE)) as ReplayAnswer;
  expect(first).toMatchObject({ replayed: 2, kept: 48, more: true });
  const second = await replay({ source: "till-1", after: first.next });
  expect(second).toEqual({ replayed: 5, kept: 0, more: false });
  expect(asked).toEqual([{ source: "till-1" }, { source: "till-1", after: "store-1/till-1/1/50" }]);
  expect(central.errors).toEqual([]);
  edge = () => Promise.reject(new Error("away"));
  expect(await replay()).toEqual({ replayed: 0, kept: 0, more: false, edge: "unreachable" });
  expect(central.errors.splice(0)).toHaveLength(1);
});

test("SYN6 SYN10 pages go over events and dead letters, each seen once", async () => {
  const till = createTill("till-1");
  const rows = Array.from({ length: 60 }, () => till.sale(1));
  await events(...rows.map(({ item }) => item));
  await central.storage.write([
    { sql: "update event set quarantined = 'key_mismatch', body = '{}'" },
    ...rows.map(({ item }, at) => ({
      sql: `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
            values ('till-1', 1, 'fork', ?, ?, 0, '{}')`,
      args: [String(at + 1), item.hash],
    })),
  ]);
  const kept: number[] = [];
  let ask: object = {};
  for (let page = 0; page < 9; page++) {
    const answer = (await replay(ask)) as ReplayAnswer;
    kept.push(answer.kept);
    if (!answer.more) break;
    ask = { after: answer.next };
  }
  expect(kept).toEqual([50, 50, 20]);
  expect(await replay({ seq: 7 })).toMatchObject({ kept: 2 });
  expect(await replay({ store: "store-2" })).toMatchObject({ kept: 0 });
  for (const after of ["event/x", "letter/x", "letter/1/2", "nowhere", ""]) {
    expect((await central.post("/v1/quarantine/replay", { after })).status).toBe(422);
  }
  expect((await central.post("/v1/quarantine/replay", { sorce: "till-1" })).status).toBe(422);
  expect((await central.post("/v1/quarantine/replay", "{")).status).toBe(400);
});
