/** Changing the secrets between centre and edge while tills go on selling: docs/deploy.md, step by step. */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type House, openHouse, sale } from "../house.ts";
import { findSqld } from "../storage/sqld.ts";

const NEW_TOKEN = "the-next-token-of-the-centre";
const NEW_SECRET = "the-next-secret-of-the-edge";

describe.skipIf(!findSqld())("secrets are changed", { timeout: 180_000 }, () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(["store-1", "store-2"], 27_620);
  }, 60_000);
  afterAll(() => house?.close());

  test("SYN2 SEC1: the centre's token and the edge's secret, and each sale becomes golden", async () => {
    const { system, secrets } = house;
    const end = new AbortController();
    let sold = 0;
    const selling = (async () => {
      while (!end.signal.aborted) {
        await house.capture(sold % 2, sale(100, { email: `c${sold % 7}@example.com` }));
        sold += 1;
        await wait(20);
      }
    })();
    const { centralToken: OLD_TOKEN, edgeSecret: OLD_SECRET } = secrets;
    const statusBy = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answers = await Promise.all([
        fetch(`${system.edgeUrl}/v1/status`, { headers }),
        fetch(`${system.centreUrl}/v1/totals`, { headers }),
      ]);
      return answers.map(({ status }) => status);
    };
    // Each part accepts the new one before the other sends it, and the old one until nobody does any more.
    await system.restart("the centre", { env: { REGULARS_CENTRAL_TOKEN_ALSO: NEW_TOKEN } });
    await system.restart("the edge", {
      env: {
        REGULARS_CENTRAL_TOKEN: NEW_TOKEN,
        REGULARS_CENTRAL_TOKEN_ALSO: OLD_TOKEN,
        REGULARS_EDGE_SECRET: NEW_SECRET,
        REGULARS_EDGE_SECRET_ALSO: OLD_SECRET,
      },
    });
    expect([await statusBy(OLD_TOKEN), await statusBy(NEW_TOKEN)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    await system.restart("the centre", {
      env: { REGULARS_CENTRAL_TOKEN: NEW_TOKEN, REGULARS_CENTRAL_TOKEN_ALSO: undefined },
    });
    await system.restart("the edge", {
      env: { REGULARS_CENTRAL_TOKEN_ALSO: undefined, REGULARS_EDGE_SECRET_ALSO: undefined },
    });
    expect([await statusBy(OLD_TOKEN), await statusBy(NEW_TOKEN)]).toEqual([
      [401, 401],
      [200, 200],
    ]);
    end.abort();
    await selling;
    await house.allGolden();
    const headers = { authorization: `Bearer ${NEW_TOKEN}` };
    const answer = await fetch(`${system.centreUrl}/v1/totals`, { headers });
    expect(await answer.json()).toMatchObject({
      events: { sale: sold },
      money: { GBP: { sale: sold * 100 } },
      forks: 0,
      quarantined: 0,
    });
    expect(sold).toBeGreaterThan(50);
  });
});
