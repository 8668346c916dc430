import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NOON_MS, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { walksOfAll } from "../../testing/queries.ts";
import { exceptionStatement, figuresOf, storeDayStatement } from "../../testing/store-days.ts";
import { createTill, eventsOf } from "../../testing/till.ts";
import type { EdgeSight } from "../../watch/edge-watch.ts";
import { readToday } from "./read-today.ts";

const DAY = "2026-11-20";
const WEEK_BEFORE = "2026-11-13";

let isAway = false;
const terminal = {
  source: "till-1",
  epoch: 1,
  closed: false,
  golden: 1,
  notGoldenSinceMs: NOON_MS - 3_600_000,
  lastSeenMs: NOON_MS,
  clockOffsetMs: 0,
  forks: 0,
  fenced: 0,
};
const atEdge = (path: string): object => {
  if (path === "/v1/tills") return { tills: [] };
  if (path === "/v1/accounts") return { accounts: [] };
  const stores = [{ store: "silent", terminals: [{ ...terminal, accepted: 8 }], quarantined: {} }];
  return { stores, shards: [] };
};

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp({
    askEdge: (_, path) =>
      isAway
        ? Promise.reject(new Error("away"))
        : Promise.resolve({ status: 200, json: atEdge(path) }),
  });
});
afterAll(() => central.close());
beforeEach(async () => {
  isAway = false;
  await emptyDatabase(central.storage);
});

async function seed(): Promise<void> {
  const since = { sinceMs: NOON_MS - 7_200_000 };
  await central.storage.write([
    storeDayStatement({ store: "fine", day: DAY, figures: figuresOf([0, 0, 0, 5, 7]) }),
    storeDayStatement({ store: "fine", day: WEEK_BEFORE, figures: figuresOf([0, 0, 0, 4]) }),
    storeDayStatement({
      store: "late",
      day: DAY,
      state: "waiting",
      waiting: [{ for: "rows", source: "till-7", count: 12, ...since }],
      figures: figuresOf([3], { golden: 2, overShortMinor: { GBP: -240 } }),
    }),
    storeDayStatement({
      store: "odd",
      day: DAY,
      state: "in_question",
      figures: figuresOf([2], { netMinor: { EUR: 500, GBP: 700 } }),
      openExceptions: 2,
      worst: "serious",
    }),
    exceptionStatement({ store: "odd", day: DAY, kind: "gap", source: "till-1", seq: 5 }),
    exceptionStatement({ store: "odd", day: DAY, kind: "over_short", source: "till-1" }),
    exceptionStatement({ store: "odd", day: DAY, kind: "gap", seq: 9, state: "settled" }),
    storeDayStatement({ store: "silent", day: WEEK_BEFORE }),
    // A till whose clock is years ahead.
    storeDayStatement({ store: "fine", day: "2031-01-01" }),
  ]);
  const till = createTill("till-1", { store: "silent" });
  till.sale(100);
  await central.post("/v1/intake/events", eventsOf("silent", [till.captured[0]!.item]));
  await central.storage.write([
    { sql: "delete from store_day where store = 'silent' and business_day > ?", args: [DAY] },
  ]);
}

const text = async (path: string): Promise<string> => {
  const response = await central.page(path);
  expect(response.status).toBe(200);
  return response.text();
};

const storesIn = (page: string): (string | undefined)[] =>
  [...page.matchAll(/id="store-([a-z]+)"/g)].map(([, store]) => store);

test("Today shows every store of the newest day, trouble first, and what each waits for", async () => {
  await seed();
  await central.looked();
  const page = await text("/");
  expect(page).toContain("<h1>Fri 20 Nov 2026</h1>");
  expect(storesIn(page)).toEqual(["odd", "late", "silent", "fine"]);
  for (const words of ["12 rows of till-7 since 10:00", "2 of 3", "Nothing here", "-£2.40"]) {
    expect(page).toContain(words);
  }
  expect(page).toContain(`href="/exceptions?store=odd&amp;day=${DAY}&amp;severity=serious"`);
  expect(page).toContain("1 serious");
  expect(page).toContain("1 warning");
  expect(page).toContain(`href="/stores/odd/${DAY}"`);
  // Seven of eight rows are at the edge alone, for an hour.
  expect(page).toMatch(/id="store-silent"[\s\S]*?<strong>7<\/strong>/);
  expect(page).toContain("fine, Fri 20 Nov 2026: 12 sales, most from 04:00, 4 a week before");
  expect(page).toContain("17");
  expect(page).toContain("Net, EUR");
});

test("Today opens on the newest day on which anything was sold", async () => {
  await seed();
  await central.storage.write([
    {
      sql: `insert into store_day (store, business_day, state, since_ms, figures)
            values ('web', '2026-11-21', 'waiting', 0, '{"sales":0}')`,
      args: [],
    },
  ]);
  expect(await text("/")).toContain("<h1>Fri 20 Nov 2026</h1>");
});

test("Today keeps what is asked for, goes to other days, and htmx gets the part alone", async () => {
  await seed();
  expect(storesIn(await text("/?state=waiting"))).toEqual(["late"]);
  expect(storesIn(await text("/?store=in"))).toEqual(["fine"]);
  const before = await text(`/?day=${WEEK_BEFORE}`);
  expect(before).toContain("<h1>Fri 13 Nov 2026</h1>");
  expect(before).toContain(`href="/?day=${DAY}"`);
  const newest = await text("/");
  expect(newest).toContain(`href="/?day=${WEEK_BEFORE}"`);
  expect(newest).not.toContain("2031");
  const person = await central.signIn("read_only");
  const part = await (await person.get("/", { "hx-request": "true" })).text();
  expect(part).toMatch(/^<div id="today"/);
  expect((await person.get("/?day=yesterday")).status).toBe(422);
  expect((await person.get("/?csv=stores")).status).toBe(403);
  const file = await (await central.page("/?csv=stores&state=waiting")).text();
  expect(file).toContain("Store,State,Waits for");
  expect(file).toMatch(/late,Waiting,12 rows of till-7 since .*,-240,GBP/);
});

test("SYN6 where the edge is away, Today says since when, and shows what it knows", async () => {
  await seed();
  isAway = true;
  await central.looked();
  const page = await text("/");
  expect(page).toContain("The edge cannot be reached since");
  expect(storesIn(page)).toContain("silent");
});

test("Today of a house that has sold nothing yet says what to do", async () => {
  expect(await text("/")).toContain("No store has sent anything");
});

test("all stores of a day are read by index", async () => {
  const sight: EdgeSight = {
    stores: new Map(),
    tills: [],
    accounts: [],
    seenMs: null,
    awaySinceMs: null,
  };
  const walks = await walksOfAll(
    central.storage,
    (spied) => readToday(spied, DAY, { sight, nowMs: NOON_MS }),
    // One row per till and epoch: what all known stores are found by.
    ["w"],
  );
  expect(walks).toEqual([]);
});
