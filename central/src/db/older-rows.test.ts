/** A database of an older build, before rows were packed: it is brought up to date, and read as what it said. */
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client";
import { customerIdOf, fragmentIdOf } from "@regulars/shared/ids";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { migrate } from "@regulars/shared/storage/migrate";
import { rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readVersions } from "../golden/history.ts";
import { readTimeline } from "../timeline/read-timeline.ts";
import { temporaryFolder } from "../testing/database.ts";
import { createTill, keyOf, START_MS } from "../testing/till.ts";

const FILES = readMigrationFiles({
  migrationsFolder: fileURLToPath(new URL("./migrations", import.meta.url)),
}).map(({ folderMillis, sql }) => ({ id: String(folderMillis), statements: sql }));
/** Those before rows were packed. */
const OLDER = 7;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage & { close(): void };
beforeAll(async () => {
  folder = await temporaryFolder();
  const url = `file:${folder.path}/older.db`;
  storage = createLibsqlStorage(() => createClient({ url, concurrency: 1 }));
  await migrate(storage, FILES.slice(0, OLDER));
});
afterAll(async () => {
  storage.close();
  await folder.remove();
});

const card = keyOf("loyalty", "1001");
const ann = customerIdOf(card);
const record = fragmentIdOf("till-1", 1, card);

function written(): Statement[] {
  const till = createTill("till-1");
  till.capture({
    kind: "sale",
    subject: [card],
    atMs: START_MS,
    body: {
      receipt: "r-1",
      currency: "GBP",
      lines: [{ sku: "A1", description: "Tea", quantity: "1", amountMinor: 700 }],
      tenders: [
        { type: "card", amountMinor: 500, reference: "ref-1" },
        { type: "loyalty", amountMinor: 200 },
      ],
      totalMinor: 700,
    },
  });
  till.sale(200, [card], START_MS);
  const golden = '{"fields":{},"keys":[],"consents":{}}';
  const activity =
    '{"totals":{"GBP":{"sales":2,"returns":0,"minor":900},"EUR":{"sales":3,"returns":0,"minor":1}}}';
  return [
    ...till.captured.map(({ item }): Statement => ({
      sql: `insert into event (source, epoch, seq, store, kind, key, business_day, at_ms, accepted_ms, received_ms, currency,
              total_minor, receipt, flags, prev, hash, body)
            values (?, ?, ?, 'store-1', 'sale', ?, '2026-11-21', ?, 0, 0, 'GBP', 1, 'r', '[]', ?, ?, ?)`,
      args: [item.source, item.epoch, item.seq, card, START_MS, item.prev, item.hash, item.body],
    })),
    {
      sql: `insert into source_record (id, source, epoch, key, seq, clock, customer, received_ms, sha256, contribution, state, unit, first)
            values (?, 'till-1', 1, ?, 2, 1, ?, 0, '', '{}', x'01', 'u1', '')`,
      args: [record, card, ann],
    },
    { sql: "insert into record_key (key, record) values (?, ?)", args: [card, record] },
    {
      sql: "insert into customer (id, version, digest, as_of, updated_ms, golden, activity) values (?, 2, 'd', 'a', 0, ?, ?)",
      args: [ann, golden, activity],
    },
    {
      sql: "insert into golden_history (customer, version, at_ms, digest, golden) values (?, 2, 0, 'd', ?)",
      args: [ann, golden],
    },
    {
      sql: `insert into unit (id, own_key, first, first_record, customer, component, keys, nobody, tags, features)
            values ('u1', ?, '', ?, ?, 'u1', '{}', '[]', '[]', '{}')`,
      args: [card, record, ann],
    },
    { sql: "insert into unit_block (block, unit) values (77, 'u1'), (78, 'gone')" },
    { sql: "insert into unit_key (key, unit) values (?, 'u1')", args: [card] },
  ];
}

test("SYN11 a database of before rows were packed holds and answers what it did", async () => {
  await storage.write(written());
  await migrate(storage, FILES);
  await migrate(storage, FILES);
  const events = "select tenders, stamp_ahead_ms, stamp_counter from event order by seq";
  expect(await rowsOf(storage, events)).toEqual([
    {
      tenders: '[{"type":"card","reference":"ref-1"},{"type":"loyalty","reference":null}]',
      stamp_ahead_ms: 0,
      stamp_counter: 0,
    },
    { tenders: null, stamp_ahead_ms: 0, stamp_counter: 1 },
  ]);
  const timeline = await readTimeline(storage, ann, { before: null, limit: 10 });
  expect(timeline?.items.map(({ entry }) => entry.event)).toEqual(["till-1/1/2", "till-1/1/1"]);
  const history = await readVersions(storage, ann, { limit: 9 });
  expect(history.map(({ version }) => version)).toEqual([2]);
  expect(await rowsOf(storage, "select sales from customer")).toEqual([{ sales: 5 }]);
  const filed = "select b.block, u.id from unit_block b join unit u on u.n = b.unit";
  expect(await rowsOf(storage, filed)).toEqual([{ block: 77, id: "u1" }]);
  const named = "select k.key, r.id from unit_key k join unit u on u.n = k.unit join source_record r on r.unit = u.id"; // prettier-ignore
  expect(await rowsOf(storage, named)).toEqual([{ key: card, id: record }]);
});
