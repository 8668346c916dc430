import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { afterEach, beforeEach, expect, test } from "vitest";
import { qualityBreaches, readDrift } from "../../quality/breaches.ts";
import { windowOf } from "../../quality/series.ts";
import { customersCount, pairsQuery } from "../../quality/snapshot.ts";
import { openTestApp, type TestApp } from "../../testing/app.ts";
import type { Visitor } from "../../testing/visitor.ts";
import { walksIn } from "../../testing/plan.ts";
import { createTill, eventsOf, keyOf } from "../../testing/till.ts";
import { uncountedQuery } from "./routes.tsx";

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const YESTERDAY_MS = NOW_MS - 86_400_000;

let central: TestApp;
let admin: Visitor;
beforeEach(async () => {
  central = await openTestApp({ askEdge: (_, path) => Promise.resolve(edge(path)) });
  admin = await central.signIn("admin");
});
afterEach(() => central.close());

/** One delivery of the web shop fails there. */
function edge(path: string) {
  const accounts = [{ id: "shop-1", channel: "web" }];
  const items = [{ account: "shop-1", receivedMs: YESTERDAY_MS }];
  const json = path === "/v1/accounts" ? { accounts } : { items, cursor: null };
  return { status: 200, json };
}

const page = async (path: string): Promise<string> => {
  const answer = await admin.get(path);
  expect(answer.status).toBe(200);
  return answer.text();
};

/** Tens of claims a day for four weeks; on the last one the e-mail is gone. */
async function plant(): Promise<void> {
  const rows = windowOf(NOW_MS).flatMap((day, at, { length }) => [
    [day, "accepted", "web", 100, 100],
    [day, "field", "web/email", at === length - 1 ? 12 : 90 + (at % 3), 100],
    [day, "field", "web/givenName", 70 + (at % 5), 100],
    [day, "flag", "web/doubtful_field", 3, 0],
  ]);
  await central.storage.write([
    {
      sql: `insert into quality_day select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
            from json_each(?)`,
      args: [JSON.stringify(rows)],
    },
  ]);
}

test("a field that is suddenly missing is named in words, with what is usual, and its days are behind it", async () => {
  await plant();
  const text = await page("/quality");
  expect(text).toContain("Web shop · E-mail fell to 12.0% on 2026-11-20. Usual are 91.0%.");
  expect(text).not.toContain("Given name fell");
  expect(text).toContain("/quality/days?measure=field&amp;part=web%2Femail");
  expect(await page("/quality/days?measure=field&part=web%2Femail")).toMatch(/12.0%.*91.0%/s);
  expect(await qualityBreaches(central.storage, NOW_MS)).toMatchObject([
    { measure: "completeness", part: "web/email", limit: 0.8, count: 558, of: 700 },
    { measure: "drift", part: "field/web/email", day: "2026-11-20", value: 0.12, limit: 0.91 },
  ]);
  const [farthest, ...others] = await readDrift(central.storage, NOW_MS);
  expect(farthest).toMatchObject({ measure: "field", part: "web/email", usual: 0.91 });
  expect(others.map(({ distance }) => Math.abs(distance) < 4)).toEqual([true, true, true]);
});

test("what fails at the edge is part of what was received", async () => {
  await plant();
  await central.counted();
  const file = await page("/quality?csv=accepted");
  expect(file).toContain("web,700,701,");
  expect(await page("/quality?csv=completeness")).toContain("web,email,");
  expect(central.errors).toEqual([]);
});

test("figures come from the journal, in the background", async () => {
  const till = createTill("till-1");
  const card = keyOf("loyalty", "1");
  const rows = Array.from({ length: 40 }, (_, at) =>
    till.claim(at % 4 === 0 ? { givenName: "Ada" } : { email: "a@example.com" }, [card], YESTERDAY_MS + at),
  ); // prettier-ignore
  await central.post(
    "/v1/intake/events",
    eventsOf(
      "store-1",
      rows.map(({ item }) => item),
    ),
  );
  expect(await page("/quality")).toContain("40 rows are still being counted");
  await central.counted();
  const text = await page("/quality");
  expect(text).not.toContain("still being counted");
  expect(text).toMatch(/Till.*E-mail.*75.0%/s);
  const [row] = await rowsOf(central.storage, "select count from quality_day where measure = 'potential'"); // prettier-ignore
  expect(row && numberOf(row, "count")).toBe(0);
});

test("a request that is none is refused, and nobody who may not export gets a file", async () => {
  for (const path of ["/quality?csv=all", "/quality/days", "/quality/days?measure=all"]) {
    expect((await admin.get(path)).status).toBe(422);
  }
  const reader = await central.signIn("read_only");
  for (const path of ["/quality?csv=accepted", "/quality/days?measure=merges&csv=days"]) {
    expect((await reader.get(path)).status).toBe(403);
  }
});

test("no page walks the journal", async () => {
  const { storage } = central;
  expect(await walksIn(storage, uncountedQuery(), ["w"])).toEqual([]);
  expect(await walksIn(storage, customersCount(), ["customer_active"])).toEqual([]);
  expect(await walksIn(storage, pairsQuery("", ""), ["p"])).toEqual([]);
});
