/** Golden records through the whole house: what head office pins, and by which rules, is what edge and tills show. */
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { contentOf, createHeadOffice, type CustomerView } from "./head-office.ts";
import { type House, openHouse, sale } from "./house.ts";
import { findSqld } from "./storage/sqld.ts";

const everywhere = (name: string) => ({ tills: [[name], [name]], edge: name, centre: name });

const WAIT = { timeout: 20_000, interval: 100 };

describe.skipIf(!findSqld())("golden records in the whole house", { timeout: 180_000 }, () => {
  const card = "4001";
  let house: House;
  let office: ReturnType<typeof createHeadOffice>;
  let customer: CustomerView;

  beforeAll(async () => {
    house = await openHouse(["store-1", "store-2"], 26_700);
    office = createHeadOffice(house);
    const name = (familyName: string) => ({ loyaltyNumber: card, givenName: "Kim", familyName });
    await house.capture(0, sale(100, name("Ashton-Blake")));
    await house.allGolden();
    await house.capture(1, sale(20, name("Ash")));
    await house.allGolden();
    const { customer: id } = await house.lookUpAtEdge({ loyaltyNumber: card });
    customer = await office.customer(id);
  }, 90_000);

  afterAll(() => house?.close());

  const familyNames = async () => {
    const tills = await Promise.all([0, 1].map((at) => house.lookUp(at, card, true)));
    return {
      tills: tills.map((found) => found.map(({ profile }) => profile.fields.familyName?.value)),
      edge: (await house.profile(customer.customer)).fields.familyName?.value,
      centre: (await office.customer(customer.customer)).golden.fields["familyName"]?.value,
    };
  };

  test("GLD1 GLD2: a pin shows at edge and tills, also over what is sold meanwhile, and `undo` restores what was", async () => {
    await expect.poll(familyNames, WAIT).toEqual(everywhere("Ash"));
    const before = contentOf(await house.profile(customer.customer));
    const record = customer.records[0]?.id;
    const pin = { id: "pin-1", kind: "pin", record, field: "familyName", value: "Ashton" };
    await office.decide(pin);
    await expect.poll(familyNames, WAIT).toEqual(everywhere("Ashton"));
    const found = await house.lookUp(0, card);
    expect(found[0]?.profile.fields.familyName?.pinned).toEqual({ by: "ada" });

    await office.undo("pin-1");
    await expect.poll(familyNames, WAIT).toEqual(everywhere("Ash"));
    expect(contentOf(await house.profile(customer.customer))).toEqual(before);

    await office.decide({ ...pin, id: "pin-2" });
    await expect.poll(familyNames, WAIT).toEqual(everywhere("Ashton"));
    const offline = { loyaltyNumber: card, familyName: "Ashby" };
    await house.till(1).uplink.cut();
    await house.capture(1, sale(3, offline));
    const [own] = await house.lookUp(1, card);
    expect([own?.profile.fields.familyName?.value, own?.pending]).toEqual(["Ashton", 2]);
    await house.till(1).uplink.restore();
    await house.allGolden();
    await office.undo("pin-2");
    await expect.poll(familyNames, WAIT).toEqual(everywhere("Ashby"));
  });

  test("GLD1 GLD2: a survivorship policy that is published changes what edge and tills show", async () => {
    const policy = {
      ...DEFAULT_POLICY,
      version: 2,
      fields: { ...DEFAULT_POLICY.fields, familyName: { strategy: "longest" } },
    };
    const changes = await house.centre("policy/dry-run", z.looseObject({}), { policy });
    expect(changes).toMatchObject({ changed: 1, fields: { familyName: { values: 1 } } });
    await house.centre("policy", z.object({ version: z.int() }), { policy, by: "ada" });
    const atEdge = async () => (({ edge, centre }) => ({ edge, centre }))(await familyNames());
    const { edge, centre } = everywhere("Ashton-Blake");
    await expect.poll(atEdge, WAIT).toEqual({ edge, centre });
    // Tills hear of it within `quietNoticeMs`, or at once with whatever else is new.
    await house.capture(0, sale(1, { loyaltyNumber: card }));
    await expect.poll(familyNames, WAIT).toEqual(everywhere("Ashton-Blake"));
  });
});
