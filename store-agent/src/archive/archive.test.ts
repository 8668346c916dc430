import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { pushAll, receiptsAt, statusOf } from "../../testing/both-lanes.ts";
import { createFakeEdge, type FakeEdge } from "../../testing/fake-edge.ts";
import { NOON, sale } from "../../testing/settings.ts";
import { openTill, temporaryFolder, type Till, type TillOptions } from "../../testing/till.ts";
import { healthOf } from "../sync/health.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };
const SALES = 40;

interface OldTill {
  readonly till: Till;
  readonly edge: FakeEdge;
  readonly receipts: string[];
}

/** Has sold, was heard by head office, and has archived all but the newest rows. */
async function openOldTill(options: TillOptions = {}): Promise<OldTill> {
  const edge = createFakeEdge();
  edge.goldenBut = 0;
  const till = await openTill({ edge, ...options });
  const receipts: string[] = [];
  for (let n = 0; n < SALES; n++) {
    till.clock.ms += 1_000;
    const more = n % 3 === 0 ? { customer: ada } : {};
    const answer = await till.captured(
      sale({ idempotencyKey: `k${n}`, externalId: `Pos-${n}`, ...more }),
    );
    receipts.push(answer.receipt!);
    if (n % 5 === 4) await sync(till);
  }
  await till.moveRows();
  return { till, edge, receipts };
}

async function sync(till: Till): Promise<void> {
  await pushAll(till);
  await till.sync.pull();
}

const storedSeqs = async (till: Till, epoch = 1): Promise<number[]> =>
  (await rowsOf(till.storage, "select seq from journal where epoch = ? order by seq", [epoch])).map(
    (row) => numberOf(row, "seq"),
  );

test("CAP7: golden rows leave the database for archive files, but for the newest; rows that are not golden stay", async () => {
  const { till, edge } = await openOldTill();
  const { archive, captured } = await statusOf(till);
  expect(captured).toBe(SALES + 1);
  expect(archive).toMatchObject({ rows: 30, files: 3, damagedFiles: 0 });
  expect(await storedSeqs(till)).toEqual(Array.from({ length: 11 }, (_, at) => 31 + at));
  const [marks] = await rowsOf(till.storage, "select min(seq) as least from mark");
  expect(marks?.["least"]).toBeGreaterThan(30);
  // With half of what follows not golden, it stays, however much it is.
  edge.goldenBut = 25;
  for (let n = 0; n < 25; n++) await till.captured(sale());
  await sync(till);
  await till.moveRows();
  expect((await statusOf(till)).archive.rows).toBe(30);
});

test("CAP6 CAP7: a key that is archived answers with the first receipt, alone, in a group and after a restart", async () => {
  const { till, receipts } = await openOldTill();
  const first = await till.captured(sale({ idempotencyKey: "k0" }));
  expect(first).toMatchObject({ receipt: receipts[0], repeated: true, seq: 1 });
  const again = await Promise.all(
    receipts.map((_, n) => till.captured(sale({ idempotencyKey: `k${n}` }))),
  );
  expect(again.map(({ receipt }) => receipt)).toEqual(receipts);
  await till.close();
  const reopened = await openTill({ dataDir: till.dataDir });
  expect(await reopened.captured(sale({ idempotencyKey: "k7" }))).toMatchObject({
    receipt: receipts[7],
    repeated: true,
  });
  expect(await reopened.captured(sale({ idempotencyKey: "K7" }))).toMatchObject({
    repeated: false,
  });
});

test("CAP7: an archived receipt is voided once, by its own number or the POS's, in any case", async () => {
  const { till, edge, receipts } = await openOldTill();
  const taken = await till.captured({ kind: "void", voids: "pOS-3", idempotencyKey: "v" });
  expect(taken.customer).not.toBeNull();
  const twice = await till.capture({ kind: "void", voids: receipts[3] });
  expect(twice).toMatchObject({ ok: false, reason: { reason: "conflict" } });
  // The void itself is archived in its turn.
  for (let n = 0; n < 30; n++) await till.captured(sale());
  await sync(till);
  await till.moveRows();
  expect((await storedSeqs(till))[0]).toBeGreaterThan(taken.seq);
  expect(await till.capture({ kind: "void", voids: "Pos-3" })).toMatchObject({ ok: false });
  expect(await till.capture({ kind: "void", voids: "Pos-4" })).toMatchObject({ ok: true });
  expect(edge.items.length).toBeGreaterThan(0);
});

test("CAP7: of two receipts with one number the newest is voided, wherever it is", async () => {
  const { till } = await openOldTill();
  const newest = await till.captured(sale({ externalId: "Pos-2" }));
  await till.captured({ kind: "void", voids: "Pos-2" });
  const again = await till.capture({ kind: "void", voids: newest.receipt });
  expect(again).toMatchObject({ ok: false, reason: { reason: "conflict" } });
});

test("CAP7: a customer is found by an archived receipt", async () => {
  const { till, receipts } = await openOldTill();
  for (const query of [receipts[3]!, "POS-3"]) {
    const [found] = await till.lookup(query);
    expect(found).toMatchObject({ matchedBy: "receipt" });
    expect(found?.profile.fields.givenName?.value).toBe("Ada");
  }
  expect(await till.lookup("Pos-4")).toEqual([]);
});

