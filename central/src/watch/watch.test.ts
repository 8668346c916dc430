import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { EDGE, openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { createTill, eventsOf, keyOf } from "../testing/till.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

test("SYN2 SYN6: the centre tells of each terminal how far it is, and lists what it could not use", async () => {
  expect(await (await central.get("/v1/status")).json()).toMatchObject({
    ok: true,
    words: "all is well",
    terminals: [],
  });
  const till = createTill("till-1");
  const sold = till.sale(100, [keyOf("loyalty", "1001")]);
  const fork = createTill("till-1").sale(77);
  await central.post("/v1/intake/events", eventsOf("store-1", [sold.item]));
  await central.post("/v1/intake/events", eventsOf("store-1", [fork.item]));
  const status = await central.get("/v1/status", PERSON);
  expect(await status.json()).toMatchObject({
    ok: false,
    terminals: [{ store: "store-1", source: "till-1", journaled: 1, golden: 0, forks: 1 }],
    quarantined: { fork: 1 },
  });
  const { items } = (await (await central.get("/v1/quarantine")).json()) as { items: object[] };
  expect(items).toMatchObject([{ source: "till-1", epoch: 1, item: "1", code: "fork" }]);

  const metrics = await central.get("/metrics", EDGE);
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await metrics.text();
  for (const sample of [
    'regulars_centre_events_total{store="store-1",source="till-1",step="journaled"} 1',
    'regulars_centre_forks_total{store="store-1",source="till-1"} 1',
    'regulars_centre_quarantined{reason="fork"} 1',
  ]) {
    expect(text).toContain(`${sample}\n`);
  }
});
