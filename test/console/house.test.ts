/** Head office of a whole house: days that its tills have closed without it, what it finds in them, and people who work on that. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { House } from "../house.ts";
import { findSqld } from "../storage/sqld.ts";
import { isWalked, type Look, LOOKS, WALKED, walk } from "./browser.ts";
import { CHECKED, complete, type Office, openOffice, STORES } from "./house-office.ts";
import {
  arrangeAlerts,
  expectFine,
  manageTills,
  signIn,
  takeFile,
  workQuestion,
} from "./house-work.ts";
import { createShopDay, FLOAT_MINOR, gbp, PAID_OUT_MINOR, total } from "./shop-day.ts";

const DAY_MS = 86_400_000;
/** Days that are over in every zone that a test may run in. */
const dayBefore = (days: number): string =>
  new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const [QUIET, BAD, TODAY] = [dayBefore(2), dayBefore(1), dayBefore(0)];

const ANNA = { email: "anna@example.com", givenName: "Anna", loyaltyNumber: "4711" };

const [DESKTOP, PHONE] = WALKED as [Look, Look];

const NAVIGATION = [
  ["today", `/?day=${BAD}`],
  ["exceptions", "/exceptions"],
  ["settlement", "/settlement"],
  ["customers", "/customers"],
  ["matches", "/matches"],
  ["intake", "/intake"],
  ["sources", "/sources"],
  ["quality", "/quality"],
  ["policy", "/policy"],
  ["alerts", "/alerts"],
  ["audit", "/audit"],
  ["people", "/people"],
] as const;
const BEHIND = [
  ["store", "/stores/store-1"],
  ["store-day", `/stores/store-1/${BAD}`],
  ["store-day-whole", `/stores/store-1/${QUIET}`],
  ["rows", `/stores/store-1/${BAD}/rows`],
  ["settlement-file", "/settlement/files/1"],
  ["source", "/sources/till-1"],
  ["enrol", "/sources/enrol"],
  ["rules", "/alerts/rules"],
  ["ways", "/alerts/ways"],
  ["differences", "/alerts/differences"],
] as const;

