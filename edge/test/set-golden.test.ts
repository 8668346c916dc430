import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { expect, test } from "vitest";
import { createProfileShard } from "../src/profile/shard.ts";
import { createDurableStorage } from "../src/storage.ts";
import { keysOf, openTill, sale, START_MS } from "./till.ts";

const CUSTOMER = "c".repeat(22);
const [KEY = ""] = keysOf({ email: "ada@example.org" });
const QUIET_MS = 60_000;

/** A shard that hands nothing on; another one on the same storage has nothing in memory. */
function shardOn(storage: Storage) {
  const told: string[] = [];
  const shard = createProfileShard({
    storage,
    policy: DEFAULT_POLICY,
    quietNoticeMs: QUIET_MS,
    setAlarm: () => Promise.resolve(),
    nowMs: () => START_MS,
    wait: () => new Promise(() => undefined),
    inTurn: () => new Promise(() => undefined),
    random: () => 0.5,
    stores: { changed: () => Promise.resolve(), need: () => Promise.resolve() },
    central: { fragments: () => Promise.reject(new Error("away")) },
    onChanged: (customers) => told.push(...customers),
    onError: () => undefined,
  });
  return { shard, told };
}

const stored = async (storage: Storage) => {
  const [row] = await rowsOf(storage, "select * from profile");
  const notices = await rowsOf(
    storage,
    "select store, customer, due_ms from notice order by store",
  );
  const { json: text, ...profile } = row ?? {};
  const json = JSON.parse(String(text)) as object;
  // Tills and apps read it as it lies there.
  expect(text).toBe(JSON.stringify(json));
  return { profile, json, notices };
};

test.each(["in memory", "in storage alone"])(
  "SYN2: a golden version is set, and stores hear of it when there is time: %s",
  (where) =>
    runInDurableObject(env.PROFILE.get(env.PROFILE.newUniqueId()), async (_object, state) => {
      const storage = createDurableStorage(state.storage);
      const first = shardOn(storage);
      await first.shard.open();
      const till = openTill("till-1", "one");
      const { updates } = till.capture([KEY], sale(250));
      const merge = (store: string) => {
        const update = { customer: CUSTOMER, source: "till-1", epoch: 1, store, backlog: true };
        return first.shard.merge(updates.map((each) => ({ ...each, ...update })));
      };
      await merge("one");
      await merge("two");
      const before = await stored(storage);
      const { shard, told } = where === "in memory" ? first : shardOn(storage);
      told.length = 0;
      await shard.setGolden([{ customer: CUSTOMER, version: 7 }]);
      const version = Number(before.profile["version"]) + 1;
      expect(await stored(storage)).toEqual({
        profile: { ...before.profile, golden: 7, version },
        json: { ...before.json, golden: 7, version },
        notices: ["one", "two"].map((store) => ({
          store,
          customer: CUSTOMER,
          due_ms: START_MS + QUIET_MS,
        })),
      });
      expect(told).toEqual([CUSTOMER]);
      // An older one, or the same, changes nothing.
      const after = await stored(storage);
      await shard.setGolden([{ customer: CUSTOMER, version: 7 }]);
      await shard.setGolden([{ customer: CUSTOMER, version: 6 }]);
      expect(await stored(storage)).toEqual(after);
    }),
);

test("SYN2: of many golden versions at once each customer has its own, in memory or not, and all in one write", () =>
  runInDurableObject(env.PROFILE.get(env.PROFILE.newUniqueId()), async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const first = shardOn(storage);
    await first.shard.open();
    const till = openTill("till-1", "one");
    const customers = ["d", "e", "f"].map((letter) => letter.repeat(22));
    const merge = async ({ shard }: ReturnType<typeof shardOn>, at: number): Promise<void> => {
      const [key = ""] = keysOf({ email: `${at}@example.org` });
      const { updates } = till.capture([key], sale(250));
      const update = { customer: customers[at] ?? "", source: "till-1", epoch: 1, store: "one" };
      await shard.merge(updates.map((each) => ({ ...each, ...update, backlog: true })));
    };
    await merge(first, 0);
    await merge(first, 1);
    let writes = 0;
    const second = shardOn({
      ...storage,
      write: (statements) => {
        writes += 1;
        return storage.write(statements);
      },
    });
    await merge(second, 2);
    [writes, second.told.length] = [0, 0];
    const versions = customers.map((customer, at) => ({ customer, version: 7 + at }));
    // Nobody knows this one; and one is named twice.
    const goldens = [
      ...versions,
      { customer: CUSTOMER, version: 3 },
      { ...versions[0]!, version: 2 },
    ];
    await second.shard.setGolden(goldens);
    const rows = await rowsOf(storage, "select customer, golden, version from profile order by 1");
    expect(rows).toEqual(
      versions.map(({ customer, version }) => ({ customer, golden: version, version: 2 })),
    );
    expect(writes).toBe(1);
    expect(second.told.toSorted()).toEqual(customers);
  }));

test("SYN2: an id that redirects keeps the number that comes for it, in memory or not, and tells nobody", () =>
  runInDurableObject(env.PROFILE.get(env.PROFILE.newUniqueId()), async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const first = shardOn(storage);
    await first.shard.open();
    const till = openTill("till-1", "one");
    const [inMemory = "", absent = "", here = ""] = ["d", "e", "f"].map((letter) =>
      letter.repeat(22),
    );
    const merge = ({ shard }: ReturnType<typeof shardOn>, customer: string) => {
      const [key = ""] = keysOf({ email: `${customer}@example.org` });
      const { updates } = till.capture([key], sale(250));
      const update = { customer, source: "till-1", epoch: 1, store: "one", backlog: true };
      return shard.merge(updates.map((each) => ({ ...each, ...update })));
    };
    for (const customer of [inMemory, absent, here]) await merge(first, customer);
    await storage.write([
      ...[inMemory, absent].map((customer) => ({
        sql: "insert into moved (customer, key, target, done) values (?, '', ?, 1)",
        args: [customer, CUSTOMER],
      })),
      { sql: "delete from notice" },
    ]);
    const second = shardOn(storage);
    expect(await merge(second, inMemory)).toMatchObject([{ outcome: "moved", to: CUSTOMER }]);
    await second.shard.setGolden(
      [inMemory, absent, here].map((customer) => ({ customer, version: 7 })),
    );
    const rows = await rowsOf(storage, "select customer, golden from profile order by customer");
    expect(rows).toEqual([inMemory, absent, here].map((customer) => ({ customer, golden: 7 })));
    expect(await rowsOf(storage, "select customer from notice")).toEqual([{ customer: here }]);
    expect(second.told).toEqual([here]);
  }));
