import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { eventSchema } from "@regulars/shared/events/event";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { resealedEpochOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { pushAll, receiptsAt, statusOf, strangerAfter } from "../../testing/both-lanes.ts";
import { createFakeEdge, profileAt } from "../../testing/fake-edge.ts";
import { IDENTITY, sale, SOURCE } from "../../testing/settings.ts";
import { openTill, temporaryFolder } from "../../testing/till.ts";
import { openHighWater } from "../db/high-water.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };
const key = identityKeyOf("email", ada.email, IDENTITY.pepper);

async function backUp(file: string, copy: string): Promise<void> {
  const client = createClient({ url: pathToFileURL(file).href });
  await client.execute({ sql: "vacuum into ?", args: [copy] });
  client.close();
}

test("SYN3: a database that is older than its high-water mark begins a new epoch, and its old rows still go", async () => {
  const edge = createFakeEdge();
  const dataDir = await temporaryFolder();
  const backup = join(await temporaryFolder(), "backup.db");
  const before = await openTill({ dataDir, edge });
  const kept = [await before.captured(sale({ customer: ada })), await before.captured(sale())];
  await before.close();
  await backUp(join(dataDir, "store-agent.db"), backup);
  const again = await openTill({ dataDir, edge });
  const lost = await again.captured(sale({ customer: ada }));
  await pushAll(again);
  await again.close();
  for (const file of ["", "-wal", "-shm"]) {
    await rm(join(dataDir, `store-agent.db${file}`), { force: true });
  }
  await copyFile(backup, join(dataDir, "store-agent.db"));

  const restored = await openTill({ dataDir, edge });
  const next = await restored.captured(sale({ customer: ada }));
  expect(next).toMatchObject({ epoch: 2, seq: 1 });
  // Receipt numbers go on where the lost ones had been.
  expect(next.receipt).toBe(`${SOURCE}-2-000004`);
  await pushAll(restored);
  expect(receiptsAt(edge)).toEqual([...kept, lost, next].map(({ receipt }) => receipt));
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(3);
  expect((await statusOf(restored)).closed).toMatchObject([{ epoch: 1, reason: "restored" }]);
});

test("SYN3: a folder that is no older than its mark goes on in its epoch", async () => {
  const dataDir = await temporaryFolder();
  for (let run = 1; run <= 3; run++) {
    const till = await openTill({ dataDir });
    expect(await till.captured(sale())).toMatchObject({ epoch: 1, seq: run });
    await till.close();
  }
});

test("SYN3: what is torn of a high-water mark is no mark", async () => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, "mark");
  const mark = openHighWater(file);
  expect(mark.read()).toBeNull();
  const drawer = { shifts: 3, seals: 1 };
  mark.raise({ source: "a", epoch: 1, seq: 7, receipts: 5, ...drawer });
  mark.raise({ source: "a", epoch: 1, seq: 8, receipts: 6, ...drawer });
  expect(mark.read()).toEqual({ source: "a", epoch: 1, seq: 8, receipts: 6, ...drawer });
  const bytes = await readFile(file);
  for (let at = 0; at < bytes.toString().trimEnd().length; at++) {
    const bent = Buffer.from(bytes);
    bent[at]! ^= 1;
    await writeFile(file, bent);
    expect(mark.read()).toBeNull();
  }
  mark.close();
});

test("SYN3: a till that the edge turns away begins a new epoch; what it had still goes under the old one", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  const receipts = [await till.captured(sale({ customer: ada })), await till.captured(sale())];
  edge.nextEpoch = 5;
  await till.sync.pull();
  receipts.push(await till.captured(sale({ customer: ada })));
  expect(receipts[2]).toMatchObject({ epoch: 5, seq: 1 });
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual(receipts.map(({ receipt }) => receipt));
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(2);
});

test("SYN2 SYN3: turned away by push and pull at the same moment, a till begins one epoch and seals nothing anew", async () => {
  const edge = createFakeEdge();
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  // The first push's answer arrives when the pull's has taken effect already.
  const till = await openTill({
    edge: {
      ...edge,
      async push(push) {
        const answer = await edge.push(push);
        asked.resolve();
        await released.promise;
        return answer;
      },
    },
  });
  const receipts = [await till.captured(sale({ customer: ada })), await till.captured(sale())];
  edge.nextEpoch = 2;
  const pushing = till.sync.push();
  await asked.promise;
  await till.sync.pull();
  released.resolve();
  await pushing;
  receipts.push(await till.captured(sale({ customer: ada })));
  expect(receipts[2]).toMatchObject({ epoch: 2, seq: 1 });
  await pushAll(till);
  // Under their own numbers: the other life may have sent the same rows already.
  expect(receiptsAt(edge)).toEqual(receipts.map(({ receipt }) => receipt));
  expect(edge.items.some(({ body }) => body.includes('"resealed"'))).toBe(false);
  expect(edge.items).toHaveLength(3);
});

