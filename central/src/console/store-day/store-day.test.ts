import { merkleRoot } from "@regulars/shared/shift/merkle";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NOON_MS, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { walksOfAll } from "../../testing/queries.ts";
import { createShiftTill } from "../../testing/shift-till.ts";
import { exceptionStatement, figuresOf, storeDayStatement } from "../../testing/store-days.ts";
import { eventsOf } from "../../testing/till.ts";
import { readRow } from "./read-row.ts";
import { readAllRows, readRows } from "./read-rows.ts";
import { readStoreDay } from "./read-store-day.ts";
import { daysOfStore } from "../store-days.ts";

const DAY = "2026-11-20";
const PLACE = `/stores/store-1/${DAY}`;

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

type ShiftTill = ReturnType<typeof createShiftTill>;

async function send(till: ShiftTill): Promise<void> {
  for (let from = 0; from < till.items.length; from += 100) {
    const items = till.items.slice(from, from + 100);
    const response = await central.post("/v1/intake/events", eventsOf(till.store, items));
    expect(response.status).toBe(200);
  }
}

/** One drawer closed two pounds short, with a sale after it; one that is open; sealed by the second. */
async function aDay() {
  const closed = createShiftTill("till-1");
  closed.open(7, 10_000);
  closed.sale(2_500);
  closed.sale(1_500, "card");
  closed.close(7, 12_300, "wrong_change");
  closed.sale(900, "cash", { flags: ["late"] });
  const open = createShiftTill("till-2");
  open.open(3, 5_000);
  open.sale(1_111);
  open.capture("drawer", {
    action: "paid_out",
    currency: "GBP",
    amountMinor: 200,
    reason: "Milk",
  });
  const heads = [closed.head(), open.head()];
  open.capture("seal", { number: 1, heads, root: merkleRoot(heads) });
  await send(closed);
  await send(open);
  await central.storage.write([
    storeDayStatement({
      store: "store-1",
      day: DAY,
      state: "waiting",
      waiting: [{ for: "z_report", source: "till-2", sinceMs: NOON_MS - 3_600_000, count: null }],
      figures: figuresOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 4], { late: 1 }),
    }),
    storeDayStatement({ store: "store-1", day: "2026-11-19" }),
    exceptionStatement({ store: "store-1", day: DAY, kind: "gap", source: "till-1", seq: 3 }),
  ]);
  return { closed, open };
}

const text = async (path: string): Promise<string> => {
  const response = await central.page(path);
  expect(response.status).toBe(200);
  return response.text();
};

/** The cells of a table's rows, as they are read. */
function cellsOf(page: string, table: string): string[][] {
  const [, section = ""] = page.split(`<section aria-labelledby="${table}">`);
  const [body = ""] = section.split("</section>");
  return [...body.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].slice(1).map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) =>
      cell
        .replaceAll(/<[^>]+>/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    ),
  );
}

test("REC1 a store-day shows Z as written, X of the open shift, counts, and amendments under their Z", async () => {
  await aDay();
  const page = await text(PLACE);
  expect(page).toContain("Waits for the Z report of till-2 since 11:00");
  expect(cellsOf(page, "shifts")).toEqual([
    ["Z 7", "till-1", "Closed", "20 Nov 09:00", "20 Nov 09:04", "2", "£40.00", "-£2.00 wrong change", "1 receipt"],
    ["X 3", "till-2", "Open", "20 Nov 09:00", "–", "1", "£11.11", "–", "–"],
  ]); // prettier-ignore
  expect(cellsOf(page, "tenders")).toEqual([
    ["Cash", "Z 7", "till-1", "£125.00", "£123.00", "-£2.00"],
    ["Card", "Z 7", "till-1", "£15.00", "–", "–"],
    ["Cash", "X 3", "till-2", "£59.11", "–", "–"],
  ]);
  expect(cellsOf(page, "amendments")).toEqual([
    ["till-1-6", "Z 7", "till-1", "Sale", "20 Nov 09:05", "20 Nov 09:05", "£9.00"],
  ]);
  expect(cellsOf(page, "exceptions")[0]?.slice(0, 3)).toEqual([
    "Rows are missing",
    "Serious",
    "Open",
  ]);
  expect(page).toContain(`href="${PLACE}/rows?hour=9&amp;kind=sale"`);
  expect(page).toContain('href="/stores/store-1/2026-11-19"');
});

test("REC1 a seal is true where its rows are here as they were sealed", async () => {
  const { closed } = await aDay();
  expect(cellsOf(await text(PLACE), "heads").map((row) => row.at(-1))).toEqual(["True", "True"]);
  const last = closed.items.length;
  await central.storage.write([
    { sql: "update event set hash = ? where source = 'till-1' and seq = ?", args: ["0", last] },
  ]);
  const other = await text(PLACE);
  expect(cellsOf(other, "heads").map((row) => row.at(-1))).toEqual(["Another row is here", "True"]);
  expect(other).toContain("Not all of its rows are here as sealed");
  await central.storage.write([
    { sql: "delete from event where source = 'till-1' and seq = ?", args: [last] },
  ]);
  expect(cellsOf(await text(PLACE), "heads").map((row) => row.at(-1))).toEqual([
    "Not here",
    "True",
  ]);
});

