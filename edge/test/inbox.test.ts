import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { env } from "cloudflare:workers";
import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { eventsIntakeSchema } from "@regulars/shared/protocol/intake";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { type CentralPort, deliverRound } from "../src/inbox/deliver.ts";
import { drainRound } from "../src/inbox/drain.ts";
import { publicMarksOf } from "../src/inbox/marks.ts";
import { letGo, setGolden } from "../src/inbox/move-marks.ts";
import { createAside } from "../src/inbox/aside.ts";
import { takePush } from "../src/inbox/take-push.ts";
import { createDurableStorage } from "../src/storage.ts";
import { sweep } from "../src/sweep/sweep.ts";
import { inbox, pullAll, until, marksIn } from "./settle.ts";
import { keysOf, openTill, resealed, sale, START_MS } from "./till.ts";

afterEach(() => reset());

const anna = keysOf({ loyaltyNumber: "4711" });

test("SYN1, SYN2: items are taken in order, repetitions have no second effect, a gap is named", async () => {
  const till = openTill("till-1", "order");
  const [a, b, c] = [sale(100), sale(200), sale(300)].map((each) => till.capture(anna, each));
  const store = inbox("order");
  expect(await store.push(till.push([a!, b!]))).toMatchObject({
    outcome: "accepted",
    marks: { accepted: 2 },
  });
  expect(await store.push(till.push([a!, b!]))).toMatchObject({
    outcome: "accepted",
    marks: { accepted: 2 },
  });
  const d = till.capture(anna, sale(400));
  expect(await store.push(till.push([d]))).toMatchObject({
    outcome: "gap",
    seq: 4,
    marks: { accepted: 2 },
  });
  expect(await store.push(till.push([b!, c!, d]))).toMatchObject({ marks: { accepted: 4 } });
  const pulled = await until(
    () => pullAll("order", "till-1"),
    ({ marks, changes }) => marks.merged === 4 && JSON.stringify(changes).includes('"minor":1000'),
  );
  expect(pulled.changes).toMatchObject([
    { profile: { totals: { GBP: { sales: 4, returns: 0, minor: 1000 } } } },
  ]);
});

test("SYN2: the same number with another hash is a fork: refused, and what was there stays", async () => {
  const till = openTill("till-1", "fork");
  const first = till.capture(anna, sale(100));
  await inbox("fork").push(till.push([first]));
  const forged = resealed(first, first.body.replace('"amountMinor":100', '"amountMinor":999'));
  expect(await inbox("fork").push(till.push([forged]))).toMatchObject({ outcome: "fork", seq: 1 });
  const clone = openTill("till-1", "fork");
  clone.capture(anna, sale(555));
  const follows = clone.capture(anna, sale(700));
  expect(await inbox("fork").push(clone.push([follows]))).toMatchObject({
    outcome: "fork",
    seq: 2,
    marks: { accepted: 1 },
  });
});

test("SYN1, SYN5: a row whose hash does not cover its bytes is not taken, those before it are", async () => {
  const till = openTill("till-1", "chain");
  const first = till.capture(anna, sale(100));
  const second = till.capture(anna, sale(200));
  const bent = { ...second, body: second.body.replace("200", "201") };
  expect(await inbox("chain").push(till.push([first, bent]))).toMatchObject({
    outcome: "broken_chain",
    seq: 2,
    marks: { accepted: 1 },
  });
});

