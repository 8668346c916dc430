/** Who is who through the whole house: what resolution and head office decide is what edge and tills show, and back again. */
import { customerIdOf } from "@regulars/shared/ids";
import { identityKeyOf, type KeyKind } from "@regulars/shared/identity/key";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf, createHeadOffice, expectEverywhere, heldOf, summaryOf } from "./head-office.ts";
import { type House, openHouse, sale } from "./house.ts";
import { findSqld } from "./storage/sqld.ts";

const consent = (purpose: string, state: "granted" | "withdrawn") => [
  { purpose, channel: "email", state },
];

describe.skipIf(!findSqld())("who is who in the whole house", { timeout: 180_000 }, () => {
  let house: House;
  let office: ReturnType<typeof createHeadOffice>;

  beforeAll(async () => {
    house = await openHouse(["store-1", "store-2", "store-1"], 26_200);
    office = createHeadOffice(house);
  }, 60_000);

  afterAll(() => house?.close());

  const keyOf = (kind: KeyKind, value: string) => identityKeyOf(kind, value, house.secrets.pepper);
  const idOf = (kind: KeyKind, value: string) => customerIdOf(keyOf(kind, value));
  const recordOf = (at: number, kind: KeyKind, value: string) =>
    `till-${at + 1}/1/${keyOf(kind, value)}`;
  /** Of the old card and the new one. */
  const ids = () => [idOf("loyalty", "1001"), idOf("loyalty", "2002")] as const;
  const allSay = async () => ({
    edge: await Promise.all(ids().map(async (id) => contentOf(await house.profile(id)))),
    centre: await Promise.all(ids().map(async (id) => heldOf(await office.customer(id)))),
    tills: [
      (await house.lookUp(0, "1001")).map(({ profile }) => profile),
      (await house.lookUp(1, "2002")).map(({ profile }) => profile),
    ],
  });

  test("IDN1 IDN6 IDN7: mother and child with one phone are two customers everywhere, and a question to head office", async () => {
    const phone = "020 7946 0001";
    const ruth = {
      loyaltyNumber: "5001",
      phone,
      givenName: "Ruth",
      familyName: "Hale",
      birthDate: "1971-03-02",
    };
    const finn = { phone, givenName: "Finn", familyName: "Hale", birthDate: "2008-11-23" };
    await house.capture(0, { ...sale(1_000, ruth), consents: consent("marketing", "granted") });
    await house.capture(1, sale(20, finn));
    await house.capture(1, { kind: "note", customer: finn, text: "allergic to nuts" });
    await house.capture(0, sale(3, finn));
    await house.capture(1, sale(400, ruth));
    await house.allGolden();

    const mother = idOf("loyalty", "5001");
    const seen = await house.lookUp(1, phone);
    const child = seen.find(({ customer }) => customer !== mother)?.customer ?? "";
    const consents = { "marketing/email": "granted" } as const;
    await expectEverywhere(house, phone, [
      { customer: mother, name: "Ruth", sales: 2, minor: 1_400, consents, notes: [] },
      {
        customer: child,
        name: "Finn",
        sales: 2,
        minor: 23,
        consents: {},
        notes: ["allergic to nuts"],
      },
    ]);
    expect(await office.potentialMatches()).toContainEqual({
      customers: [mother, child].toSorted(),
      reasons: ["household"],
    });
    for (const id of [mother, child]) {
      expect((await office.customer(id)).records).toHaveLength(2);
    }
  });

  describe("IDN1 IDN7: an old and a new card of one person", () => {
    const old = { loyaltyNumber: "1001", givenName: "Edith", familyName: "Marsh" };
    const young = { loyaltyNumber: "2002", givenName: "Edie", familyName: "Marsh-Lane" };
    const first = {
      name: "Edith",
      sales: 1,
      minor: 500,
      consents: { "marketing/email": "granted", "service/email": "granted" } as const,
      notes: ["likes oolong"],
    };
    const second = {
      name: "Edie",
      sales: 1,
      minor: 70,
      consents: { "marketing/email": "withdrawn" } as const,
      notes: ["moved house"],
    };
    const both = {
      name: "Edie",
      sales: 2,
      minor: 570,
      consents: { "marketing/email": "withdrawn", "service/email": "granted" } as const,
      notes: ["likes oolong", "moved house"],
    };

    test("`same` shows one customer everywhere, `undo` both as they were, to the letter", async () => {
      const consents = [...consent("marketing", "granted"), ...consent("service", "granted")];
      await house.capture(0, { ...sale(500, old), consents });
      await house.capture(0, { kind: "note", customer: old, text: "likes oolong" });
      await house.allGolden();
      await house.capture(1, { ...sale(70, young), consents: consent("marketing", "withdrawn") });
      await house.capture(1, { kind: "note", customer: young, text: "moved house" });
      await house.allGolden();
      const [winner, loser] = ids();
      await expectEverywhere(house, "1001", [{ customer: winner, ...first }]);
      await expectEverywhere(house, "2002", [{ customer: loser, ...second }]);
      const before = await allSay();

      const sides = { a: { customer: winner }, b: { customer: loser } };
      await office.decide({ id: "same-1", kind: "same", ...sides });
      for (const card of ["1001", "2002"]) {
        await expectEverywhere(house, card, [{ customer: winner, ...both }]);
      }
      await expect
        .poll(async () => (await house.profile(loser)).customer, { timeout: 20_000 })
        .toBe(winner);
      expect((await office.customer(loser)).customer).toBe(winner);

      await office.undo("same-1");
      await expectEverywhere(house, "1001", [{ customer: winner, ...first }]);
      await expectEverywhere(house, "2002", [{ customer: loser, ...second }]);
      expect(await allSay()).toEqual(before);
    });

    test("what is sold in between is with the right one after `undo`", async () => {
      const [winner, loser] = ids();
      const sides = { a: { customer: winner }, b: { customer: loser } };
      await office.decide({ id: "same-2", kind: "same", ...sides });
      await expectEverywhere(house, "2002", [{ customer: winner, ...both }]);
      await house.capture(0, sale(3_000, young));
      await house.capture(1, sale(40_000, old));
      await house.till(2).uplink.cut();
      await house.capture(2, sale(9, young));
      await expect
        .poll(async () => summaryOf(await house.profile(winner)), { timeout: 20_000 })
        .toMatchObject({ sales: 4, minor: 43_570 });
      await office.undo("same-2");
      await house.till(2).uplink.restore();
      await house.allGolden();
      await expectEverywhere(house, "1001", [
        { customer: winner, ...first, sales: 2, minor: 40_500 },
      ]);
      await expectEverywhere(house, "2002", [
        { customer: loser, ...second, sales: 3, minor: 3_079 },
      ]);
    });
  });

  test("IDN1 IDN6: who shares an e-mail is parted by `different`, and what comes late joins the right one", async () => {
    const email = "office@fields.example";
    const jo = { loyaltyNumber: "7001", email, givenName: "Jo", familyName: "Field" };
    const sam = { email, phone: "020 7946 0077" };
    await house.till(2).uplink.cut();
    await house.capture(2, sale(5, jo));
    await house.capture(2, sale(60, sam));
    await house.capture(0, sale(700, jo));
    await house.capture(1, sale(8_000, sam));
    const one = idOf("loyalty", "7001");
    const total = async () => summaryOf(await house.profile(one)).minor;
    await expect.poll(total, { timeout: 20_000 }).toBe(8_700);
    await expect.poll(async () => (await office.customer(one)).records.length).toBe(2);

    const { customers } = await office.decide({
      id: "apart",
      kind: "different",
      a: { records: [recordOf(0, "loyalty", "7001")] },
      b: { records: [recordOf(1, "email", email)] },
    });
    const other = customers.find((id) => id !== one) ?? "";
    await expect.poll(total, { timeout: 20_000 }).toBe(700);
    await house.till(2).uplink.restore();
    await house.allGolden();
    const parted = [
      { customer: one, name: "Jo", sales: 2, minor: 705 },
      { customer: other, name: undefined, sales: 2, minor: 8_060 },
    ];
    await expectEverywhere(house, email, parted);
    await expectEverywhere(house, "7001", parted.slice(0, 1));
    await expectEverywhere(house, "020 7946 0077", parted.slice(1));
  });
});
