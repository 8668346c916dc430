/** What becomes of a drawer when its till is restored, copied or moved, and when its rows go to the archive. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { expect, test } from "vitest";
import { pushAll, statusOf, strangerAfter } from "../../testing/both-lanes.ts";
import { DAY, eventsOf, expectWhole, FLOAT, receipt } from "../../testing/drawer.ts";
import { createFakeEdge, type FakeEdge } from "../../testing/fake-edge.ts";
import { NOON, SETTINGS } from "../../testing/settings.ts";
import { openTill, SMALL_SIZES, temporaryFolder } from "../../testing/till.ts";
import { healthOf } from "../sync/health.ts";

const DAY_MS = 86_400_000;
const cash = (amountMinor: number, more: object = {}): object => receipt("cash", amountMinor, more);

const eventsAt = (edge: FakeEdge): RegularsEvent[] =>
  edge
    .epochs()
    .flatMap((epoch) => edge.itemsOf(epoch))
    .map(({ body }) => eventSchema.parse(JSON.parse(body)));

test("REC1 SYN3: a till that came back from a backup leaves its shift without a second Z report, and counts on", async () => {
  const [dataDir, backup, marks] = [
    await temporaryFolder(),
    await temporaryFolder(),
    join(await temporaryFolder(), "mark"),
  ];
  const edge = createFakeEdge();
  const before = await openTill({ dataDir, edge, highWaterFile: marks });
  await before.captured({ kind: "open", float: FLOAT });
  await before.captured(cash(500));
  await before.close();
  await cp(dataDir, backup, { recursive: true });
  const lost = await openTill({ dataDir, edge, highWaterFile: marks });
  await lost.captured(cash(70));
  await lost.captured({ kind: "close" });
  await lost.captured({ kind: "open" });
  await pushAll(lost);
  await lost.close();

  const till = await openTill({ dataDir: backup, edge, highWaterFile: marks });
  expect(await till.shift()).toEqual({ open: null, last: 2 });
  expect((await till.day(DAY)).shifts).toEqual([{ number: 1, state: "left" }]);
  expect(healthOf(await statusOf(till), SETTINGS.zone, NOON).words).toBe(
    "shift 1 was left without a Z report: count the drawer and open the next shift",
  );
  await till.captured(cash(3));
  await till.captured({ kind: "open", float: FLOAT });
  await till.captured({ kind: "close" });
  expect(healthOf(await statusOf(till), SETTINGS.zone, NOON).ok).toBe(true);
  expect(await till.zReport(1)).toBeNull();
  expect(await till.zReport(3)).toMatchObject({ number: 3, figures: { events: 0 } });
  await pushAll(till);
  expectWhole(eventsAt(edge));
  const closes = eventsAt(edge).flatMap(({ kind, body }) => (kind === "close" ? body.number : []));
  expect(new Set(closes)).toEqual(new Set([1, 3]));
});

test("REC1: a folder whose database is gone counts on where its mark stood", async () => {
  const highWaterFile = join(await temporaryFolder(), "mark");
  const before = await openTill({ highWaterFile });
  await before.captured({ kind: "open" });
  await before.captured({ kind: "close" });
  await before.captured({ kind: "seal", businessDay: DAY });
  await before.close();
  const till = await openTill({ highWaterFile });
  await till.captured({ kind: "open" });
  await till.captured({ kind: "close" });
  await till.captured({ kind: "seal", businessDay: DAY });
  expect((await till.day(DAY)).shifts).toEqual([{ number: 2, state: "closed" }]);
  expect((await till.day(DAY)).seal?.number).toBe(2);
});

test("REC1 SYN3: a till that goes to another store leaves its shift, and the days it closed there are open here", async () => {
  const dataDir = await temporaryFolder();
  const there = await openTill({ dataDir });
  await there.captured({ kind: "open" });
  await there.captured({ kind: "close" });
  await there.captured({ kind: "open" });
  await there.close();
  const here = await openTill({ dataDir, store: "store-2" });
  const sold = await here.captured(cash(5));
  expect(sold.flags).toEqual([]);
  expect((await here.day(DAY)).shifts).toEqual([]);
  await here.captured({ kind: "open" });
  expect((await here.shift()).open?.number).toBe(3);
  expect(await here.zReport(1), "a report of this terminal all the same").toMatchObject({
    store: "store-1",
  });
});

test("REC1 SYN3: rows that are sealed anew stay in their shift, and its Z report is what they come to", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(cash(1));
  await pushAll(till);
  edge.items.push(strangerAfter(edge.items.at(-1)!));
  await till.captured({ kind: "open", float: FLOAT });
  await till.captured(cash(20));
  await pushAll(till);
  expect(await statusOf(till)).toMatchObject({ epoch: 2, drawer: { open: { number: 1 } } });
  await till.captured(cash(300));
  await till.captured({ kind: "close" });
  await pushAll(till);
  const events = eventsAt(edge);
  expectWhole(events);
  expect(new Set(events.map(({ epoch }) => epoch)).size).toBe(3);
  expect((await till.zReport(1))?.figures.currencies["GBP"]).toMatchObject({ salesMinor: 320 });
  // The seal names every journal that rows of the day lie in, as it stands at the edge.
  await till.captured({ kind: "seal", businessDay: DAY });
  const { seal } = await till.day(DAY);
  expect(seal?.heads).toHaveLength(3);
  for (const { epoch, seq, hash } of seal?.heads ?? []) {
    expect(edge.itemsOf(epoch).find((item) => item.seq === seq)?.hash).toBe(hash);
  }
});

test("CAP7 REC1: a Z report is read after its rows went to the archive, and their receipts are voided by their tenders", async () => {
  const edge = createFakeEdge();
  edge.goldenBut = 0;
  const till = await openTill({ edge, sizes: SMALL_SIZES });
  await till.captured({ kind: "open", float: FLOAT });
  const first = await till.captured(cash(70));
  await till.captured({ kind: "close" });
  const report = await till.zReport(1);
  for (let n = 0; n < 30; n++) await till.captured(cash(1, { businessDay: "2026-06-02" }));
  await pushAll(till);
  await till.sync.pull();
  await till.moveRows();
  expect((await statusOf(till)).archive.rows).toBeGreaterThan(10);
  expect(await till.zReport(1)).toEqual(report);
  await till.captured({ kind: "open", businessDay: "2026-06-03" });
  await till.captured({ kind: "void", voids: first.receipt });
  expect((await eventsOf(till)).at(-1)?.body).toMatchObject({
    tenders: [{ type: "cash", amountMinor: -70 }],
  });
});

test("REC1: a till says in words that a shift is open for long, and that a day it seals is not sealed", async () => {
  const till = await openTill();
  const wordsAt = async (ms: number) => healthOf(await statusOf(till), SETTINGS.zone, ms).words;
  await till.captured({ kind: "open" });
  expect(await wordsAt(NOON + DAY_MS)).not.toContain("shift");
  expect(await wordsAt(NOON + DAY_MS + 1)).toContain(
    "shift 1 is open since 1 Jun 12:00: count and close it",
  );
  await till.captured({ kind: "close" });
  expect(await wordsAt(NOON + 2 * DAY_MS), "another terminal may seal").not.toContain("sealed");
  await till.captured({ kind: "seal", businessDay: DAY });
  till.clock.ms = NOON + DAY_MS;
  await till.captured({ kind: "open" });
  await till.captured({ kind: "close" });
  expect(await wordsAt(NOON + DAY_MS)).not.toContain("sealed");
  expect(await wordsAt(NOON + 2 * DAY_MS)).toContain(
    "the day 2026-06-02 is closed here, but not sealed",
  );
});
