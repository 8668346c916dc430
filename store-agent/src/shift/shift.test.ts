/** A day at one drawer, on a real database file. */
import { merkleRoot, sortedHeads } from "@regulars/shared/shift/merkle";
import { expect, test } from "vitest";
import {
  counted,
  DAY,
  eventsOf,
  FLOAT,
  NEXT_DAY,
  receipt,
  refusalOf,
} from "../../testing/drawer.ts";
import { SOURCE } from "../../testing/settings.ts";
import { journalOf, openTill, type Till } from "../../testing/till.ts";

const lastOf = async (till: Till) => (await eventsOf(till)).at(-1)!;

test("REC1: a drawer is opened, used, counted blind and closed; its Z report says what came in, and the day is sealed", async () => {
  const till = await openTill();
  expect(await till.shift()).toEqual({ open: null, last: 0 });
  await till.captured({ kind: "open", float: FLOAT, staff: "ann" });
  const sold = await till.captured(receipt("cash", 2_500));
  await till.captured(receipt("card", 4_000));
  await till.captured(receipt("cash", -500, { kind: "return" }));
  await till.captured({ kind: "void", voids: sold.receipt });
  await till.captured(receipt("cash", 1_000));
  await till.captured({ kind: "drawer", action: "paid_out", amountMinor: 700, reason: "milk" });
  await till.captured({ kind: "drawer", action: "paid_in", amountMinor: 100, reason: "change" });
  await till.captured({ kind: "drawer", action: "no_sale", reason: "change for a note" });

  const { open } = await till.shift();
  expect(open).toMatchObject({
    number: 1,
    shift: "1/1",
    businessDay: DAY,
    staff: "ann",
    receipts: { sales: 3, returns: 1, voids: 1, adjustments: 0 },
    noSales: 1,
    cashless: { GBP: { card: 4_000 } },
    count: null,
    figures: null,
    compared: [],
  });
  expect(JSON.stringify(open), "nothing that cash follows from").not.toMatch(/"cash"|Minor/);

  // 10,000 float + 2,500 − 500 − 2,500 + 1,000 − 700 + 100.
  await till.captured(counted(9_700));
  expect((await till.shift()).open).toMatchObject({
    figures: { currencies: { GBP: { tenders: { cash: 500, card: 4_000 } } } },
    compared: [{ type: "cash", countedMinor: 9_700, expectedMinor: 9_900, differenceMinor: -200 }],
  });
  expect(await refusalOf(till, { kind: "close" })).toEqual({
    reason: "invalid_field",
    words: "reason is needed, for the count is over or short; the count stays",
  });
  expect((await till.shift()).open?.count?.counted).toHaveLength(1);
  const closed = await till.captured({ kind: "close", reason: "wrong_change", staff: "bo" });
  expect(closed).toMatchObject({ kind: "close", receipt: null, customer: null });

  const report = await till.zReport(1);
  expect(report).toMatchObject({
    number: 1,
    shift: "1/1",
    businessDay: DAY,
    staff: "bo",
    reason: "wrong_change",
    figures: {
      events: 8,
      noSales: 1,
      currencies: {
        GBP: {
          sales: 3,
          salesMinor: 7_500,
          returnsMinor: -500,
          voidsMinor: -2_500,
          tenders: { cash: 500, card: 4_000 },
          untenderedMinor: 0,
          floatMinor: 10_000,
          paidInMinor: 100,
          paidOutMinor: 700,
        },
      },
    },
    compared: [{ differenceMinor: -200 }],
    amendments: [],
  });
  const { body } = await lastOf(till);
  expect(report).toMatchObject(body);

  const [mine] = (await till.day(DAY)).heads;
  expect(mine).toMatchObject({ source: SOURCE, epoch: 1, seq: 11, hash: closed.hash });
  const other = { source: "till-0", epoch: 3, seq: 7, hash: "ab".repeat(32) };
  await till.captured({ kind: "seal", businessDay: DAY, heads: [other], staff: "bo" });
  const sealed = await lastOf(till);
  expect(sealed).toMatchObject({
    businessDay: DAY,
    body: { number: 1, heads: [other, mine], root: merkleRoot(sortedHeads([mine!, other])) },
  });
  expect(sealed.shift).toBeUndefined();
  expect((await till.day(DAY)).seal).toMatchObject({ number: 1, heads: [other, mine] });
});

