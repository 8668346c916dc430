/** A till is let in and shut out on real processes: agents, workerd, centre. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type House, openHouse, sale } from "../house.ts";
import { findSqld } from "../storage/sqld.ts";

const tillsSchema = z.object({
  tills: z.array(z.object({ source: z.string(), revokedAt: z.string().nullable() })),
});
const healthSchema = z.object({ words: z.string() });

// Where npm has no libSQL server for the platform, this shows as skipped.
describe.skipIf(!findSqld())("a house with a till that is shut out", { timeout: 120_000 }, () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(["store-1", "store-2"], 26_100);
  }, 60_000);
  afterAll(() => house?.close(), 60_000);

  const wordsOf = async (at: number): Promise<string> =>
    healthSchema.parse(await (await fetch(`${house.till(at).url}/health`)).json()).words;
  const journaled = async (): Promise<number> =>
    (await house.system.centre.totals()).events["sale"] ?? 0;

  test("SEC1: every till of the house was enrolled with a code of its own", async () => {
    await house.capture(0, sale(100));
    await house.capture(1, sale(100));
    await house.allGolden();
    const { tills } = await house.centre("tills", tillsSchema);
    expect(tills).toEqual([
      { source: "till-1", revokedAt: null },
      { source: "till-2", revokedAt: null },
    ]);
  });

  test("SEC1 CAP1: revoked from head office, a till says so and sells on, and nothing of it arrives", async () => {
    const authorization = `Basic ${btoa(`console:${house.secrets.consolePassword}`)}`;
    const url = `${house.system.centreUrl}/v1/tills/till-1`;
    const answer = await fetch(url, { method: "DELETE", headers: { authorization } });
    expect(answer.status).toBe(204);
    const before = await journaled();
    const own = await house.capture(0, sale(7));
    expect(own.receipt).toMatch(/^till-1-/);
    await expect
      .poll(() => wordsOf(0), { timeout: 40_000 })
      .toContain("the office has revoked this till");
    await house.capture(1, sale(9));
    await expect.poll(journaled, { timeout: 40_000 }).toBe(before + 1);
    expect(await wordsOf(1)).toBe("all is well");
  });
});