test("SYN2 SYN3: rows whose numbers another machine's rows have taken are sealed anew, and take effect once", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  const shared = await till.captured(sale({ customer: ada, idempotencyKey: "a" }));
  await pushAll(till);
  // A sale and its claim are there; the other machine goes on from them.
  edge.items.push(strangerAfter(edge.items.at(-1)!));
  const own = [];
  for (let n = 0; n < LIMITS.resealRows + 5; n++) {
    edge.serverTimeMs = till.clock.ms += 1_000;
    own.push(
      await till.captured(sale({ idempotencyKey: `b${n}`, ...(n % 3 ? {} : { customer: ada }) })),
    );
  }
  const bodies = await rowsOf(
    till.storage,
    "select body, hash from journal where epoch = 1 and seq = 3",
  );
  const anew = resealedEpochOf(SOURCE, String(bodies[0]!["hash"]));
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual([shared.receipt, ...own.map(({ receipt }) => receipt)]);
  // Said when it was said, by whom it was said, under another number.
  const first = eventSchema.parse(JSON.parse(edge.itemsOf(anew)[0]!.body));
  const was = eventSchema.parse(JSON.parse(String(bodies[0]!["body"])));
  expect(first).toEqual({
    ...was,
    epoch: anew,
    seq: 1,
    stamp: was.stamp.replace("/1", `/${anew}`),
    resealed: { epoch: 1, seq: 3 },
  });
  const sales = own.filter((_, n) => n % 3 === 0).length;
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(sales + 1);
  // The till itself counts each of them once, too.
  const [found] = await till.lookup("ada@example.org");
  expect(found?.profile.totals["GBP"]?.sales).toBeGreaterThanOrEqual(sales);
  expect(found?.profile.totals["GBP"]?.sales).toBeLessThanOrEqual(sales + 1);

  const status = await statusOf(till);
  expect(status).toMatchObject({ epoch: 2, resealing: 0 });
  expect(status.closed.map(({ reason }) => reason)).toEqual(["fork", "resealed"]);
  expect(await till.captured(sale({ idempotencyKey: "b7" }))).toMatchObject({
    receipt: own[7]!.receipt,
    epoch: anew,
    seq: 8,
    repeated: true,
  });
  expect(await till.captured(sale())).toMatchObject({ epoch: 2, seq: 1 });
});

test("SYN3: sealing anew goes on after a crash at any of its writes", async () => {
  for (let crash = 1; crash <= 8; crash++) {
    const edge = createFakeEdge();
    const dataDir = await temporaryFolder();
    let writes = Infinity;
    const dying = await openTill({
      dataDir,
      edge,
      write: (statements, storage) => {
        writes -= 1;
        return writes < 0 ? Promise.reject(new Error("power cut")) : storage.write(statements);
      },
    });
    await dying.captured(sale());
    await pushAll(dying);
    edge.items.push(strangerAfter(edge.items[0]!));
    const own = [];
    for (let n = 0; n < LIMITS.resealRows * 2; n++) own.push(await dying.captured(sale()));
    writes = crash;
    await pushAll(dying).catch(() => undefined);
    await dying.close();
    const till = await openTill({ dataDir, edge });
    await pushAll(till);
    const receipts = receiptsAt(edge).slice(2);
    expect(receipts).toEqual(own.map(({ receipt }) => receipt));
  }
});

test("SYN1 SYN6: a row that is damaged on the disk is set aside whole, and those after it go on", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  const sales = [];
  for (let n = 0; n < 4; n++) sales.push(await till.captured(sale()));
  await till.storage.write([
    { sql: "update journal set body = replace(body, 'mug', 'mig') where seq = 2" },
  ]);
  await pushAll(till);
  const [first, , third, fourth] = sales.map(({ receipt }) => receipt);
  expect(receiptsAt(edge)).toEqual([first, third, fourth]);
  const [row] = await rowsOf(till.storage, "select epoch, seq, code, body from quarantine");
  expect(row).toMatchObject({ epoch: 1, seq: 2, code: "damaged_row" });
  expect(row?.["body"]).toContain("mig");
});

test("SYN3: a till that goes to another store begins a new epoch there; the old one stays the old store's", async () => {
  const edge = createFakeEdge();
  const dataDir = await temporaryFolder();
  const there = await openTill({ dataDir, edge });
  await there.captured(sale());
  await there.close();
  const here = await openTill({ dataDir, edge, store: "store-2" });
  await here.captured(sale());
  await pushAll(here);
  expect(edge.pushes.filter(({ items }) => items.length > 0)).toMatchObject([
    { epoch: 2, store: "store-2" },
    { epoch: 1, store: "store-1", closed: true },
  ]);
});
