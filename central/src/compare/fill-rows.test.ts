/** Lost rows that come back from the edge, and the store-days that they are of. */
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { createTill, eventsOf, START_MS } from "../testing/till.ts";
import { fillRows } from "./fill-rows.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());

const DAY_MS = 86_400_000;

test("GLD2 REC2 whatever day the rows are of that were filled in, it is looked at again", async () => {
  const { storage, nowMs } = central;
  const till = createTill("till-1");
  for (const day of [0, 0, 1, 1, 2]) till.sale(100, [], START_MS + day * DAY_MS);
  const items = till.captured.map(({ item }) => item);
  await central.post("/v1/intake/events", eventsOf("store-1", items));
  await storage.write([
    { sql: "delete from event where seq in (3, 4)" },
    { sql: "update store_day set dirty_ms = null" },
  ]);
  // The gap is of the day of the row before it; its rows are of the next.
  const rows = items.slice(2, 4).map((item) => ({ ...item, offsetMs: 0, quarantined: null }));
  const day = { store: "store-1", businessDay: "2026-11-21" };
  expect(await fillRows(storage, day, { source: "till-1", epoch: 1, rows }, nowMs())).toBe(true);
  const due = "select business_day from store_day where dirty_ms is not null order by 1";
  expect(await rowsOf(storage, due)).toEqual([
    { business_day: "2026-11-21" },
    { business_day: "2026-11-22" },
  ]);
});
