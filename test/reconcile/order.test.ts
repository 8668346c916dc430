/** However a day's rows, fragments and files come, and whenever it is checked meanwhile, it ends as if all had come at once. */
import { LIMITS } from "@regulars/shared/limits";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIntake } from "../../central/src/intake/intake.ts";
import { markSettled } from "../../central/src/reconcile/dirty.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../../central/src/testing/database.ts";
import { MATCHING } from "../../central/src/testing/matching.ts";
import { createRandom, type Random } from "../simulate/random.ts";
import { checkAll, linesOf } from "./inject.ts";
import type { StoreDayMade } from "./making.ts";
import { createDeck, type Plant, type PlantName } from "./plants.ts";
import { createStore } from "./store-days.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());

const STORE = "store-0";
/** What a till or a processor may say; what happens to a database afterwards is of no order. */
const SAID: readonly PlantName[] = [
  "duplicate_receipt", "duplicate_external", "duplicate_resealed", "tenders_unflagged", "z_total", "z_number",
  "seal_head", "card_unsettled", "settled_unknown", "settled_differs", "late", "clock", "return_twice", "over",
  "loyalty",
]; // prettier-ignore

function daysOf(seed: string, plants: readonly Plant[]): StoreDayMade[] {
  const random = createRandom(seed);
  const store = createStore({
    store: STORE, days: 3, rowsPerDay: 60, random, settles: true, hasTrend: false, rolls: true,
    somebodyEvery: 7, plants, deck: createDeck(random),
  }); // prettier-ignore
  return [0, 1, 2].map((day) => store.makeDay(day));
}

/** Years later: what each kind of delivery does to the state of the world is in the world, not in the hour. */
let nowMs = Date.UTC(2027, 0, 1);

type Step = () => Promise<unknown>;

/** Deliveries that stand in an order among themselves, such as the rows of a writer. */
function lanesOf(storage: Storage, days: readonly StoreDayMade[], random: Random): Step[][] {
  const intake = createIntake({
    storage, policy: DEFAULT_POLICY, matching: MATCHING, nowMs: () => nowMs, onTaken: () => {},
  }); // prettier-ignore
  const items = days.flatMap((day) => day.items);
  const writers = [...Map.groupBy(items, ({ source, epoch }) => `${source}/${epoch}`).values()];
  const rows = writers.map((of) =>
    chunks(of, random).map(
      (events) => () => intake.events({ ...THIS_VERSION, store: STORE, events }),
    ),
  );
  const fragments = chunks(days.flatMap((day) => day.fragments), random).map(
    (of) => [() => intake.fragments({ ...THIS_VERSION, fragments: of })],
  ); // prettier-ignore
  const files = days.map((day, file) => [
    () =>
      storage.write([
        ...linesOf(day.lines, STORE, file),
        markSettled(STORE, day.businessDay, nowMs),
      ]),
  ]);
  return [...rows, ...fragments, ...files];
}

function chunks<Item>(items: readonly Item[], random: Random): Item[][] {
  const parts: Item[][] = [];
  for (let at = 0; at < items.length;) {
    const size = random.int(1, 60);
    parts.push(items.slice(at, at + size));
    at += size;
  }
  return parts;
}

async function check(storage: Storage): Promise<void> {
  nowMs += LIMITS.checkGapMs;
  await checkAll(storage, () => nowMs);
}

/** Lanes mixed, with checks between, or one after the other, each checked: what comes last has to reach what was judged long ago. */
async function deliverAnyhow(lanes: Step[][], storage: Storage, random: Random): Promise<void> {
  const isMixed = random.chance(0.3);
  let open = lanes.filter(({ length }) => length > 0);
  let lane = random.pick(open);
  while (open.length > 0) {
    if (isMixed || lane.length === 0) lane = random.pick(open);
    await lane.shift()?.();
    if (isMixed ? random.chance(0.1) : lane.length === 0) await check(storage);
    open = open.filter(({ length }) => length > 0);
  }
  await check(storage);
}

async function outcome(storage: Storage) {
  const [days, exceptions] = await Promise.all([
    rowsOf(
      storage,
      `select store, business_day, state, zone, waiting, json_remove(figures, '$.receivedMs') as figures, open_exceptions,
         worst, dirty_ms from store_day order by 1, 2`,
    ),
    rowsOf(
      storage,
      `select fingerprint, kind, source, epoch, seq, currency, amount_minor, evidence, state from exception
       where state <> 'settled' order by fingerprint`,
    ),
  ]);
  return { days, exceptions };
}

const plantsArbitrary = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...SAID),
    till: fc.integer({ min: 0, max: 2 }),
    at: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    amountMinor: fc.integer({ min: 1, max: 900 }),
  }),
  { maxLength: 3, selector: ({ till }) => till },
);

test("REC2 SYN2 any order and partition of deliveries, with checks in between, ends in the same store-days and exceptions", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1 }), plantsArbitrary, async (seed, plants) => {
      const { storage } = database;
      const days = daysOf(`days/${seed}`, plants);
      await emptyDatabase(storage);
      for (const lane of lanesOf(storage, days, createRandom("even"))) for (const step of lane) await step(); // prettier-ignore
      await check(storage);
      const atOnce = await outcome(storage);
      await emptyDatabase(storage);
      const random = createRandom(`order/${seed}`);
      await deliverAnyhow(lanesOf(storage, days, random), storage, random);
      expect(await outcome(storage)).toEqual(atOnce);
      expect(atOnce.exceptions.length).toBeGreaterThanOrEqual(plants.length > 0 ? 1 : 0);
    }),
    { numRuns: 5 },
  );
}, 60_000);

test("REC2 a day that comes in the evening as a whole, seals first, is complete without anybody's help", async () => {
  const { storage } = database;
  await emptyDatabase(storage);
  const days = daysOf("evening", []);
  const lanes = lanesOf(storage, days, createRandom("evening"));
  // The sealing till's journal is whole before the first row of the others is here.
  for (const [at, lane] of lanes.entries()) {
    for (const step of lane) await step();
    if (at > 0) continue;
    await check(storage);
    const { days: early, exceptions } = await outcome(storage);
    expect(exceptions).toEqual([]);
    expect(early.map(({ state }) => state)).toEqual(["waiting", "waiting", "waiting"]);
    expect(early[0]?.["waiting"]).toContain('"for":"rows","source":"store-0-t3"');
  }
  await check(storage);
  const { days: late, exceptions } = await outcome(storage);
  expect(exceptions).toEqual([]);
  expect(late.map(({ state, waiting }) => ({ state, waiting }))).toEqual(
    Array.from({ length: 3 }, () => ({ state: "complete", waiting: "[]" })),
  );
});