test("SYN6: an item that is no event is kept whole with its code, and the next one is merged", async () => {
  const till = openTill("till-1", "aside");
  const bad = resealed({ ...till.capture([], sale(1)), updates: [] }, '{"kind":"unheard-of"}');
  const store = inbox("aside");
  expect(await store.push(till.push([bad]))).toMatchObject({
    outcome: "accepted",
    marks: { accepted: 1 },
    quarantined: [{ seq: 1, code: "not_an_event" }],
  });
  const rows = await runInDurableObject(store, (_object, state) =>
    state.storage.sql.exec("select code, body from item").toArray(),
  );
  expect(rows).toEqual([{ code: "not_an_event", body: bad.body }]);
  await until(
    () => pullAll("aside", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
});

test("SYN4, SYN5, SYN6: damaged and foreign updates are set aside, the event still counts", async () => {
  const till = openTill("till-1", "damaged");
  const good = till.capture(anna, sale(100));
  const [update] = till.capture(keysOf({ email: "bo@example.com" }), sale(200)).updates;
  const stranger = openTill("till-9", "damaged").capture(
    keysOf({ phone: "020 7946 0018" }),
    sale(5),
  );
  const crooked = openTill("till-1", "damaged");
  crooked.capture(anna, sale(100));
  const flipped = { ...update!, update: update!.update.replace(/^../, "AB") };
  const second = crooked.capture(keysOf({ email: "bo@example.com" }), sale(200));
  const third = crooked.capture(keysOf({ phone: "020 7946 0018" }), sale(5));
  const items = [good, { ...second, updates: [flipped] }, { ...third, updates: stranger.updates }];
  expect(await inbox("damaged").push(till.push(items))).toMatchObject({ outcome: "accepted" });
  await until(
    () => pullAll("damaged", "till-1"),
    ({ marks }) => marks.merged === 3,
  );
  const codes = await runInDurableObject(inbox("damaged"), (_object, state) =>
    state.storage.sql.exec("select seq, code from quarantine order by seq").toArray(),
  );
  expect(codes).toEqual([
    { seq: 2, code: "checksum" },
    { seq: 3, code: "foreign_writer" },
  ]);
});

test("CLK2 SYN6: a clock that is off beyond all reason is noted as far off, and holds up no delivery", async () => {
  const till = openTill("till-1", "wild");
  const store = inbox("wild");
  for (const sentAtMs of [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]) {
    await store.push({ ...till.push([till.capture([], sale(100))]), sentAtMs });
  }
  const offsets: unknown[] = [];
  await runInDurableObject(store, async (_object, { storage }) => {
    const central: CentralPort = {
      events: (intake) => {
        offsets.push(...eventsIntakeSchema.parse(intake).events.map(({ offsetMs }) => offsetMs));
        return Promise.resolve({ ...THIS_VERSION, journaled: [] });
      },
    };
    const own = createDurableStorage(storage);
    await deliverRound(own, await marksIn(own), central, "live");
  });
  expect(offsets).toEqual([-LIMITS.clockOffsetMaxMs, LIMITS.clockOffsetMaxMs]);
});

test("EDG2: what was accepted is there after the object has lost its memory", async () => {
  const till = openTill("till-1", "evicted");
  const store = inbox("evicted");
  await store.push(till.push([till.capture(anna, sale(100))]));
  await evictDurableObject(store);
  const repeated = await store.push(till.push([till.capture(anna, sale(200))]));
  expect(repeated).toMatchObject({ marks: { accepted: 2 } });
});

test("EDG4: work that was waiting when the object went away is found again by its alarm", async () => {
  const till = openTill("till-1", "asleep");
  const store = inbox("asleep");
  await store.push(till.push([till.capture(anna, sale(100))]));
  await evictDurableObject(store);
  const alarm = await runInDurableObject(store, (_object, state) => state.storage.getAlarm());
  expect(alarm).not.toBeNull();
  await until(
    () => pullAll("asleep", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
});

test("EDG4: work whose alarm was lost is found by the sweep", async () => {
  const till = openTill("till-1", "forgotten");
  const store = inbox("forgotten");
  const directory = createShardedDirectory(env);
  // Without its background: as if the host had gone between the write and the alarm.
  await runInDurableObject(store, async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const push = till.push([till.capture(anna, sale(100))]);
    const marks = await marksIn(storage);
    await takePush(
      { storage, marks, aside: createAside(storage), directory, nowMs: () => START_MS },
      push,
    );
    await state.storage.deleteAlarm();
  });
  await evictDurableObject(store);
  expect((await pullAll("forgotten", "till-1")).marks).toMatchObject({ accepted: 1, merged: 0 });
  expect(await sweep(env)).toMatchObject({ stores: 1 });
  await until(
    () => pullAll("forgotten", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
});

test("SYN8: a cursor goes on where it stood, and one of another generation means resync", async () => {
  const till = openTill("till-1", "cursor");
  await inbox("cursor").push(till.push([till.capture(anna, sale(100))]));
  const first = await until(
    () => pullAll("cursor", "till-1"),
    ({ changes }) => changes.length === 1,
  );
  expect(first.resync).toBe(false);
  const second = await pullAll("cursor", "till-1", first.cursor);
  expect(second).toMatchObject({ changes: [], resync: false, more: false });
  const other = await pullAll("cursor", "till-1", "another-life.7");
  expect(other.resync).toBe(true);
  expect(other.changes).toHaveLength(1);
});

test("SYN2: golden counts for what the centre has compared, and is merged here where it is not: an inbox may have lost its disk", async () => {
  const till = openTill("till-1", "early-golden");
  const store = inbox("early-golden");
  const [first, second] = [till.capture(anna, sale(100)), till.capture(anna, sale(200))];
  // In one turn of the object, so that no round of its own comes in between.
  const sent = await runInDurableObject(store, async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const directory = createShardedDirectory(env);
    const marks = await marksIn(storage);
    await takePush(
      { storage, marks, aside: createAside(storage), directory, nowMs: () => START_MS },
      till.push([first, second]),
    );
    await setGolden(marks, [{ source: "till-1", epoch: 1, golden: 2 }]);
    const early = publicMarksOf(marks.of({ source: "till-1", epoch: 1 }));
    const events: number[] = [];
    const central: CentralPort = {
      events: (intake) => {
        events.push(...intake.events.map(({ seq }) => seq));
        // Of a third row, which was not sent, the edge does not know whose it is; the second is another machine's.
        const journaled = [{ source: "till-1", epoch: 1, seq: 3, fork: 2 }];
        return Promise.resolve({ ...THIS_VERSION, journaled });
      },
    };
    expect(await deliverRound(storage, marks, central, "live")).toMatchObject({
      moved: true,
    });
    const merges: number[] = [];
    await drainRound(
      {
        storage,
        marks,
        nowMs: () => START_MS,
        holders: new Map(anna.map((key) => [key, customerIdOf(key)])),
        tillHeads: new Map(),
        directory: createShardedDirectory(env),
        intakes: { taken: () => Promise.resolve() },
        profiles: {
          merge: (updates) => {
            merges.push(updates.length);
            return Promise.resolve(updates.map(() => ({ outcome: "merged" })));
          },
        },
      },
      "live",
    );
    // Long after: bodies that were waited for so long go.
    await letGo(storage, marks, START_MS + LIMITS.goldenKeptMs);
    const bodies = state.storage.sql.exec("select body is null as gone from item order by seq");
    const late = publicMarksOf(marks.of({ source: "till-1", epoch: 1 }));
    return { early, events, merges, marks: late, bodies: bodies.toArray().map(({ gone }) => gone) };
  });
  expect(sent).toEqual({
    early: { accepted: 2, merged: 0, golden: 0 },
    events: [1, 2],
    merges: [2],
    marks: { accepted: 2, merged: 2, golden: 1 },
    bodies: [1, 0],
  });
});
