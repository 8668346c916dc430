import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rowsOf } from "@regulars/shared/storage/port";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { seedException } from "../testing/exceptions.ts";
import { markDirty } from "./dirty.ts";
import { EXCEPTION_KINDS, EXCEPTION_STATES } from "./exceptions/read.ts";
import { KINDS, type Waiting } from "./found.ts";
import { recountStatement, standingOf } from "./store-day-state.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

const WAITING: Waiting = { for: "rows", source: "till-1", sinceMs: 1, count: 3 };
const ofDay = fc.array(
  fc.record({
    kind: fc.constantFrom(...EXCEPTION_KINDS),
    state: fc.constantFrom(...EXCEPTION_STATES),
  }),
  { maxLength: 5 },
);

test("the day stands in the database as the checks would have it", async () => {
  const { storage } = database;
  await fc.assert(
    fc.asyncProperty(ofDay, fc.boolean(), async (exceptions, isWaiting) => {
      await emptyDatabase(storage);
      const waiting = isWaiting ? [WAITING] : [];
      for (const [at, { kind, state }] of exceptions.entries()) {
        await seedException(storage, { n: at + 1, kind, state });
      }
      // Another day's are not counted.
      await seedException(storage, { n: 99, kind: "fork", businessDay: "2026-11-19" });
      await storage.write([
        markDirty([{ store: "store-1", businessDay: "2026-11-20" }], 1),
        { sql: "update store_day set waiting = ?", args: [JSON.stringify(waiting)] },
        recountStatement("store-1", "2026-11-20", 2),
      ]);
      const [row] = await rowsOf(
        storage,
        `select state, open_exceptions as openExceptions, worst from store_day
         where business_day = '2026-11-20'`,
      );
      const found = exceptions.map(({ kind, state }) => ({
        state,
        severity: KINDS[kind].severity,
      }));
      expect(row).toEqual(standingOf(waiting, found));
    }),
    { numRuns: 40 },
  );
});

test("since when a day is in its state changes with the state alone", async () => {
  const { storage } = database;
  await seedException(storage, { n: 1, kind: "fork", openedMs: 10 });
  await seedException(storage, { n: 2, kind: "fork", openedMs: 20 });
  const since = async () =>
    (await rowsOf(storage, "select since_ms from store_day"))[0]?.["since_ms"];
  expect(await since()).toBe(10);
  await storage.write([
    { sql: "update exception set state = 'approved'" },
    recountStatement("store-1", "2026-11-20", 30),
  ]);
  expect(await since()).toBe(30);
});

test("the first mark stays, and each one counts", async () => {
  const { storage } = database;
  const day = { store: "store-1", businessDay: "2026-11-20" };
  await storage.write([markDirty([day, { ...day, store: "store-2" }], 100)]);
  await storage.write([markDirty([day], 200)]);
  expect(
    await rowsOf(
      storage,
      "select store, dirty_ms, dirty_count, state from store_day order by store",
    ),
  ).toEqual([
    { store: "store-1", dirty_ms: 100, dirty_count: 2, state: "waiting" },
    { store: "store-2", dirty_ms: 100, dirty_count: 1, state: "waiting" },
  ]);
});
