/**
 * The rehearsal of docs/deploy.md: the centre is wiped and last night's backup of it restored, while stores trade on. What edge
 * and stores replay makes it what it was, by digest.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLadderBoard, untilGolden } from "../../local/system/ladder.ts";
import { findPorts } from "../../local/system/ports.ts";
import { ROOT } from "../../local/system/programs.ts";
import { openSecrets, type Secrets } from "../../local/system/secrets.ts";
import { startSystem, type System } from "../../local/system/system.ts";
import { sale } from "../house.ts";
import { openShop, type Shop } from "../shop.ts";
import { centreRows, digestsOf } from "./centre-digest.ts";

const FIRST_PORT = 47_600;
const STORES = ["store-1", "store-1", "store-2"];
const run = promisify(execFile);

/** As a person at the keyboard does. */
const command = (name: string, ...args: readonly string[]) =>
  run(process.execPath, [join(ROOT, `local/${name}.ts`), ...args], { cwd: ROOT });

describe("last night's backup of the centre", { timeout: 120_000 }, () => {
  let folder: string;
  let secrets: Secrets;
  let system: System;
  let shop: Shop;
  const stop = new AbortController();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "regulars-restore-"));
    secrets = await openSecrets(folder);
    const first = await findPorts(2 + 2 * STORES.length, FIRST_PORT);
    system = await startSystem(
      {
        folder,
        place: { zone: "Europe/London", country: "GB", currency: "GBP" },
        centrePort: first,
        edgePort: first + 1,
        agents: STORES.map((store, at) => ({
          source: `till-${at + 1}`,
          store,
          port: first + 2 + at,
          uplinkPort: first + 2 + STORES.length + at,
        })),
      },
      secrets,
      {
        onStart: () => undefined,
        onDeath: () => undefined,
        onGone: (failure) => stop.abort(failure),
        signal: stop.signal,
      },
    );
    shop = await openShop(system.edgeUrl, secrets.centralToken, [
      { id: "segment-web", kind: "segment" },
    ]);
  }, 60_000);

  afterAll(async () => {
    await system?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const database = () => join(folder, "centre", "centre.db");
  const capture = (at: number, input: Parameters<typeof sale>[1], pence = 100) =>
    system.agents[at]!.client.capture(sale(pence, input));
  const allGolden = () => untilGolden(createLadderBoard(system.agents), stop.signal, () => {});

  /** Until it says the same twice, so far apart that whatever is under way has come. */
  async function settledRows() {
    let seen = "";
    await expect
      .poll(
        () => {
          const before = seen;
          seen = JSON.stringify(digestsOf(centreRows(database())));
          return seen === before;
        },
        { timeout: 30_000, interval: 1_500 },
      )
      .toBe(true);
    return centreRows(database());
  }

  async function trade(key: string, round: string): Promise<void> {
    const anna = { loyaltyNumber: "4711", email: "anna@example.com", givenName: "Anna" };
    const known = [{ email: `${round}@example.com` }, anna, { phone: "020 7946 0001" }];
    for (let n = 0; n < 12; n++) {
      await capture(n % 3, known[n % known.length], 100 + n);
      await capture(n % 3, undefined, 7);
    }
    // Two who turn out to be one, and a note.
    await capture(0, { loyaltyNumber: `card-${round}` });
    await capture(2, { email: `card-${round}@example.com` });
    await capture(1, { loyaltyNumber: `card-${round}`, email: `card-${round}@example.com` });
    for (const userId of ["1", "2"]) {
      const traits = { email: `${round}@example.com`, firstName: `Web ${userId}` };
      const body = JSON.stringify({
        userId: `${round}-${userId}`,
        messageId: `${round}-${userId}`,
        traits,
      });
      const headers = { authorization: `Basic ${btoa(`${key}:`)}` };
      const { status } = await shop.send("/v1/identify", { method: "POST", headers, body });
      expect(status).toBe(200);
    }
    await allGolden();
  }

  test("SYN2 SYN8 GLD2: wiped and restored, it is what it was, from what edge and stores have", async () => {
    const key = await shop.keyOf("segment-web", ["segment"]);
    await trade(key, "monday");
    const backup = join(folder, "backup");
    await command("backup", "--part", "centre", "--from", database(), "--to", backup);
    const atBackup = digestsOf(centreRows(database()));

    await trade(key, "tuesday");
    // A till that is on its own in the hour of the accident.
    await system.agents[2]!.uplink.cut();
    const feed = await system.centre.feed(null, 100);
    const before = await settledRows();
    await system.restart("the centre", {
      between: async () => {
        await rm(join(folder, "centre"), { recursive: true });
        await command("restore", "--from", backup, "--to", join(folder, "centre"));
        expect(digestsOf(centreRows(database()))).toEqual(atBackup);
        await capture(2, { email: "meanwhile@example.com" }, 4_000);
      },
    });
    expect(digestsOf(before)).not.toEqual(atBackup);
    try {
      await expect
        .poll(() => digestsOf(centreRows(database())), { timeout: 25_000, interval: 250 })
        .toEqual(digestsOf(before));
    } catch (error) {
      const after = centreRows(database());
      for (const [table, rows] of Object.entries(before)) {
        const lost = rows.filter((row) => !after[table]?.includes(row));
        const more = after[table]?.filter((row) => !rows.includes(row));
        if (lost.length + (more?.length ?? 0) > 0)
          console.log(table, lost.slice(0, 3), more?.slice(0, 3));
      }
      throw error;
    }
    // Whoever reads the feed of ids begins anew, and the till that was on its own comes home.
    const { next } = await system.centre.feed(null, 100);
    expect(next.split("-")[0]).not.toBe(feed.next.split("-")[0]);
    await system.agents[2]!.uplink.restore();
    await allGolden();
    const { forks, quarantined, money } = await system.centre.totals();
    expect({ forks, quarantined, isThere: (money["GBP"]?.["sale"] ?? 0) > 4_000 }).toEqual({
      forks: 0,
      quarantined: 0,
      isThere: true,
    });
  });
});
