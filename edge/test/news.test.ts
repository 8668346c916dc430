/** Whose stores are to be told of a change is remembered, and nothing of it is lost when the object is. */
import { customerIdOf } from "@regulars/shared/ids";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import type { ChangeText } from "../src/inbox/feed.ts";
import { createProfileShard, type ProfileShardDeps } from "../src/profile/shard.ts";
import { createDurableStorage } from "../src/storage.ts";
import { profileStub } from "../src/stubs.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const customer = customerIdOf(card);
const away = (): Promise<never> => Promise.reject(new Error("away"));

/** A machine of its own on the object's storage: dropped, it has lost its memory. */
function shardOn(
  state: DurableObjectState,
  changed: (store: string, changes: readonly ChangeText[]) => Promise<void>,
  fragments: ProfileShardDeps["central"]["fragments"] = away,
) {
  return createProfileShard({
    storage: createDurableStorage(state.storage),
    policy: DEFAULT_POLICY,
    quietNoticeMs: 0,
    stores: { changed, need: () => Promise.resolve() },
    central: { fragments },
    onChanged: () => undefined,
    setAlarm: () => Promise.resolve(),
    nowMs: () => 1_000_000,
    wait: () => Promise.resolve(),
    random: () => 0.5,
    onError: () => undefined,
  });
}

const noticesIn = ({ storage }: DurableObjectState): unknown[] =>
  storage.sql.exec("select store, customer from notice").toArray();

const update = () => {
  const till = openTill("till-1", "news");
  const [one] = till.push([till.capture([card], sale(100))]).items[0]?.updates ?? [];
  if (!one) throw new Error("a sale without an update");
  return { ...one, customer, source: "till-1", epoch: 1, store: "news" };
};

test("EDG4: a change that no store was told of is told when the object is back", async () => {
  await runInDurableObject(profileStub(env, "news/0"), async (_object, state) => {
    const lost = shardOn(state, () => new Promise(() => {}));
    await lost.open();
    expect(await lost.merge([update()])).toEqual([{ outcome: "merged" }]);
    expect(noticesIn(state)).toEqual([]);
    const told: string[] = [];
    const back = shardOn(state, (store, changes) => {
      told.push(...changes.map((change) => `${store} ${change.customer} ${change.version}`));
      return Promise.resolve();
    });
    await back.open();
    expect(noticesIn(state)).toEqual([{ store: "news", customer }]);
    back.sweep();
    await expect.poll(() => told).toEqual([`news ${customer} 1`]);
  });
});

test("EDG4: a change that is delivered before a store could be told is written down", async () => {
  await runInDurableObject(profileStub(env, "news/1"), async (_object, state) => {
    const answer = { ...THIS_VERSION, received: 1, refused: [] };
    const shard = shardOn(
      state,
      () => new Promise(() => {}),
      () => Promise.resolve(answer),
    );
    await shard.open();
    await shard.merge([update()]);
    await expect.poll(() => noticesIn(state)).toEqual([{ store: "news", customer }]);
    expect(state.storage.sql.exec("select id from undelivered").toArray()).toEqual([]);
  });
});

test("EDG4: a store that is away is told by a notice, one that is there without", async () => {
  await runInDurableObject(profileStub(env, "news/2"), async (_object, state) => {
    let told = 0;
    const there = shardOn(state, () => {
      told += 1;
      return Promise.resolve();
    });
    await there.open();
    await there.merge([update()]);
    await expect.poll(() => told).toBe(1);
    expect(noticesIn(state)).toEqual([]);
  });
  await runInDurableObject(profileStub(env, "news/3"), async (_object, state) => {
    const shard = shardOn(state, away);
    await shard.open();
    await shard.merge([update()]);
    await expect.poll(() => noticesIn(state)).toEqual([{ store: "news", customer }]);
  });
});
