/**
 * The rehearsal of docs/deploy.md: the centre is wiped and last night's backup of it restored, while stores trade on. What edge
 * and stores replay makes it what it was, by digest.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { centreRows, differenceOf, digestsOf } from "./centre-digest.ts";
import { openWipedHouse, type WipedHouse } from "./house.ts";
import { isQuiet } from "./quiet.ts";

const WAIT = { timeout: 60_000, interval: 100 };

describe("last night's backup of the centre", { timeout: 180_000 }, () => {
  let house: WipedHouse;
  beforeAll(async () => {
    house = await openWipedHouse(27_600);
  }, 90_000);
  afterAll(() => house?.close());

  const digests = () => digestsOf(centreRows(house.database));

  test("SYN2 SYN8 GLD2: wiped and restored, it is what it was, from what edge and stores have", async () => {
    const { system, folder } = house;
    await house.trade("monday");
    // What is golden may still be told to the centre once more: then the backup is of the moment before.
    await expect.poll(() => isQuiet(house), WAIT).toBe(true);
    const backup = join(folder, "backup");
    await house.command("backup", "--part", "centre", "--from", house.database, "--to", backup);
    const atBackup = digests();
    await house.trade("tuesday");
    // A till that is on its own in the hour of the accident.
    await system.agents[2]!.uplink.cut();
    const feed = await system.centre.feed(null, 100);
    await expect.poll(() => isQuiet(house), WAIT).toBe(true);
    const before = centreRows(house.database);
    expect(digestsOf(before)).not.toEqual(atBackup);
    await system.restart("the centre", {
      between: async () => {
        await rm(join(folder, "centre"), { recursive: true });
        await house.command("restore", "--from", backup, "--to", join(folder, "centre"));
        expect(digests()).toEqual(atBackup);
        await house.capture(2, { email: "meanwhile@example.com" }, 4_000);
      },
    });
    // It may be equal for a moment before: with moves on their way still, which were decided upon when less had come.
    const lacks = async () =>
      (await isQuiet(house))
        ? differenceOf(before, centreRows(house.database))
        : ["something is under way"];
    await expect.poll(lacks, WAIT).toEqual([]);
    expect(digests()).toEqual(digestsOf(before));
    // Whoever reads the feed of ids begins anew, and the till that was on its own comes home.
    const { next } = await system.centre.feed(null, 100);
    expect(next.split("-")[0]).not.toBe(feed.next.split("-")[0]);
    await system.agents[2]!.uplink.restore();
    await house.allGolden();
    const { events, forks, quarantined } = await system.centre.totals();
    expect({ sales: events["sale"], forks, quarantined }).toEqual({
      sales: 2 * 27 + 1,
      forks: 0,
      quarantined: 0,
    });
  });
});