test("REC1: what cannot be done is refused in words, and nothing is changed by it", async () => {
  const till = await openTill();
  const none = { reason: "conflict", words: "No shift is open here; open one first." };
  const noSale = { kind: "drawer", action: "no_sale", reason: "change" };
  for (const input of [noSale, counted(1), { kind: "close" }]) {
    expect(await refusalOf(till, input)).toEqual(none);
  }
  const seal = { kind: "seal", businessDay: DAY };
  expect(await refusalOf(till, seal)).toEqual({
    reason: "conflict",
    words: "No terminal has captured anything; nothing to seal.",
  });
  await till.captured({ kind: "open" });
  expect(await refusalOf(till, { kind: "open" })).toEqual({
    reason: "conflict",
    words: "Shift 1 is open; close it first.",
  });
  for (const businessDay of [DAY, NEXT_DAY]) {
    expect(await refusalOf(till, { ...seal, businessDay })).toEqual({
      reason: "conflict",
      words: "Shift 1 is open; close it before the day is sealed.",
    });
  }
  const own = { source: SOURCE, epoch: 9, seq: 1, hash: "ab".repeat(32) };
  expect(await refusalOf(till, { ...seal, heads: [own] })).toMatchObject({
    words: "heads name this terminal itself; its own head is taken from its journal",
  });
  const other = { ...own, source: "till-2" };
  expect(await refusalOf(till, { ...seal, heads: [other, other] })).toMatchObject({
    words: "heads name a journal twice",
  });
  expect(await refusalOf(till, { ...noSale, amountMinor: 5 })).toMatchObject({
    words: "amountMinor is more than nothing for money in or out, and 0 for a no-sale",
  });
  expect(await refusalOf(till, receipt("cash", 1, { flags: ["late"] }))).toMatchObject({
    words: "flags names what is late, which the till decides",
  });
  await till.captured({ kind: "close" });
  await till.captured(seal);
  expect(await refusalOf(till, seal)).toMatchObject({
    words: "The day has been sealed here before.",
  });
  expect(await refusalOf(till, { kind: "open" })).toMatchObject({
    words: "The day has been sealed here; what comes later is an amendment to it.",
  });
  expect((await journalOf(till.storage)).map(({ kind }) => kind)).toEqual([
    "open",
    "close",
    "seal",
  ]);
  await till.captured({ kind: "open", businessDay: NEXT_DAY });
});

test("REC1: a shift that nobody counted is closed all the same, and compares nothing", async () => {
  const till = await openTill();
  await till.captured({ kind: "open", float: FLOAT });
  await till.captured({ kind: "close" });
  expect(await till.zReport(1)).toMatchObject({ compared: [], count: null });
});

test("REC1: where the house wants it, the X report shows what should be there before anybody counts", async () => {
  const till = await openTill({ blindCount: false });
  await till.captured({ kind: "open", float: FLOAT });
  expect((await till.shift()).open?.figures).toMatchObject({
    currencies: { GBP: { floatMinor: 10_000 } },
  });
});

test("REC1: any count is taken, two bags are one sum, counted again the newest counts", async () => {
  const till = await openTill();
  await till.captured({ kind: "open", float: FLOAT });
  await till.captured(counted(-5));
  const bag = { type: "cash", currency: "GBP", pieces: { 5000: 1 } };
  const euros = { type: "cash", currency: "EUR", amountMinor: 300 };
  await till.captured({
    kind: "count",
    counted: [{ ...bag, amountMinor: 5_000 }, euros, { ...bag, amountMinor: 5_000 }],
  });
  await till.captured({ kind: "close", reason: "foreign_money" });
  expect((await till.zReport(1))?.compared).toEqual([
    {
      type: "cash",
      currency: "GBP",
      countedMinor: 10_000,
      expectedMinor: 10_000,
      differenceMinor: 0,
    },
    { type: "cash", currency: "EUR", countedMinor: 300, expectedMinor: 0, differenceMinor: 300 },
  ]);
  expect((await journalOf(till.storage)).filter(({ kind }) => kind === "count")).toHaveLength(2);
});

test("CAP6 REC1: each of it repeated under its key is captured once, also when it could not be done any more", async () => {
  const till = await openTill();
  const inputs = [
    { kind: "open", float: FLOAT },
    { kind: "drawer", action: "no_sale", reason: "change" },
    counted(10_000),
    { kind: "close" },
    { kind: "seal", businessDay: DAY },
  ].map((input, at) => ({ ...input, idempotencyKey: `k${at}` }));
  const first = [];
  for (const input of inputs) first.push(await till.captured(input));
  const again = [];
  for (const input of inputs) again.push(await till.captured(input));
  expect(again).toEqual(first.map((answer) => ({ ...answer, repeated: true })));
  expect(await journalOf(till.storage)).toHaveLength(inputs.length);
});

test("CAP5 REC1: more money than can be counted is refused, and the shift can be closed", async () => {
  const till = await openTill();
  await till.captured({ kind: "open" });
  const huge = receipt("cash", Number.MAX_SAFE_INTEGER);
  expect(await refusalOf(till, huge)).toMatchObject({
    words: "lines comes to more money than can be counted",
  });
  expect(await refusalOf(till, counted(Number.MAX_SAFE_INTEGER))).toMatchObject({
    words: "counted comes to more money than can be counted",
  });
  await till.captured(receipt("cash", 5));
  await till.captured({ kind: "close" });
  expect((await till.zReport(1))?.figures.currencies["GBP"]?.salesMinor).toBe(5);
});

test("CAP2 REC1: what arrives together, from the opening to the close, is folded in its order in one write", async () => {
  let writes = 0;
  const till = await openTill({
    write: (statements, storage) => {
      writes += 1;
      return storage.write(statements);
    },
  });
  const inputs = [
    receipt("cash", 1),
    { kind: "open" },
    receipt("cash", 2),
    { kind: "close" },
    receipt("cash", 4),
    { kind: "open" },
    receipt("cash", 8),
  ];
  const answers = await Promise.all(inputs.map((input) => till.capture(input)));
  expect(answers.map((answer) => answer.ok)).toEqual(inputs.map(() => true));
  expect(writes).toBe(1);
  expect((await till.zReport(1))?.figures.currencies["GBP"]?.tenders).toEqual({ cash: 2 });
  expect((await till.zReport(1))?.amendments).toMatchObject([{ totalMinor: 4 }]);
  await till.captured(counted(8));
  expect((await till.shift()).open?.compared).toMatchObject([{ differenceMinor: 0 }]);
});
