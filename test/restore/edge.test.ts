/** The edge is wiped and an older backup of it restored: tills and centre tell it the rest, and connectors go on. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { request } from "../../local/system/request.ts";
import { centreRows, digestsOf } from "./centre-digest.ts";
import { openWipedHouse, type WipedHouse } from "./house.ts";

describe("last night's backup of the edge", { timeout: 180_000 }, () => {
  let house: WipedHouse;
  beforeAll(async () => {
    house = await openWipedHouse(27_610);
  }, 90_000);
  afterAll(() => house?.close());

  /** As an app reads it, without the numbers that count how often it was written. */
  async function profileOf(identifiers: object) {
    const headers = { authorization: `Bearer ${house.centralToken}` };
    const customers = `${house.system.edgeUrl}/v1/customers`;
    const found = z.object({ customer: z.string() });
    const { customer } = await request(`${customers}/lookup`, found, {
      headers,
      body: identifiers,
    });
    const {
      version: _v,
      golden: _g,
      ...content
    } = await request(`${customers}/${customer}/stored`, profileSchema, { headers });
    return content;
  }
  const everybody = () =>
    Promise.all(
      [
        { loyaltyNumber: "4711" },
        { email: "monday@example.com" },
        { email: "tuesday@example.com" },
        { loyaltyNumber: "card-tuesday" },
      ].map((each) => profileOf(each)),
    );

  test("SYN2 SYN3 SYN8: wiped and restored, it serves what it served, nothing counts twice, and tills and connectors go on", async () => {
    const { system, folder } = house;
    await house.trade("monday");
    const [data, backup] = [join(folder, "edge"), join(folder, "backup")];
    await house.command("backup", "--part", "edge", "--from", data, "--to", backup);
    await house.trade("tuesday");
    const [before, journals] = [await everybody(), digestsOf(centreRows(house.database))["event"]];
    await system.restart("the edge", {
      between: async () => {
        await rm(data, { recursive: true });
        await house.command("restore", "--from", backup, "--to", data);
        await house.capture(0, { email: "meanwhile@example.com" });
      },
    });
    await expect
      .poll(() => everybody().catch(() => null), { timeout: 90_000, interval: 250 })
      .toEqual(before);
    await house.allGolden();
    await house.trade("wednesday");
    const { events, forks, quarantined } = await system.centre.totals();
    expect({ sales: events["sale"], forks, quarantined }).toEqual({
      sales: 3 * 27 + 1,
      forks: 0,
      quarantined: 0,
    });
    expect(journals).not.toBe(digestsOf(centreRows(house.database))["event"]);
    // The other till of that store hears of what is new since, whatever its cursor was: of the two accounts that share this
    // address, who are two people, and of whoever gave it at a till.
    await expect
      .poll(() => house.namesAt(1, "wednesday@example.com"), { timeout: 30_000 })
      .toHaveLength(3);
  });
});
