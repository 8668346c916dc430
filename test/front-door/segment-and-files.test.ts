/** Segment's messages and a till's log, over HTTP and by the import command, into the whole house: once, to the cent. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type House, openHouse } from "../house.ts";
import { openShop, type Shop } from "../shop.ts";
import { findSqld } from "../storage/sqld.ts";
import { allCounted, booksOf } from "./centre-books.ts";
import { codesOf, type Desk, expectUnderstood, openDesk } from "./desk.ts";
import { openPassage, runImport } from "./import-process.ts";
import { isDataThere, segmentSamples } from "./payloads.ts";
import { answerOf } from "./platforms.ts";
import { longLog } from "./poslog-file.ts";

const SEGMENT = {
  id: "segment-all",
  kind: "segment",
  shop: "segment-all",
  currency: "USD",
} as const;
const TILLS = {
  id: "old-tills",
  kind: "file",
  shop: "old-tills",
  realm: "old-tills",
  currency: "USD",
  country: "US",
  zone: "America/Los_Angeles",
  channel: "import",
} as const;

const SOLD = {
  type: "track",
  event: "Order Completed",
  userId: "u-1",
  messageId: "m-new",
  timestamp: "2026-05-02T10:00:00Z",
  properties: {
    order_id: "segment-own-1",
    currency: "USD",
    total: 12.5,
    products: [{ sku: "TEA", price: 6.25, quantity: 2 }],
  },
};
const OLDER = {
  ...SOLD,
  messageId: "m-old",
  timestamp: "2026-05-01T10:00:00Z",
  properties: { ...SOLD.properties, total: 99, products: [] },
};

const batch = (messages: readonly object[]): string => JSON.stringify({ batch: messages });

const summarySchema = z.object({
  records: z.int(),
  captures: z.int(),
  accepted: z.int(),
  duplicates: z.int(),
  failed: z.int(),
  refused: z.int(),
  money: z.record(z.string(), z.int()),
});

describe.skipIf(!findSqld())("Segment and files at the front door", { timeout: 180_000 }, () => {
  let house: House;
  let shop: Shop;
  let desk: Desk;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "regulars-front-door-"));
    house = await openHouse([], 27_200);
    shop = await openShop(house.system.edgeUrl, house.secrets.centralToken, [SEGMENT, TILLS]);
    desk = openDesk(house, shop);
  }, 90_000);

  afterAll(async () => {
    await house?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const post = (key: string, body: string) =>
    shop.send("/v1/batch", {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${key}:`)}`, "content-type": "application/json" },
      body,
    });

  test("ING1, SYN6: Segment's messages, with a wrong key, twice, out of order, cut off", async () => {
    const samples = segmentSamples();
    const all = batch([SOLD, { type: "track", event: "Seen" }, ...samples]);
    const key = await shop.keyOf(SEGMENT.id, ["segment"]);
    expect((await post("rk_wrong_key", all)).status).toBe(401);
    const cut = await post(key, all.slice(0, all.length >> 1));
    expect(await answerOf(cut)).toMatchObject({ status: 400, reason: "malformed_json" });
    const good = await answerOf(await post(key, all));
    expect((good.accepted ?? 0) + (good.duplicates ?? 0)).toBe(samples.length + 2);
    const twice = await answerOf(await post(key, all));
    expect(twice).toMatchObject({ status: 200, accepted: 0, duplicates: samples.length + 2 });
    const late = await answerOf(await post(key, batch([OLDER])));
    expect(late).toMatchObject({ status: 200, accepted: 1 });
    await allCounted(house, shop);

    // The one sale of the specification's examples has a revenue of 25, less a discount, and shipping and tax besides.
    const examples = isDataThere ? 2_750 : 0;
    expect((await booksOf(house))[SEGMENT.id]).toEqual({ USD: 1_250 + examples });
    const failed = await desk.failed(SEGMENT.id);
    expect(codesOf(failed)).toEqual({ not_json: 1, no_identity: isDataThere ? 5 : 1 });
    failed.forEach(expectUnderstood);
  });

  test("ING1, CAP6: a till's log is imported by a process that is killed when the edge has taken a part", async () => {
    const log = longLog();
    const file = join(folder, "day.xml");
    const account = join(folder, "account.json");
    await writeFile(file, log.xml);
    await writeFile(account, JSON.stringify(TILLS));
    const key = await shop.keyOf(TILLS.id, ["events"]);
    let group = 0;
    let posts = 0;
    const passage = await openPassage(house.system.edgeUrl, (path) => {
      if (!path.startsWith("/v1/import/")) return;
      posts += 1;
      // The edge has the second part, and nobody will hear of it.
      if (posts === 2) process.kill(-group, "SIGKILL");
    });
    const args = [file, "--format", "poslog", "--account", TILLS.id, "--account-file", account];
    const to = ["--edge", passage.url];
    try {
      const killed = await runImport([...args, ...to], key, (pid) => (group = pid));
      expect(killed).toMatchObject({ code: null, signal: "SIGKILL", stdout: "" });

      const resumed = await runImport([...args, ...to], key);
      expect(resumed.stderr).toMatch(/Goes on after [1-9]\d+ records\./);
      expect(resumed.code).toBe(0);
      const summary = summarySchema.parse(JSON.parse(resumed.stdout));
      expect(summary).toMatchObject({ records: log.transactions, failed: 0, refused: 0 });
      expect(summary.accepted + summary.duplicates).toBe(summary.captures);
      expect(summary.duplicates, "what was taken unheard").toBeGreaterThan(0);
      expect(summary.money).toEqual({ USD: log.totalMinor });
      await allCounted(house, shop);
      expect((await booksOf(house))[TILLS.id]).toEqual({ USD: log.totalMinor });

      const again = await runImport([...args, ...to], key);
      expect(summarySchema.parse(JSON.parse(again.stdout))).toMatchObject({
        accepted: 0,
        duplicates: summary.captures,
      });
    } finally {
      passage.close();
    }
    const cut = join(folder, "cut.xml");
    await writeFile(cut, log.xml.slice(0, log.xml.length >> 1));
    const refused = await runImport([cut, ...args.slice(1), "--edge", house.system.edgeUrl], key);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/cut\.xml: The body is not well-formed XML/);
    const wrongKey = await runImport([...args, "--edge", house.system.edgeUrl], "rk_wrong_key");
    expect(wrongKey).toMatchObject({ code: 1, stdout: "" });
    expect(wrongKey.stderr).toContain("The edge does not accept this key.");
    await allCounted(house, shop);
    expect((await booksOf(house))[TILLS.id]).toEqual({ USD: log.totalMinor });
    expect(await desk.failed(TILLS.id)).toEqual([]);
  });
});
