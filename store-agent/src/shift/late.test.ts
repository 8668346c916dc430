/** Which day and which drawer a receipt is of. */
import { expect, test } from "vitest";
import { DAY, eventsOf, NEXT_DAY, receipt } from "../../testing/drawer.ts";
import { sale } from "../../testing/settings.ts";
import { openTill, type Till } from "../../testing/till.ts";

const lastOf = async (till: Till) => (await eventsOf(till)).at(-1)!;

test("REC1: a sale after midnight is of the shift that sells it; one from before the shift is of its own day", async () => {
  const till = await openTill();
  await till.captured({ kind: "open", at: "2026-06-01T08:00:00Z" });
  till.clock.ms = Date.parse("2026-06-02T00:30:00Z");
  const days: unknown[] = [];
  for (const more of [
    {},
    { at: "2026-06-02T00:29:00Z" },
    { at: "2026-05-31T22:00:00Z" },
    { businessDay: NEXT_DAY },
  ]) {
    await till.captured(sale(more));
    const { businessDay, shift, flags } = await lastOf(till);
    days.push([businessDay, shift, flags]);
  }
  expect(days).toEqual([
    [DAY, "1/1", []],
    [DAY, "1/1", []],
    ["2026-05-31", undefined, []],
    [NEXT_DAY, undefined, []],
  ]);
  expect((await till.shift()).open?.receipts.sales).toBe(2);
});

test("REC1: what comes for a day after its Z report is late: an amendment to that report, in no other drawer", async () => {
  const till = await openTill();
  await till.captured({ kind: "open" });
  await till.captured(receipt("cash", 100, { externalId: "monday" }));
  await till.captured({ kind: "close" });
  const closed = await till.zReport(1);
  // Between two shifts of a day, and with another day's shift open.
  const first = await till.captured(receipt("cash", 7));
  till.clock.ms = Date.parse("2026-06-02T08:00:00Z");
  await till.captured({ kind: "open" });
  const customer = { email: "ada@example.org", givenName: "Ada" };
  const second = await till.captured(
    receipt("card", 50, { at: "2026-06-01T17:00:00Z", businessDay: DAY, customer }),
  );
  expect(first.flags).toEqual(["late"]);
  expect(second.flags).toEqual(["late"]);
  const events = await eventsOf(till);
  for (const { businessDay, shift } of events.filter(({ kind }) => kind === "claim")) {
    expect([businessDay, shift]).toEqual([DAY, undefined]);
  }
  const late = events.filter(({ flags }) => flags.includes("late"));
  expect(late.map(({ kind, shift }) => [kind, shift])).toEqual([
    ["sale", undefined],
    ["sale", undefined],
  ]);
  // Of Monday's receipt, but its money leaves the drawer that is open.
  const taken = await till.captured({ kind: "void", voids: "monday" });
  expect(taken.flags).toEqual([]);
  expect(await lastOf(till)).toMatchObject({
    businessDay: NEXT_DAY,
    shift: "1/5",
    body: { totalMinor: -100, tenders: [{ type: "cash", amountMinor: -100 }] },
  });
  const lateVoid = await till.captured({
    kind: "void",
    voids: first.receipt,
    businessDay: DAY,
  });
  expect(lateVoid.flags).toEqual(["late"]);

  await till.captured({ kind: "close" });
  expect((await till.zReport(2))?.figures.currencies["GBP"]).toMatchObject({
    sales: 0,
    voids: 1,
    tenders: { cash: -100 },
  });
  const amended = await till.zReport(1);
  expect(amended).toMatchObject({
    amendments: [
      { kind: "sale", receipt: first.receipt, totalMinor: 7 },
      { kind: "sale", receipt: second.receipt, tenders: [{ type: "card", amountMinor: 50 }] },
      { kind: "void", receipt: lateVoid.receipt, totalMinor: -7 },
    ],
  });
  expect({ ...amended, amendments: [] }, "as it was closed").toEqual(closed);
  expect(await till.day(DAY)).toMatchObject({
    shifts: [{ number: 1, state: "closed" }],
    amendments: amended!.amendments,
  });
});

test("REC1: a day may have a second shift: what it sells is its own, and neither late nor of the first", async () => {
  const till = await openTill();
  for (const minor of [100, 20]) {
    await till.captured({ kind: "open" });
    await till.captured(receipt("cash", minor));
    await till.captured({ kind: "close" });
  }
  expect((await till.day(DAY)).shifts).toEqual([
    { number: 1, state: "closed" },
    { number: 2, state: "closed" },
  ]);
  expect((await till.zReport(1))?.figures.currencies["GBP"]?.tenders).toEqual({ cash: 100 });
  expect((await till.zReport(2))?.figures.currencies["GBP"]?.tenders).toEqual({ cash: 20 });
  await till.captured(receipt("cash", 5));
  expect((await till.zReport(1))?.amendments).toEqual([]);
  expect((await till.zReport(2))?.amendments).toHaveLength(1);
});
