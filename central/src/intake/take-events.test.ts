import { chainHash } from "@regulars/shared/events/chain";
import { rowsOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readTotals } from "../console/totals.ts";
import { readWriters } from "../console/writers.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { decisionsOf, stateOf } from "../testing/state.ts";
import { createTill, eventsOf, fragmentsOf, keyOf, type Till } from "../testing/till.ts";
import type { ArrivedEvent } from "./event-row.ts";
import { createIntake, type Intake } from "./intake.ts";
import { MATCHING } from "../testing/matching.ts";

const card = keyOf("loyalty", "1001");

/** Another history with the same number: what a restored backup would send. */
function rewritten(item: ArrivedEvent): ArrivedEvent {
  const body = item.body.replace("Tea", "Mate");
  return { ...item, body, hash: chainHash(item.prev, body) };
}

describe.each(DATABASES)("events into $name", ({ open }) => {
  let database: TestDatabase;
  let intake: Intake;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await emptyDatabase(database.storage);
    const { storage } = database;
    intake = createIntake({
      storage,
      policy: DEFAULT_POLICY,
      matching: MATCHING,
      nowMs: () => 7,
      onTaken: () => {},
    });
  });

  const deliver = (till: Till, from = 0, to = till.captured.length) =>
    intake.events(
      eventsOf(
        till.store,
        till.captured.slice(from, to).map(({ item }) => item),
      ),
    );

  test("SYN2 an event delivered again has no other effect", async () => {
    const till = createTill("till-1");
    till.sale(1_250, [card]);
    till.sale(300);
    await deliver(till, 0, 1);
    const answer = await deliver(till);
    expect(answer.journaled).toEqual([{ source: "till-1", epoch: 1, seq: 2 }]);
    const before = await stateOf(database.storage);
    expect((await deliver(till)).journaled).toEqual(answer.journaled);
    expect(await stateOf(database.storage)).toEqual(before);
    const totals = await readTotals(database.storage);
    expect(totals).toMatchObject({ events: { sale: 2 }, money: { GBP: { sale: 1_550 } } });
  });

  test("SYN2 a gap is answered with the watermark, and nothing behind it is taken", async () => {
    const till = createTill("till-1");
    for (let count = 0; count < 4; count++) till.sale(100);
    await deliver(till, 0, 1);
    const answer = await deliver(till, 2, 4);
    expect(answer.journaled).toEqual([{ source: "till-1", epoch: 1, seq: 1 }]);
    expect((await stateOf(database.storage)).events).toHaveLength(1);
  });

  test("SYN2 another event with the number of a stored one is a fork: kept aside, reported, never merged", async () => {
    const till = createTill("till-1");
    till.sale(100);
    till.sale(200);
    await deliver(till);
    const before = await stateOf(database.storage);
    const fork = rewritten(till.captured[1]!.item);
    for (let delivery = 0; delivery < 3; delivery++) {
      const answer = await intake.events(eventsOf("store-1", [fork]));
      expect(answer.journaled).toEqual([{ source: "till-1", epoch: 1, seq: 2, fork: 2 }]);
    }
    expect(await stateOf(database.storage)).toEqual(before);
    expect(await readTotals(database.storage)).toMatchObject({ forks: 1, events: { sale: 2 } });
    const [kept] = await rowsOf(database.storage, "select payload from intake_problem");
    expect(JSON.parse(String(kept?.["payload"]))).toMatchObject({ body: fork.body });
    till.sale(300);
    expect((await deliver(till)).journaled[0]).toEqual({ source: "till-1", epoch: 1, seq: 3 });
  });

  test("SYN2 an event that follows another history than ours is a fork, as is the same number twice in one request", async () => {
    const till = createTill("till-1");
    till.sale(100);
    till.sale(200);
    const [first, second] = till.captured.map(({ item }) => item);
    const other = rewritten(first!);
    const twice = await intake.events(eventsOf("store-1", [first!, other]));
    expect(twice.journaled).toEqual([{ source: "till-1", epoch: 1, seq: 1, fork: 1 }]);
    const stranger = { ...second!, prev: other.hash, hash: chainHash(other.hash, second!.body) };
    const answer = await intake.events(eventsOf("store-1", [stranger]));
    expect(answer.journaled).toEqual([{ source: "till-1", epoch: 1, seq: 1, fork: 2 }]);
  });

  test("SYN5 a row whose hash does not cover its bytes is not taken, nor anything behind it", async () => {
    const till = createTill("till-1");
    for (let count = 0; count < 3; count++) till.sale(100);
    const items = till.captured.map(({ item }) => item);
    items[1] = { ...items[1]!, body: items[1]!.body.replace("Tea", "Teb") };
    const answer = await intake.events(eventsOf("store-1", items));
    expect(answer.journaled).toEqual([{ source: "till-1", epoch: 1, seq: 1 }]);
    const { writers } = await readWriters(database.storage, { after: "", limit: 9 });
    expect(writers[0]).toMatchObject({ journaled: 1, refused: 1, forks: 0 });
  });

  test("SYN6 an event that cannot be read is kept whole with a code, and the next ones pass", async () => {
    const till = createTill("till-1");
    till.sale(100);
    const { item } = till.captured[0]!;
    const bodies = [
      "not json",
      '{"kind":"from the future"}',
      item.body.replace("till-1", "till-9"),
    ];
    let { prev } = item;
    const items = bodies.map((body, at) => {
      const row = { ...item, seq: at + 1, prev, body, hash: chainHash(prev, body) };
      prev = row.hash;
      return row;
    });
    await intake.events(eventsOf("store-1", items));
    const { events, writers } = await stateOf(database.storage);
    expect(events.map((row) => row["body"])).toEqual(bodies);
    expect(events.map((row) => row["quarantined"])).toEqual([
      "not_an_event",
      "not_an_event",
      "key_mismatch",
    ]);
    expect(writers[0]).toMatchObject({ journaled: 3, golden: 3 });
    expect(await readTotals(database.storage)).toMatchObject({
      events: { unreadable: 3 },
      money: {},
      quarantined: 3,
      anonymousSales: 0,
    });
  });

  test("SYN6 what the edge has set aside counts as money, and no fragment is waited for", async () => {
    const till = createTill("till-1");
    const { item } = till.sale(500, [card]);
    await intake.events(eventsOf("store-1", [{ ...item, quarantined: "fragment_too_large" }]));
    expect(await readTotals(database.storage)).toMatchObject({
      events: { sale: 1 },
      money: { GBP: { sale: 500 } },
      quarantined: 1,
    });
    expect((await stateOf(database.storage)).writers[0]).toMatchObject({ golden: 1 });
  });

  test("SYN9 the bytes of an event are stored as they came, with fields that nobody here knows", async () => {
    const till = createTill("till-1");
    const { item } = till.sale(100);
    const body = `  ${item.body.replace('"flags":[]', '"flags":[],"later":"ü 🛒 \\u0000"')}\n`;
    const hash = chainHash(item.prev, body);
    await intake.events(eventsOf("store-1", [{ ...item, body, hash }]));
    const [row] = (await stateOf(database.storage)).events;
    expect(row?.["body"]).toBe(body);
    expect(row?.["quarantined"]).toBeNull();
  });

  test("SYN2 the golden mark waits for fragments, in any order, and is published as it moves", async () => {
    const till = createTill("till-1");
    const marks = async () =>
      (await decisionsOf(database.storage)).filter((each) => JSON.stringify(each).includes("mark"));
    till.sale(100); // anonymous
    const held = till.sale(200, [card]);
    till.capture({
      kind: "adjustment",
      subject: [card],
      body: {
        receipt: "x",
        currency: "GBP",
        lines: [],
        tenders: [],
        totalMinor: -5,
        reason: "bad debt",
      },
    });
    await deliver(till);
    expect(await marks()).toEqual([
      { kind: "mark", store: "store-1", source: "till-1", epoch: 1, golden: 1 },
    ]);
    const later = till.sale(300, [card]);
    await intake.fragments(fragmentsOf([held.fragment!]));
    expect(await marks()).toMatchObject([{ golden: 3 }]);
    await deliver(till);
    expect(await marks()).toMatchObject([{ golden: 3 }]); // the fragment has not come as far yet
    await intake.fragments(fragmentsOf([later.fragment!]));
    expect(await marks()).toMatchObject([{ golden: 4 }]);
    await intake.fragments(fragmentsOf([till.sale(400, [card]).fragment!]));
    expect(await marks()).toMatchObject([{ golden: 4 }]); // a fragment may be faster than its event
    await deliver(till);
    expect(await marks()).toMatchObject([{ golden: 5 }]);
    await database.storage.write([{ sql: "delete from publication" }]);
    await deliver(till); // comes from an edge that knows less than it did
    expect(await marks()).toMatchObject([{ golden: 5 }]);
  });

  test("SYN2 one request may hold several writers, each with its own watermark", async () => {
    const [one, two] = [createTill("till-1"), createTill("till-2", { epoch: 3 })];
    one.sale(100);
    two.sale(100);
    two.sale(100);
    const items = [...two.captured, ...one.captured].map(({ item }) => item);
    const answer = await intake.events(eventsOf("store-1", items));
    expect(answer.journaled).toEqual([
      { source: "till-2", epoch: 3, seq: 2 },
      { source: "till-1", epoch: 1, seq: 1 },
    ]);
  });
});
