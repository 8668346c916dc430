import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { pushAll, receiptsAt, statusOf, strangerAfter } from "../../testing/both-lanes.ts";
import { createFakeEdge, type FakeEdge } from "../../testing/fake-edge.ts";
import { sale, SOURCE, STORE } from "../../testing/settings.ts";
import { openTill, type Till } from "../../testing/till.ts";
import { cutStatements } from "../journal/reseal.ts";

const SALES = 24;

async function sellGolden(): Promise<{ till: Till; edge: FakeEdge; receipts: string[] }> {
  const edge = createFakeEdge();
  edge.goldenBut = 0;
  const till = await openTill({ edge });
  const receipts: string[] = [];
  for (let n = 0; n < SALES; n++) receipts.push((await till.captured(sale())).receipt!);
  await pushAll(till);
  await till.sync.pull();
  return { till, edge, receipts };
}

async function loseDisk(till: Till, edge: FakeEdge, keeps = 0): Promise<void> {
  edge.items.length = keeps;
  edge.goldenBut = null;
  edge.marks = { accepted: keeps, merged: 0, golden: 0 };
  await till.sync.pull();
}

/** Everything that an edge was ever given, by receipt: each under one key. */
function keysByReceipt(edge: FakeEdge): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { epoch, items } of edge.pushes) {
    for (const { seq, body } of items) {
      const { receipt } = (JSON.parse(body) as { body: { receipt: string } }).body;
      keys.set(receipt, (keys.get(receipt) ?? new Set()).add(`${epoch}/${seq}`));
    }
  }
  return keys;
}

test("SYN3: golden rows behind a damaged one never get new numbers, also when the edge lost its disk", async () => {
  const { till, edge, receipts } = await sellGolden();
  await till.storage.write([
    { sql: "update journal set body = replace(body, 'mug', 'mig') where seq = 5" },
  ]);
  await loseDisk(till, edge);
  const waiting = await till.captured(sale());
  await pushAll(till);
  const next = await till.captured(sale());
  await pushAll(till);
  // What was golden is at head office under its number, or nowhere; what was not goes on, once.
  expect(receiptsAt(edge)).toEqual([...receipts.slice(0, 4), next.receipt, waiting.receipt]);
  const keys = keysByReceipt(edge);
  for (const receipt of receipts) expect(keys.get(receipt)?.size).toBe(1);
  expect(await rowsOf(till.storage, "select * from quarantine")).toEqual([]);
  expect((await statusOf(till)).epoch).toBe(2);
});

test("SYN2: an inbox that begins with nothing gets closed epochs again as well, though all of them are golden", async () => {
  const { till, edge, receipts } = await sellGolden();
  edge.nextEpoch = 2;
  await till.sync.pull();
  const open = await till.captured(sale());
  expect(open.epoch).toBe(2);
  edge.nextEpoch = null;
  await pushAll(till);
  await loseDisk(till, edge);
  expect(
    (await statusOf(till)).closed,
    "a lower number of one epoch says nothing of others",
  ).toEqual([]);
  edge.resync = true;
  await till.sync.pull();
  edge.resync = false;
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual([...receipts, open.receipt]);
  expect((await statusOf(till)).closed).toEqual([]);
});

test("SYN3: with nothing behind its golden rows, an epoch that cannot go on is closed where it ends", async () => {
  const { till, edge } = await sellGolden();
  await till.storage.write([
    { sql: "update journal set body = replace(body, 'mug', 'mig') where seq = 5" },
  ]);
  await loseDisk(till, edge);
  await pushAll(till);
  const status = await statusOf(till);
  expect(status).toMatchObject({ epoch: 2, captured: 0, closed: [], resealing: 0 });
  expect(edge.epochs()).toEqual([1]);
});

test("SYN2: an answer about rows that an epoch does not have gives up none of those that it has", async () => {
  const till = await openTill({ edge: createFakeEdge() });
  for (let n = 0; n < 3; n++) await till.captured(sale());
  const before = await statusOf(till);
  await till.storage.write(
    await cutStatements(till.storage, {
      source: SOURCE,
      store: STORE,
      reason: "fork",
      epoch: 1,
      from: 9,
    }),
  );
  expect(await statusOf(till)).toEqual(before);
});

test("SYN3: another machine's row under a golden number moves none of the golden rows", async () => {
  const { till, edge, receipts } = await sellGolden();
  const kept = edge.items.slice(0, 3);
  await loseDisk(till, edge, 3);
  edge.items.push(strangerAfter(kept[2]!));
  const waiting = await till.captured(sale());
  await pushAll(till);
  const keys = keysByReceipt(edge);
  for (const receipt of receipts) expect(keys.get(receipt)?.size).toBe(1);
  expect([...keys.get(waiting.receipt!)!].some((key) => !key.startsWith("1/"))).toBe(true);
});

test("CAP7 SYN3: an archived row that cannot be read is not sent, and what is not golden goes on without it", async () => {
  const { till, edge, receipts } = await sellGolden();
  await till.moveRows();
  await till.close();
  const folder = join(till.dataDir, "archive");
  const [name] = (await readdir(folder)).filter((each) => each.startsWith("1-11-20-"));
  await rm(join(folder, name!));
  const later = await openTill({ dataDir: till.dataDir, edge });
  await loseDisk(later, edge);
  const waiting = await later.captured(sale());
  await pushAll(later);
  expect(receiptsAt(edge)).toEqual([...receipts.slice(0, 10), waiting.receipt]);
  expect((await statusOf(later)).archive.damagedFiles).toBe(1);
});
