/** Store-days over HTTP, as they stand after the checks. */
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { createShiftTill } from "../testing/shift-till.ts";
import { merkleRoot } from "@regulars/shared/shift/merkle";
import { createTill, eventsOf, fragmentsOf, keyOf } from "../testing/till.ts";
import { checkStoreDay } from "./check-day.ts";
import { createChecker } from "./checker.ts";
import { markDirty } from "./dirty.ts";
import { dayEndMs } from "./zone.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

const DAY = "2026-11-21";
const KEY = { store: "store-1", businessDay: DAY };
const END_MS = Date.UTC(2026, 10, 22);
const get = async (path: string) => {
  const response = await central.get(path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const sell = async (...totals: readonly number[]) => {
  const till = createTill("till-1");
  for (const total of totals) till.sale(total);
  await central.post("/v1/intake/events", eventsOf("store-1", till.captured.map(({ item }) => item))); // prettier-ignore
  return till;
};

test("REC2 a day of all stores, and one of them with its exceptions, as a program reads them", async () => {
  const till = createTill("till-1");
  till.sale(500);
  const body = {
    receipt: "till-1-2",
    currency: "GBP",
    lines: [],
    tenders: [{ type: "cash", amountMinor: 90 }],
    totalMinor: 100,
  };
  till.capture({ kind: "sale", body });
  await central.post("/v1/intake/events", eventsOf("store-1", till.captured.map(({ item }) => item))); // prettier-ignore
  await central.checked();
  const { body: list } = await get(`/v1/store-days?day=${DAY}`);
  expect(list).toMatchObject({
    storeDays: [
      {
        store: "store-1", state: "in_question", zone: "Europe/London", openExceptions: 1, worst: "warning",
        waiting: [{ for: "day_end" }], dueMs: END_MS,
        figures: { events: 2, sales: 2, netMinor: { GBP: 600 }, tenders: { card: { GBP: 500 }, cash: { GBP: 90 } } },
      },
    ],
    next: null,
  }); // prettier-ignore
  const { body: one } = await get(`/v1/store-days/store-1/${DAY}`);
  expect(one["exceptions"]).toMatchObject([
    { kind: "tenders_differ", state: "open", source: "till-1", epoch: 1, seq: 2, amountMinor: -10 },
  ]);
});

test("a day that nobody knows is not found, and one that is none is told so", async () => {
  expect(await get("/v1/store-days/store-9/2026-11-21")).toMatchObject({ status: 404 });
  expect(await get("/v1/store-days?day=yesterday")).toMatchObject({ status: 422 });
  expect((await central.get(`/v1/store-days?day=${DAY}`, {})).status).toBe(401);
});

test("REC2 a day that waits for its end alone is complete when it is over, with nobody's help", async () => {
  await sell(500);
  await central.checked();
  expect((await get(`/v1/store-days/store-1/${DAY}`)).body).toMatchObject({ state: "waiting" });
  const wakings: number[] = [];
  let nowMs = END_MS - 60_000;
  const checker = createChecker({
    storage: central.storage,
    nowMs: () => nowMs,
    pause: () => Promise.resolve(),
    wait: () => Promise.resolve(),
    later: (ms) => {
      wakings.push(ms);
      return () => {};
    },
    onWritten: () => {},
    onFailure: (error) => central.errors.push(error),
  });
  await checker.kick();
  expect(wakings).toEqual([60_000]);
  nowMs = END_MS;
  await checker.kick();
  expect((await get(`/v1/store-days/store-1/${DAY}`)).body).toMatchObject({
    state: "complete",
    dueMs: null,
  });
  await checker.close();
});

test("a mark that comes while a day is checked stays", async () => {
  await sell(500);
  const deps = {
    storage: {
      ...central.storage,
      write: async (statements: Parameters<typeof central.storage.write>[0]) => {
        await central.storage.write([markDirty([KEY], 77)]);
        await central.storage.write(statements);
      },
    },
    nowMs: () => END_MS,
    rest: () => Promise.resolve(),
  };
  await checkStoreDay(deps, KEY);
  expect(await rowsOf(central.storage, "select dirty_ms from store_day")).toEqual([
    { dirty_ms: 77 },
  ]);
});

test("REC2 a day that was sealed in the morning after is complete once the rows that the seal names are here, whatever day they are of", async () => {
  const [first, second] = [createShiftTill("till-1", { day: DAY }), createShiftTill("till-2", { day: DAY })]; // prettier-ignore
  const today = { day: "2026-11-22" };
  first.sale(500);
  second.sale(700);
  second.sale(900, "cash", today);
  const heads = [first.head(), second.head()];
  first.capture("seal", { number: 1, heads, root: merkleRoot(heads) });
  const take = (items: typeof first.items) =>
    central.post("/v1/intake/events", eventsOf("store-1", items));
  await take(first.items);
  await take(second.items.slice(0, 1));
  await central.checked();
  const day = () => get(`/v1/store-days/store-1/${DAY}`);
  expect((await day()).body).toMatchObject({
    state: "waiting",
    waiting: [{ for: "rows", source: "till-2", count: 1 }],
  });
  await take(second.items.slice(1));
  await central.checked();
  expect((await day()).body).toMatchObject({ state: "complete", waiting: [] });
});

test("a day that cannot be checked lets the others pass", async () => {
  await sell(500);
  await central.storage.write([
    { sql: "insert into exception (fingerprint, store, business_day, kind, severity, evidence, state, opened_ms, changed_ms, version) values ('x', 'store-1', ?, 'gap', 'odd', '{}', 'open', 0, 0, 1)", args: [DAY] },
    markDirty([{ store: "store-2", businessDay: DAY }], END_MS),
  ]); // prettier-ignore
  const failures: unknown[] = [];
  const checker = createChecker({
    storage: central.storage, nowMs: () => END_MS, pause: () => Promise.resolve(), wait: () => Promise.resolve(),
    later: () => () => {}, onWritten: () => {}, onFailure: (error) => failures.push(error),
  }); // prettier-ignore
  await checker.kick();
  expect(failures).toHaveLength(1);
  await checker.kick();
  const rows = await rowsOf(
    central.storage,
    "select store, dirty_ms, checked_ms from store_day order by store",
  );
  expect(rows).toEqual([
    { store: "store-1", dirty_ms: END_MS + LIMITS.retryMaxMs, checked_ms: null },
    { store: "store-2", dirty_ms: null, checked_ms: END_MS },
  ]);
  await checker.close();
});

test("REC2 points that a program has not taken off are told, and are settled by its word", async () => {
  const member = [keyOf("loyalty", "1001")];
  const [till, web] = [createTill("till-1"), createTill("web-1", { store: "shop" })];
  const say = (balancePoints: number, minutes: number) =>
    web.capture({
      kind: "loyalty",
      subject: member,
      body: { program: "club", balancePoints, lifetimePoints: 900 },
      atMs: Date.UTC(2026, 10, 21, 9, minutes),
    });
  say(400, 1);
  const tenders = [{ type: "loyalty", amountMinor: 300 }];
  till.capture({
    kind: "sale",
    subject: member,
    body: { receipt: "r1", currency: "GBP", lines: [], tenders, totalMinor: 300 },
    atMs: Date.UTC(2026, 10, 21, 9, 5),
  });
  say(400, 9);
  const deliver = async (of: typeof till, from = 0) => {
    const captured = of.captured.slice(from);
    await central.post(
      "/v1/intake/events",
      eventsOf(
        of.store,
        captured.map(({ item }) => item),
      ),
    );
    const fragments = captured.flatMap(({ fragment }) => fragment ?? []).slice(-1);
    await central.post("/v1/intake/fragments", fragmentsOf(fragments));
  };
  await deliver(web);
  await deliver(till);
  await central.checked();
  const { body } = await get(`/v1/store-days/store-1/${DAY}`);
  expect(body["exceptions"]).toMatchObject([
    { kind: "loyalty_differs", source: "till-1", seq: 1, amountMinor: 300, state: "open" },
  ]);
  say(100, 20);
  await deliver(web, 2);
  await central.checked();
  expect((await get(`/v1/store-days/store-1/${DAY}`)).body["exceptions"]).toMatchObject([
    { state: "settled" },
  ]);
});

test("a day ends when the store's next one begins, whatever the clocks do that night", () => {
  expect(dayEndMs("Europe/London", "2026-10-25")).toBe(Date.UTC(2026, 9, 26));
  expect(dayEndMs("Europe/Berlin", "2026-03-29")).toBe(Date.UTC(2026, 2, 29, 22));
  expect(dayEndMs("Pacific/Kiritimati", DAY)).toBe(Date.UTC(2026, 10, 21, 10));
  expect(dayEndMs("America/Los_Angeles", DAY)).toBe(Date.UTC(2026, 10, 22, 8));
});
