/** A sale on its way through the whole house: real agents, real workerd, and the centre on a real libSQL server. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { CaptureAnswer, CaptureRequest } from "../local/system/agent-client.ts";
import { createLadderBoard, untilGolden } from "../local/system/ladder.ts";
import { findPorts } from "../local/system/ports.ts";
import { openSecrets, type Secrets } from "../local/system/secrets.ts";
import { type Agent, startSystem, type System } from "../local/system/system.ts";
import { findSqld, type SqldServer, startSqld } from "./storage/sqld.ts";

const sqldBinary = findSqld();

const TELL = { onStart: () => undefined, onDeath: () => undefined };
const lookupSchema = z.object({
  results: z.array(
    z.object({ customer: z.string(), profile: profileSchema.partial(), pending: z.int() }),
  ),
});

const sale = (pence: number, customer?: Record<string, string>): CaptureRequest => ({
  kind: "sale",
  lines: [{ sku: "tea", quantity: "1", amountMinor: pence }],
  ...(customer ? { customer } : {}),
});

// Where npm has no libSQL server for the platform, this shows as skipped.
describe.skipIf(!sqldBinary)(
  "the whole house, its centre on a libSQL server",
  { timeout: 180_000 },
  () => {
    const stop = new AbortController();
    const confirmed = new Map<string, CaptureAnswer[]>();
    let folder: string;
    let sqld: SqldServer;
    let system: System;
    let secrets: Secrets;

    beforeAll(async () => {
      if (!sqldBinary) throw new Error("skipped without a libSQL server");
      folder = await mkdtemp(join(tmpdir(), "regulars-house-"));
      sqld = await startSqld(sqldBinary);
      secrets = await openSecrets(folder);
      const first = await findPorts(6, 45_000);
      const agents = ["till-1", "till-2"].map((source, at) => ({
        source,
        store: `store-${at + 1}`,
        port: first + 2 + at,
        uplinkPort: first + 4 + at,
      }));
      system = await startSystem(
        {
          folder,
          place: { zone: "Europe/London", country: "GB", currency: "GBP" },
          centrePort: first,
          edgePort: first + 1,
          database: sqld.url,
          agents,
        },
        secrets,
        { ...TELL, onGone: (failure) => stop.abort(failure), signal: stop.signal },
      );
    }, 60_000);

    afterAll(async () => {
      await system?.stop();
      await sqld?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const till = (at: number): Agent => system.agents[at]!;

    async function capture(at: number, input: CaptureRequest): Promise<CaptureAnswer> {
      const answer = await till(at).client.capture(input);
      const { source } = till(at);
      confirmed.set(source, [...(confirmed.get(source) ?? []), answer]);
      return answer;
    }

    async function lookUp(at: number, query: string) {
      const response = await fetch(`${till(at).url}/v1/lookup`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${secrets.localToken}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ query }),
      });
      return lookupSchema.parse(await response.json()).results;
    }

    const totalsSeen = async (at: number, query: string) =>
      (await lookUp(at, query)).map(({ profile }) => profile.totals?.["GBP"]);

    const allGolden = () =>
      untilGolden(createLadderBoard(system.agents), stop.signal, () => undefined);

    test("SYN2, EDG2, EDG4: captured offline, pushed into an edge that is killed: every sale once at the centre", async () => {
      const anna = { email: "anna@example.com", givenName: "Anna", loyaltyNumber: "4711" };
      await capture(0, sale(1_000, anna));
      await till(0).uplink.cut();
      for (let n = 1; n <= 40; n++) {
        await capture(0, sale(n, n % 2 === 0 ? { loyaltyNumber: "4711" } : undefined));
        await capture(
          1,
          sale(100 + n, { email: n % 2 === 0 ? "anna@example.com" : `c${n}@example.com` }),
        );
      }
      const [offline] = await lookUp(0, "4711");
      expect(offline?.profile.totals?.["GBP"]?.sales, "known without a network").toBeGreaterThan(
        20,
      );

      await till(0).uplink.restore();
      for (let kill = 0; kill < 3; kill++) {
        const edge = system.groups().find(({ kind }) => kind === "edge");
        process.kill(-edge!.group, "SIGKILL");
        for (let n = 0; n < 10; n++) await capture(kill % 2, sale(7, anna));
      }
      await allGolden();

      for (const { source } of system.agents) {
        const journal = await till(
          system.agents.findIndex((each) => each.source === source),
        ).client.journal(0, 1_000);
        const centre = await system.centre.events({ source, epoch: 1, after: 0, limit: 1_000 });
        expect(centre.map(({ seq, hash }) => ({ seq, hash }))).toEqual(
          journal.map(({ seq, hash }) => ({ seq, hash })),
        );
        const hashes = new Set(centre.map(({ hash }) => hash));
        for (const answer of confirmed.get(source) ?? []) expect(hashes).toContain(answer.hash);
      }
      const { events, money, forks, quarantined } = await system.centre.totals();
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
      const response = await fetch(`${system.edgeUrl}/v1/customers/lookup`, {
        method: "POST",
        headers: { authorization: `Bearer ${secrets.appToken}` },
        body: JSON.stringify({ email: "Anna@Example.com" }),
      });
      const { profile } = z.object({ profile: profileSchema }).parse(await response.json());
      expect(profile).toMatchObject({
        totals: { GBP: expected },
        fields: { givenName: { value: "Anna" } },
      });
      expect(profile.golden).toBeGreaterThan(0);
    });

    test("SYN6: one call at the centre replays at the edge and at the centre", async () => {
      const before = await system.centre.totals();
      const client = createClient({ url: sqld.url });
      // As a centre would have left it that did not know the kind.
      await client.execute(
        `update event set kind = null, key = null, currency = null, total_minor = null,
           quarantined = 'not_an_event' where source = 'till-1' and seq in (1, 2)`,
      );
      client.close();
      expect(await system.centre.totals()).toMatchObject({ quarantined: 2 });
      const replay = async () => {
        const response = await fetch(`${system.centreUrl}/v1/quarantine/replay`, {
          method: "POST",
          headers: { authorization: `Basic ${btoa(`console:${secrets.consolePassword}`)}` },
          body: "{}",
        });
        return response.json();
      };
      // Without `edge`: that one was reached, and had nothing in quarantine.
      expect(await replay()).toEqual({ replayed: 2, kept: 0, more: false });
      expect(await system.centre.totals()).toEqual(before);
      expect(await replay()).toEqual({ replayed: 0, kept: 0, more: false });
    });
  },
);