test("CAP7: the journal's list is the same before and after its rows are archived", async () => {
  const dataDir = await temporaryFolder();
  const { till } = await openOldTill({
    dataDir,
    sizes: { keptRows: 999, segmentRows: 10, blockRows: 4 },
  });
  const before = await till.journal();
  expect(before).toHaveLength(SALES + 1);
  await till.close();
  const later = await openTill({ dataDir });
  await later.moveRows();
  expect(await storedSeqs(later)).toHaveLength(11);
  expect(await later.journal()).toEqual(before);
  for (const limit of [1, 7, 13]) {
    const paged = [];
    for (let after = 0; ;) {
      const page = await later.journal({ after, limit });
      paged.push(...page);
      const last = page.at(-1);
      if (!last) break;
      after = last.seq;
    }
    expect(paged).toEqual(before);
  }
});

test("CAP7 SYN2: an edge that lost its disk gets archived rows again, chain and bytes as they were", async () => {
  const { till, edge, receipts } = await openOldTill();
  const items = edge.items.splice(0);
  edge.fragments.clear();
  edge.goldenBut = null;
  edge.marks = { accepted: 0, merged: 0, golden: 0 };
  await till.sync.pull();
  expect((await statusOf(till)).oldest.notAccepted).toBe(new Date(NOON + 1_000).toISOString());
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual(receipts);
  const bare = (all: typeof items) => all.map((item) => ({ ...item, updates: [] }));
  expect(bare(edge.items)).toEqual(bare(items));
  expect(edge.fragments.size).toBe(1);
});

test("CAP7 SYN3: a closed epoch whose rows are all golden is archived to its last row", async () => {
  const { till, edge } = await openOldTill();
  edge.nextEpoch = 2;
  await till.sync.pull();
  edge.nextEpoch = null;
  await till.captured(sale());
  await sync(till);
  await till.moveRows();
  expect(await storedSeqs(till, 1)).toEqual([]);
  expect((await statusOf(till)).archive).toMatchObject({ rows: SALES + 1, files: 5 });
  expect(await till.journal({ epoch: 1 })).toHaveLength(SALES + 1);
  expect(await till.journal()).toHaveLength(1);
});

test("CAP7: moving goes on after a crash at any of its writes, and names each row once", async () => {
  for (let crash = 0; crash < 12; crash++) {
    const edge = createFakeEdge();
    edge.goldenBut = 0;
    let writes = Infinity;
    const dying = await openTill({
      edge,
      write: (statements, storage) => {
        writes -= 1;
        return writes < 0 ? Promise.reject(new Error("power cut")) : storage.write(statements);
      },
    });
    for (let n = 0; n < SALES; n++) await dying.captured(sale({ idempotencyKey: `k${n}` }));
    await sync(dying);
    const before = await dying.journal();
    writes = crash;
    await dying.moveRows().catch(() => undefined);
    await dying.close();
    const till = await openTill({ dataDir: dying.dataDir });
    expect(await till.journal()).toEqual(before);
    await till.moveRows();
    expect(await till.journal()).toEqual(before);
    expect(await storedSeqs(till)).toHaveLength(10);
    const files = await readdir(join(till.dataDir, "archive"));
    expect(files).toHaveLength(3);
  }
});

test("CAP7: a damaged or missing archive file is told in words, and stops no sale, no look-up and no list", async () => {
  for (const harm of ["missing", "cut short", "overwritten"] as const) {
    const { till, receipts } = await openOldTill();
    await till.close();
    const folder = join(till.dataDir, "archive");
    const [name] = (await readdir(folder)).filter((each) => each.startsWith("1-11-20-"));
    const file = join(folder, name!);
    if (harm === "missing") await rm(file);
    else await writeFile(file, harm === "cut short" ? "" : Buffer.alloc(5_000));
    const later = await openTill({ dataDir: till.dataDir });
    expect(await later.captured(sale({ idempotencyKey: "k15" }))).toMatchObject({
      repeated: false,
    });
    expect(await later.captured(sale({ idempotencyKey: "k2" }))).toMatchObject({
      receipt: receipts[2],
      repeated: true,
    });
    expect(await later.lookup("Pos-15")).toEqual([]);
    const seqs = (await later.journal()).map(({ seq }) => seq);
    expect(seqs).toEqual([...Array(42).keys()].map((at) => at + 1).filter((s) => s < 11 || s > 20));
    const { ok, words } = healthOf(await statusOf(later), "Europe/London", NOON);
    expect({ ok, words }).toEqual({ ok: false, words: "an archive file is damaged, run verify" });
  }
});

test("CAP7: a file of which only rows are damaged is found by the check after a start", async () => {
  const { till } = await openOldTill();
  await till.close();
  const folder = join(till.dataDir, "archive");
  const [name] = await readdir(folder);
  const bytes = await readFile(join(folder, name!));
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(join(folder, name!), bytes);
  const later = await openTill({ dataDir: till.dataDir });
  expect(later.archive.damagedFiles()).toBe(0);
  await later.archive.check(() => Promise.resolve(true));
  expect(later.archive.damagedFiles()).toBe(1);
});
