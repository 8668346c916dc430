import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { sha256Hex } from "@regulars/shared/digest";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import { createDurableStorage } from "../storage.ts";
import { type CentralPort, deliverRound } from "./deliver.ts";
import { notifyRound } from "./notify.ts";
import { createOwed } from "./owed.ts";

const fragment = (clock: number) => ({ customer: "anna", id: "till-1/1/key", clock });
const notice = (version: number) => ({ store: "one", customer: "anna", version });

const PROFILE = `insert into profile (customer, version, golden, json, stores)
                 values ('anna', 1, 0, '{}', '[]')`;

/** On the storage of an object that nobody else knows. */
const on = (task: (storage: Storage) => Promise<void>): Promise<void> =>
  runInDurableObject(env.PROFILE.get(env.PROFILE.newUniqueId()), (_object, state) =>
    task(createDurableStorage(state.storage)),
  );

async function openShard(storage: Storage) {
  const sql = `insert into fragment (customer, id, clock, sha256, state, contribution)
               values ('anna', 'till-1/1/key', 1, '', x'00', '{}')`;
  await storage.write([{ sql }]);
  const owed = createOwed(storage);
  const add = async (clock: number) => {
    const following = owed.add({ fragments: [fragment(clock)], notices: [notice(clock)] });
    await storage.write(following.statements);
    following.written?.();
  };
  const tables = async () => ({
    undelivered: await rowsOf(storage, "select id, clock from undelivered"),
    notices: await rowsOf(storage, "select store, customer, version from notice"),
    row: await rowsOf(storage, "select 1 from setting where name = 'owed'"),
  });
  return { owed, add, tables };
}

const IN_TABLES = {
  undelivered: [{ id: "till-1/1/key", clock: 2 }],
  notices: [{ store: "one", customer: "anna", version: 2 }],
  row: [],
};
const NOTHING = { undelivered: [], notices: [], row: [] };

test("EDG4: what a shard owes is found again after a reset, in its tables", () =>
  on(async (storage) => {
    const { add, tables } = await openShard(storage);
    await add(2);
    expect(await tables()).toMatchObject({ undelivered: [], notices: [], row: [{}] });
    await createOwed(storage).open();
    expect(await tables()).toMatchObject(IN_TABLES);
  }));

test("SYN2: what was renewed while the older was on its way stays owed", () =>
  on(async (storage) => {
    const { owed, add, tables } = await openShard(storage);
    await add(1);
    const sent = owed.all();
    await add(2);
    owed.done(sent);
    expect(owed.all()).toEqual({ fragments: [fragment(2)], notices: [notice(2)] });
    expect(await owed.settle()).toBe(true);
    expect(await tables()).toMatchObject(IN_TABLES);
  }));

test("EDG4: what is done leaves nothing behind", () =>
  on(async (storage) => {
    const { owed, add, tables } = await openShard(storage);
    await add(1);
    owed.done(owed.all());
    expect(owed.owes("anna")).toBe(false);
    expect(await owed.settle()).toBe(false);
    expect(await tables()).toEqual(NOTHING);
  }));

test("SYN2: a fragment that grew while it was on its way from the table is not delivered", () =>
  on(async (storage) => {
    const { owed, add, tables } = await openShard(storage);
    await add(1);
    const sha256 = "update fragment set sha256 = ?";
    await storage.write([
      { sql: PROFILE },
      { sql: sha256, args: [sha256Hex(new Uint8Array([0]))] },
    ]);
    await owed.settle();
    const grow = ["fragment", "undelivered"].map((table) => ({
      sql: `update ${table} set clock = 2`,
    }));
    const central: CentralPort = {
      async fragments({ fragments }) {
        await storage.write(grow);
        return { ...THIS_VERSION, received: fragments.length, refused: [] };
      },
    };
    await deliverRound(storage, owed, central, { need: () => Promise.resolve() }, () => undefined);
    expect((await tables()).undelivered).toEqual([{ id: "till-1/1/key", clock: 2 }]);
  }));

test("EDG4: a notice that is due when the next one is looked for is told in the next round, and no alarm is set for it", () =>
  on(async (storage) => {
    const { owed } = await openShard(storage);
    await storage.write([{ sql: PROFILE }]);
    const due =
      "insert into notice (store, customer, version, due_ms) values ('one', 'anna', 1, 0)";
    let reads = 0;
    const busy: Storage = {
      ...storage,
      async read(queries) {
        const rows = await storage.read(queries);
        reads += 1;
        if (reads === 1) await storage.write([{ sql: due }]);
        return rows;
      },
    };
    const told: string[] = [];
    const stores = { changed: async (store: string) => void told.push(store) };
    expect(await notifyRound(busy, owed, stores, 5)).toBe("again");
    await storage.write([{ sql: "update notice set due_ms = 9" }]);
    expect(await notifyRound(busy, owed, stores, 5)).toEqual({ atMs: 9 });
    expect(await notifyRound(busy, owed, stores, 9)).toBe("again");
    expect(await notifyRound(busy, owed, stores, 9)).toBe("idle");
    expect(told).toEqual(["one"]);
  }));