test("the journal shows what is missing, tells it from rows of other days, and can be gone through by pages", async () => {
  const till = createShiftTill("till-1");
  for (let n = 1; n <= 4; n++) till.sale(n * 100);
  till.sale(500, "card", { day: "2026-11-21" });
  for (let n = 6; n <= 250; n++) till.sale(n * 100);
  await send(till);
  await central.storage.write([
    { sql: "delete from event where source = 'till-1' and seq in (2, 3)" },
    {
      sql: `update event set kind = null, business_day = null, quarantined = 'not_an_event' where seq = 8`,
    },
  ]);
  const first = await text(`${PLACE}/rows?source=till-1&epoch=1`);
  const rows = cellsOf(first, "rows");
  expect(rows.slice(0, 7).map(([number, , , what]) => `${number} ${what}`)).toEqual([
    "1 Sale",
    "2–3 2 rows missing",
    "4 Sale",
    "5 1 row of other days",
    "6 Sale",
    "7 Sale",
    "8 Not readable quarantined: not an event",
  ]);
  const seen = new Set<string>();
  let path: string | undefined = `${PLACE}/rows`;
  for (let pages = 1; path !== undefined; pages++) {
    const page: string = await text(path);
    for (const [, seq = ""] of page.matchAll(/rows\/till-1\/1\/(\d+)"/g)) seen.add(seq);
    path = /href="([^"]+)">Next/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    expect(pages).toBeLessThanOrEqual(3);
  }
  expect(seen.size).toBe(247);
  const there = await text(`${PLACE}/rows?source=till-1&epoch=1&seq=100`);
  expect(cellsOf(there, "rows")[0]?.[0]).toBe("93");
  expect(there).toMatch(/<tr class="mark-here"><th scope="row"><a href="[^"]*\/100">/);
  const file = await (await central.page(`${PLACE}/rows?csv=rows`)).text();
  expect(file.trim().split("\r\n")).toHaveLength(1 + 246);
});

test("rows are kept by kind, by hour of the store's clock, and by being late", async () => {
  await aDay();
  const count = async (query: string): Promise<number> =>
    cellsOf(await text(`${PLACE}/rows?${query}`), "rows").length;
  expect(await count("kind=sale")).toBe(4);
  expect(await count("kind=sale&hour=9")).toBe(4);
  expect(await text(`${PLACE}/rows?kind=sale&hour=10`)).toContain("No row is like that");
  expect(await count("late=1")).toBe(1);
  expect(await count("kind=drawer&source=till-2&epoch=1")).toBe(1);
});

test("SEC2 a row shows lines, tenders and its place in the chain, and nothing of whom it is about", async () => {
  const till = createShiftTill("till-1");
  till.sale(2_500);
  till.capture("note", { text: "Likes to be called Annie" });
  await send(till);
  const sale = await text(`${PLACE}/rows/till-1/1/1`);
  expect(cellsOf(sale, "lines")).toEqual([["A1", "Tea", "1", "–", "£25.00"]]);
  expect(cellsOf(sale, "tenders")).toEqual([["Cash", "–", "£25.00"]]);
  const note = await text(`${PLACE}/rows/till-1/1/2`);
  expect(note).toContain("Follows the row before");
  expect(note).not.toContain("Annie");
  await central.storage.write([{ sql: "update event set body = '{}' where seq = 2" }]);
  expect(await text(`${PLACE}/rows/till-1/1/2`)).toContain("Its hash does not cover it");
  expect((await central.page(`${PLACE}/rows/till-1/1/9`)).status).toBe(404);
  expect((await central.page("/stores/store-2/2026-11-20/rows/till-1/1/1")).status).toBe(404);
});

test("a store's days stand newest first; a day of which nothing is known says so", async () => {
  await aDay();
  const page = await text("/stores/store-1");
  expect(cellsOf(page, "days").map(([day, state]) => [day, state])).toEqual([
    ["Fri 20 Nov 2026", "Waiting waits for the Z report of till-2 since 11:00"],
    ["Thu 19 Nov 2026", "Complete"],
  ]);
  const nothing = await central.page("/stores/store-1/2026-01-01");
  expect(nothing.status).toBe(404);
  expect(await nothing.text()).toContain("Nothing is known of this day");
  expect((await central.page("/stores/store-9")).status).toBe(404);
  expect((await central.page("/stores/NO%20ID")).status).toBe(422);
});

test("every table of a store-day is a file, for those who may have it", async () => {
  await aDay();
  const person = await central.signIn("read_only");
  for (const table of ["exceptions", "shifts", "tenders", "amendments", "heads", "terminals"]) {
    const response = await central.page(`${PLACE}?csv=${table}`);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect((await response.text()).split("\r\n").length).toBeGreaterThan(2);
    expect((await person.get(`${PLACE}?csv=${table}`)).status).toBe(403);
  }
  expect(await (await person.get(PLACE)).text()).not.toContain("csv=");
  expect(await (await central.page("/stores/store-1?csv=days")).text()).toContain(DAY);
});

test("a store-day and its journal are read by index", async () => {
  await aDay();
  const { storage } = central;
  const asked = { store: "store-1", day: DAY, source: null, epoch: null, kind: null, hour: null };
  const key = { source: "till-1", epoch: 1, seq: 2 };
  // Lists in the query's own argument, and the day's terminals: as long as what stands on the page.
  const allowed = ["k", "r", "json_each", "t"];
  const walks = [
    await walksOfAll(storage, (spied) => readStoreDay(spied, "store-1", DAY), allowed),
    await walksOfAll(
      storage,
      (spied) => readRows(spied, { ...asked, isLate: false, after: key, limit: 2 }),
      allowed,
    ),
    await walksOfAll(
      storage,
      (spied) => readRows(spied, { ...asked, ...key, isLate: false, after: key, limit: 2 }),
      allowed,
    ),
    await walksOfAll(storage, (spied) => readAllRows(spied, { ...asked, isLate: true }), allowed),
    await walksOfAll(storage, (spied) => readRow(spied, "store-1", key)),
    await walksOfAll(storage, (spied) => spied.read([daysOfStore("store-1", DAY, 60)])),
  ];
  expect(walks.flat()).toEqual([]);
});