// Where npm has no libSQL server for the platform, this shows as skipped.
describe.skipIf(!findSqld())("head office and its stores", { timeout: 180_000 }, () => {
  let office: Office;
  let house: House;

  beforeAll(async () => {
    office = await openOffice();
    ({ house } = office);
  }, 60_000);
  afterAll(() => office?.close(), 60_000);

  test("REC1, REC2, SYN2: with the centre away all day, the day closes complete in the evening by itself", async () => {
    const shop = createShopDay(house, QUIET);
    await office.centreLeaves();
    const cash = [0, 0, 0];
    const net = { "store-1": 0, "store-2": 0 } as Record<string, number>;
    let annaMinor = 0;
    for (const at of STORES.keys()) await shop.open(at);
    for (let n = 0; n < 18; n += 1) {
      for (const [at, store] of STORES.entries()) {
        const minor = 199 + ((n * 137 + at * 51) % 4_000);
        const tender =
          n % 3 === 0 ? gbp("cash", minor) : gbp("card", minor, `pay-${QUIET}-${at}-${n}`);
        // With the card in one store, by e-mail in the other.
        const isAnna = n % 6 === 0;
        const { loyaltyNumber: _, ...byMail } = ANNA;
        const customer = isAnna ? { customer: at === 2 ? byMail : ANNA } : {};
        await shop.sell(at, { hour: 9 + (n % 9), tenders: [tender], ...customer });
        if (tender.type === "cash") cash[at]! += minor;
        if (isAnna) annaMinor += minor;
        net[store]! += minor;
      }
    }
    await shop.takeBack(1, 150);
    await shop.payOut(0);
    const expected = [cash[0]! - PAID_OUT_MINOR, cash[1]! - 150, cash[2]!];
    for (const at of STORES.keys()) await shop.close(at, FLOAT_MINOR + expected[at]!);
    await shop.seal(0, [1]);
    await shop.seal(2, []);
    net["store-1"]! -= 150;
    // The edge has all of it, and nobody to tell it to.
    await expect
      .poll(async () => (await house.till(0).client.status()).total, CHECKED)
      .toMatchObject({ accepted: 24, golden: 0 });
    const health = fetch(`${house.system.centreUrl}/health`, { signal: AbortSignal.timeout(200) });
    await expect(health).rejects.toThrow(/timeout/i);

    await office.centreComesBack();
    await expect
      .poll(() => office.stateOf(QUIET), CHECKED)
      .toEqual([complete("store-1"), complete("store-2")]);

    for (const { store, figures } of await office.standing(QUIET)) {
      const paid = { cash: 0, card: 0 };
      paid.cash = store === "store-1" ? cash[0]! + cash[1]! - 150 : cash[2]!;
      paid.card = net[store]! - paid.cash;
      expect(figures).toMatchObject({
        sales: store === "store-1" ? 36 : 18,
        returns: store === "store-1" ? 1 : 0,
        netMinor: { GBP: net[store] },
        tenders: { cash: { GBP: paid.cash }, card: { GBP: paid.card } },
      });
      expect(figures.root).toMatch(/^[0-9a-f]{16}/);
    }
    const { events, money: sums, forks, quarantined } = await house.system.centre.totals();
    expect(events).toMatchObject({ sale: 54, return: 1, open: 3, count: 3, close: 3, seal: 2 });
    expect(sums["GBP"]).toEqual({ sale: net["store-1"]! + 150 + net["store-2"]!, return: -150 });
    expect([forks, quarantined]).toEqual([0, 0]);
    const totals = { sales: 9, returns: 0, minor: annaMinor };
    await expect
      .poll(async () => (await house.lookUpAtEdge({ email: ANNA.email })).totals["GBP"], CHECKED)
      .toEqual(totals);
    const seen = async () =>
      (await house.lookUp(2, ANNA.email)).map(({ profile }) => profile.totals["GBP"]);
    await expect.poll(seen, CHECKED).toEqual([totals]);
  });

  test("REC2: of a day with five mistakes exactly those five are found, each where it is and by how much", async () => {
    const shop = createShopDay(house, BAD);
    for (const at of STORES.keys()) await shop.open(at);
    const paid = await shop.sell(0, { hour: 10, tenders: [gbp("card", 2_599, "psp-1")] });
    const unsettled = await shop.sell(0, { hour: 11, tenders: [gbp("card", 3_050, "psp-2")] });
    const differing = await shop.sell(1, { hour: 11, tenders: [gbp("card", 4_000, "psp-3")] });
    const mistaken = await shop.sell(1, {
      hour: 12,
      tenders: [gbp("cash", 900)],
      totalMinor: 1_000,
      customer: ANNA,
    });
    await shop.sell(2, { hour: 12, tenders: [gbp("cash", 1_250)] });
    const short = await shop.close(0, FLOAT_MINOR, { offMinor: -800, reason: "wrong_change" });
    await shop.close(1, FLOAT_MINOR + 900);
    await shop.close(2, FLOAT_MINOR + 1_250);
    await shop.seal(0, [1]);
    await shop.seal(2, []);
    // The next morning somebody finds a slip of the evening before.
    await house.capture(1, { kind: "open", businessDay: TODAY, float: [] });
    const late = await house.capture(1, {
      kind: "sale",
      businessDay: BAD,
      lines: [{ sku: "tea", quantity: "1", amountMinor: 660 }],
      tenders: [gbp("cash", 660)],
    });
    expect([mistaken.flags, late.flags]).toEqual([["tenders_differ"], ["late"]]);
    await house.allGolden();
    await office.settle(
      ["Reference,Amount,Fee,Date", `psp-1,25.99,0.31,${BAD}`, `psp-3,39.00,0.42,${BAD}`].join(
        "\n",
      ),
    );

    const found = (kind: string, till: number, { seq }: { seq: number }, amountMinor: number) => ({
      kind,
      source: house.till(till).source,
      seq,
      amountMinor,
      state: "open",
    });
    const expected = [
      found("card_unsettled", 0, unsettled, 3_050),
      found("late_sale", 1, late, 660),
      found("over_short", 0, short, -800),
      found("settled_differs", 1, differing, -100),
      found("tenders_differ", 1, mistaken, -100),
    ];
    const seen = async () => {
      const day = await office.storeDay("store-1", BAD);
      const { state, waiting, dueMs, exceptions } = day;
      const sorted = exceptions.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
      return { state, waiting, isDue: dueMs !== null, exceptions: sorted };
    };
    await expect
      .poll(seen, CHECKED)
      .toMatchObject({ state: "in_question", waiting: [], isDue: false, exceptions: expected });
    expect(paid.seq).toBeLessThan(unsettled.seq);
    const [store1] = await office.standing(BAD);
    expect(store1?.figures).toMatchObject({
      netMinor: { GBP: total([gbp("card", 9_649)]) + 1_000 + 660 },
      overShortMinor: { GBP: -800 },
      lateMinor: { GBP: 660 },
    });
    // Nothing of it is about the other store, nor about the day before.
    await expect
      .poll(async () => [await office.stateOf(QUIET), (await office.stateOf(BAD))[1]], CHECKED)
      .toEqual([[complete("store-1"), complete("store-2")], complete("store-2")]);
  });

  test.each(LOOKS)("every page of that house is legible and fits: $name", async (look) => {
    await walk(house.system.centreUrl, look, async (page) => {
      await page.goto("/");
      await signIn(page, "console", house.secrets.consolePassword);
      for (const [place, path] of isWalked(look) ? [...NAVIGATION, ...BEHIND] : NAVIGATION) {
        const answer = await page.goto(path);
        expect([place, answer?.status()]).toEqual([place, 200]);
        await expectFine(page, look, `house-${place}`);
      }
    });
  });

  test.each([
    { ...DESKTOP, kind: "over_short", till: "till-2" },
    { ...PHONE, kind: "tenders_differ", till: "till-3" },
  ])(
    "SEC1, REC2: a day's work at head office by keyboard alone: $name",
    async ({ kind, till, ...look }) => {
      const { n } = await office.asked(BAD, kind);
      await walk(house.system.centreUrl, look, async (page) => {
        await workQuestion(page, look, house, { n, store: "store-1", day: BAD });
      });
      expect((await office.asked(BAD, kind)).state).toBe("approved");
      await walk(house.system.centreUrl, look, async (page) => {
        await page.goto("/alerts");
        await signIn(page, "console", house.secrets.consolePassword);
        const before = office.told.length;
        await arrangeAlerts(page, look);
        expect(office.told.slice(before)).toEqual([
          expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/),
        ]);
        const line = `psp-${look.name},12.00,0.10,GBP,${BAD},store-2`;
        const csv = `Reference,Amount,Fee,Currency,Date,Store\n${line}\n`;
        await takeFile(page, look, `${look.name}.csv`, csv);
        await manageTills(page, look, till);
      });
      // What was settled and never sold is asked about at the other store.
      const unknown = async () =>
      (await office.storeDay("store-2", BAD)).exceptions.map((each) => [each.kind, each.amountMinor]); // prettier-ignore
      await expect.poll(unknown, CHECKED).toContainEqual(["settled_unknown", 1_200]);
    },
  );
});
