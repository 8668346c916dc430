/** Segment's own client, unmodified, against the whole house: disturbed on its way, and with the edge killed under it. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createClient } from "@libsql/client";
import { Analytics } from "@segment/analytics-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type House, openHouse } from "./house.ts";
import { openShop, type Shop } from "./shop.ts";
import { findSqld } from "./storage/sqld.ts";

const PEOPLE = 20;

const rowSchema = z.object({ kind: z.string(), n: z.int(), minor: z.int() });

/** Answers in the edge's place now and then: busy, broken, or not at all after the edge has taken it. */
async function openDisturbed(port: number) {
  let count = 0;
  const troubles = { busy: 0, broken: 0, cut: 0 };
  const pass = (from: IncomingMessage, to: ServerResponse, isCut: boolean): void => {
    const { method = "GET", url = "/", headers } = from;
    const onward = request({ port, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      if (isCut) return to.destroy();
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      return answer.pipe(to);
    });
    onward.on("error", () => to.destroy());
    from.pipe(onward);
  };
  const server = createServer((from, to) => {
    count += 1;
    if (count % 5 === 1) {
      troubles.busy += 1;
      to.writeHead(429, { "retry-after": "1" }).end();
    } else if (count % 5 === 2) {
      troubles.broken += 1;
      to.writeHead(503).end();
    } else {
      if (count % 5 === 3) troubles.cut += 1;
      pass(from, to, count % 5 === 3);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return { url: `http://127.0.0.1:${address.port}`, troubles, close: () => server.close() };
}

describe.skipIf(!findSqld())("Segment's client", { timeout: 240_000 }, () => {
  let house: House;
  let shop: Shop;

  beforeAll(async () => {
    house = await openHouse([], 26_000);
    shop = await openShop(house.system.edgeUrl, house.secrets.centralToken, [
      { id: "segment-web", kind: "segment" },
    ]);
  }, 60_000);

  afterAll(() => house?.close());

  test("ING1, SYN2: every call takes effect once, through 429s, 503s, lost answers and a killed edge", async () => {
    const writeKey = await shop.keyOf("segment-web", ["segment"]);
    const { port } = new URL(house.system.edgeUrl);
    const disturbed = await openDisturbed(Number(port));
    const analytics = new Analytics({
      writeKey,
      host: disturbed.url,
      flushAt: 10,
      flushInterval: 100,
      maxRetries: 30,
    });
    const failures: unknown[] = [];
    analytics.on("error", (error) => failures.push(error));
    for (let n = 0; n < PEOPLE; n++) {
      const who = { userId: `user-${n}`, anonymousId: `browser-${n}` };
      analytics.page({ anonymousId: `browser-${n}`, name: "Home", properties: { path: "/" } });
      analytics.identify({ ...who, traits: { email: `user-${n}@example.com`, firstName: "Ada" } });
      analytics.track({ ...who, event: "Product Viewed", properties: { sku: "TEA" } });
      analytics.track({
        ...who,
        event: "Order Completed",
        properties: {
          order_id: `order-${n}`,
          currency: "GBP",
          total: 10.1,
          products: [{ sku: "TEA", name: "Tea", price: 5.05, quantity: 2 }],
        },
      });
      analytics.group({ ...who, groupId: "club", traits: { name: "Tea club" } });
      analytics.alias({ userId: `user-${n}`, previousId: `browser-old-${n}` });
      if (n === PEOPLE / 2) {
        const edge = house.system.groups().find(({ kind }) => kind === "edge");
        process.kill(-edge!.group, "SIGKILL");
      }
    }
    await analytics.closeAndFlush({ timeout: 120_000 });
    disturbed.close();
    expect(failures).toEqual([]);
    for (const times of Object.values(disturbed.troubles)) expect(times).toBeGreaterThan(0);

    const database = createClient({ url: house.databaseUrl });
    const counted = async () => {
      const { rows } = await database.execute(
        "select kind, count(*) as n, coalesce(sum(total_minor), 0) as minor from event group by kind",
      );
      return Object.fromEntries(
        z
          .array(rowSchema)
          .parse(rows)
          .map(({ kind, n, minor }) => [kind, [n, minor]]),
      );
    };
    await expect
      .poll(counted, { timeout: 60_000, interval: 500 })
      .toMatchObject({ sale: [PEOPLE, PEOPLE * 1_010], order: [PEOPLE, 0] });
    // Once is never twice: what comes late would have come by the time that all of it is golden.
    const events = await counted();
    expect(events["behaviour"]).toEqual([3 * PEOPLE, 0]);
    database.close();
  });
});
