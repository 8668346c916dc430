import { eventSchema } from "@regulars/shared/events/event";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { LIMITS } from "@regulars/shared/limits";
import { expect, test } from "vitest";
import { pushAll, statusOf } from "../../testing/both-lanes.ts";
import { createFakeEdge, profileAt } from "../../testing/fake-edge.ts";
import { IDENTITY, sale } from "../../testing/settings.ts";
import { NOON, openTill, temporaryFolder } from "../../testing/till.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };
const key = identityKeyOf("email", ada.email, IDENTITY.pepper);

test("SYN7: after a long time without network the sales of now do not wait behind those of then", async () => {
  const edge = createFakeEdge();
  edge.pace = { maxBatchBytes: 20_000, retryAfterMs: 0 };
  const till = await openTill({ edge });
  await till.sync.push();
  for (let n = 0; n < LIMITS.backlogRows; n++) await till.captured(sale());
  till.clock.ms += LIMITS.backlogAgeMs + 1;
  edge.serverTimeMs = till.clock.ms;
  await till.sync.push();
  const now = await till.captured(sale());
  expect(now).toMatchObject({ epoch: 2, seq: 1 });
  await till.sync.push();
  expect(edge.itemsOf(2)).toHaveLength(1);
  expect(edge.items.length).toBeLessThan(LIMITS.backlogRows);
  await pushAll(till);
  expect(edge.items).toHaveLength(LIMITS.backlogRows);
  // Once: a second epoch for the same outage would help nobody.
  expect((await statusOf(till)).epoch).toBe(2);
});

test("SYN7: a short outage begins no epoch", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  for (let n = 0; n < LIMITS.backlogRows + 1; n++) await till.captured(sale());
  till.clock.ms += 60_000;
  edge.serverTimeMs = till.clock.ms;
  await pushAll(till);
  expect(await till.captured(sale())).toMatchObject({ epoch: 1 });
});

test("CLK2: the clock's offset is measured, stamps are corrected by it, and a large one is flagged", async () => {
  const edge = createFakeEdge();
  const dataDir = await temporaryFolder();
  const till = await openTill({ edge, dataDir });
  edge.serverTimeMs = NOON - 3_600_000;
  await till.captured(sale());
  await till.sync.push();
  // The clock had run ahead of the edge's time: a new epoch, whose stamps begin where time is.
  await till.sync.push();
  const { flags, epoch } = await till.captured(sale());
  expect({ flags, epoch }).toEqual({ flags: ["clock_off"], epoch: 2 });
  await pushAll(till);
  const event = eventSchema.parse(JSON.parse(edge.itemsOf(2)[0]!.body));
  expect(Number.parseInt(event.stamp.slice(0, 12), 16)).toBe(NOON - 3_600_000);
  expect(event.at).toBe(new Date(NOON).toISOString());
  await till.close();
  const again = await openTill({ dataDir });
  expect((await again.captured(sale())).flags, "remembered").toEqual(["clock_off"]);
});

test("SYN4: a fragment that the edge needs is sent whole", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  for (let n = 0; n < 3; n++) await till.captured(sale({ customer: ada }));
  await till.sync.push();
  edge.fragments.clear();
  edge.need = [{ epoch: 1, key }];
  await till.sync.pull();
  await till.sync.push();
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(3);
  edge.need = [];
  await till.sync.pull();
  expect(await till.sync.push()).toMatchObject({ value: { called: false } });
});

test("SYN4: a fragment that the edge needs is sent whole from an epoch that is closed and all golden, and of one that is not here nothing", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: ada }));
  await till.sync.push();
  edge.goldenBut = 0;
  await till.sync.pull();
  edge.nextEpoch = 2;
  await till.sync.pull();
  const rests = { value: { called: false, more: false } };
  expect(await till.sync.pushClosed(), "all of it is golden").toMatchObject(rests);
  edge.fragments.clear();
  edge.need = [
    { epoch: 7, key },
    { epoch: 1, key },
  ];
  await till.sync.pull();
  await till.sync.pushClosed();
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(1);
  expect(await till.sync.pushClosed(), "until the next pull").toMatchObject(rests);
});

test("SYN2: an edge that has less than it had acknowledged is noticed by a pull, and gets it again", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale());
  await till.captured(sale());
  await till.sync.push();
  edge.items.length = 1;
  edge.marks = { accepted: 1, merged: 0, golden: 0 };
  await till.sync.pull();
  await till.sync.push();
  expect(edge.items).toHaveLength(2);
});

test("SYN7: the slow lane asks on until all of a closed epoch is golden, and then rests", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale());
  edge.nextEpoch = 2;
  await till.sync.pull();
  const waits = { ok: true, value: { more: true, retryAfterMs: LIMITS.closedEveryMs } };
  expect(await till.sync.pushClosed(), "with its last rows").toMatchObject(waits);
  expect(await till.sync.pushClosed(), "with nothing to send").toMatchObject(waits);
  edge.marks = { accepted: 1, merged: 1, golden: 1 };
  await till.sync.pushClosed();
  expect(await till.sync.pushClosed()).toEqual({
    ok: true,
    value: { called: false, more: false, retryAfterMs: 0 },
  });
});

test("SYN7: a backlog yields to a sale until it is merged, and not for ever", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale());
  edge.nextEpoch = 2;
  await till.sync.pull();
  await till.captured(sale());
  expect(await till.sync.pushClosed()).toMatchObject({ value: { called: false, more: true } });
  expect(edge.pushes).toEqual([]);
  till.clock.ms += LIMITS.backlogYieldMs;
  expect(await till.sync.pushClosed()).toMatchObject({ value: { called: true } });
  expect(edge.items).toHaveLength(1);
});
