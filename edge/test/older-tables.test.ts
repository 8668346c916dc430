/** Disks of older builds, as they are found by this one. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { migrate, type Migration } from "@regulars/shared/storage/migrate";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { itemIdOf } from "../src/inbox/item-id.ts";
import { createMarks } from "../src/inbox/marks.ts";
import { INBOX_MIGRATIONS } from "../src/inbox/tables.ts";
import { PROFILE_MIGRATIONS } from "../src/profile/tables.ts";
import { createDurableStorage } from "../src/storage.ts";

const ROWIDS = "6-rowids";

const onOlder = (
  migrations: readonly Migration[],
  task: (storage: Storage) => Promise<void>,
): Promise<void> =>
  runInDurableObject(env.INBOX.get(env.INBOX.newUniqueId()), async (_object, state) => {
    await state.storage.deleteAll();
    const storage = createDurableStorage(state.storage);
    await migrate(storage, before(migrations));
    await task(storage);
  });

const before = (migrations: readonly Migration[]) =>
  migrations.slice(
    0,
    migrations.findIndex(({ id }) => id === ROWIDS),
  );

test("EDG2: an inbox of an older build keeps its items, each under its writer's number", () =>
  onOlder(INBOX_MIGRATIONS, async (storage) => {
    const writers = [
      ["till-2", 1],
      ["till-1", 2],
      ["till-1", 1],
    ] as const;
    await storage.write([
      ...writers.map(([source, epoch]) => ({
        sql: `insert into mark (source, epoch, store, accepted, hash, seen_ms, offset_ms)
              values (?, ?, 'one', 0, '', 0, 0)`,
        args: [source, epoch],
      })),
      ...writers.flatMap(([source, epoch], at) =>
        [1, 2].map((seq) => ({
          sql: `insert into item (source, epoch, seq, prev, hash, accepted_ms, subject, code, body, updates, offset_ms)
                values (?, ?, ?, 'p', ?, 7, '["k"]', ?, 'body', '[]', 9)`,
          args: [source, epoch, seq, `hash ${at}/${seq}`, seq === 2 ? "checksum" : null],
        })),
      ),
      { sql: "insert into feed (customer, n, version, change) values ('c', 3, 2, 'text')" },
    ]);
    await migrate(storage, INBOX_MIGRATIONS);
    const items = await rowsOf(
      storage,
      "select id, source, epoch, seq, hash, code from item order by id",
    );
    expect(items.map(({ id, seq, code }) => [id, seq, code])).toEqual(
      [1, 2, 3].flatMap((n) => [
        [itemIdOf(n, 1), 1, null],
        [itemIdOf(n, 2), 2, "checksum"],
      ]),
    );
    const marks = createMarks(storage, () => 0);
    await marks.open();
    for (const [at, [source, epoch]] of writers.entries()) {
      expect(marks.of({ source, epoch })).toMatchObject({ accepted: 2, hash: `hash ${at}/2` });
    }
    // A writer that begins now has a number of its own.
    expect(marks.nOf({ source: "till-9", epoch: 1 })).toBe(4);
    const whole = "select prev, accepted_ms, offset_ms, subject, body, updates from item limit 1";
    expect(await rowsOf(storage, whole)).toEqual([
      { prev: "p", accepted_ms: 7, offset_ms: 9, subject: '["k"]', body: "body", updates: "[]" },
    ]);
    expect(await rowsOf(storage, "select * from feed")).toEqual([
      { customer: "c", n: 3, version: 2, change: "text" },
    ]);
  }));

test("EDG2: a profile shard of an older build keeps its fragments and profiles", () =>
  onOlder(PROFILE_MIGRATIONS, async (storage) => {
    const fragment = { customer: "c", id: "f", clock: 3, sha256: "s", contribution: "{}" };
    const profile = { customer: "c", version: 4, golden: 2, golden_due: 3, json: "{}" };
    await storage.write([
      {
        sql: `insert into fragment (customer, id, clock, sha256, contribution, state, clamps)
              values ('c', 'f', 3, 's', '{}', x'01', '{"a":"b"}')`,
      },
      {
        sql: `insert into profile (customer, version, golden, golden_due, json, stores, view)
              values ('c', 4, 2, 3, '{}', '["one"]', 'view')`,
      },
    ]);
    await migrate(storage, PROFILE_MIGRATIONS);
    expect(await rowsOf(storage, "select * from fragment")).toEqual([
      { ...fragment, state: new Uint8Array([1]), clamps: '{"a":"b"}' },
    ]);
    expect(await rowsOf(storage, "select * from profile")).toEqual([
      { ...profile, stores: '["one"]', view: "view" },
    ]);
  }));
