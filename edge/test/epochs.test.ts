import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { stampOf } from "@regulars/shared/clock";
import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Item } from "@regulars/shared/protocol/item";
import type { Life } from "@regulars/shared/protocol/life";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { decideLife } from "../src/inbox/life.ts";
import { profileStubOf } from "../src/stubs.ts";
import { env } from "cloudflare:workers";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, resealed, sale } from "./till.ts";

afterEach(() => reset());

const anna = keysOf({ loyaltyNumber: "4711" });
const lifeOf = (start: number, digit: string): Life => ({ start, nonce: digit.repeat(32) });

const living = (start: number, digit: string) => ({ life: lifeOf(start, digit), head: 2 });

async function push(store: string, message: Push): Promise<PushAnswer> {
  const answer = await inbox(store).push(message);
  if (!answer) throw new Error("the inbox was overloaded");
  return answer;
}

async function profileOf(key: string) {
  const customer = customerIdOf(key);
  const answer = await profileStubOf(env, customer).read(customer);
  return answer && "profile" in answer ? profileSchema.parse(JSON.parse(answer.profile)) : null;
}

test.each([
  [null, 0, [1, "a", 0], "new"],
  [[3, "a"], 9, [3, "a", 9], "same"],
  [[3, "a"], 9, [3, "a", 4], "same"], // asked before its own last push was taken
  [[3, "a"], 9, [4, "b", 9], "new"],
  [[3, "a"], 9, [4, "b", 8], "fenced"], // a backup from before the last row
  [[3, "a"], 9, [3, "b", 9], "fenced"], // a copy of the disk
  [[3, "a"], 9, [2, "b", 9], "fenced"],
  [[3, "a"], 9, [1, "b", 0], "fenced"], // an empty disk
  [null, 9, [1, "a", 2], "fenced"], // the same, after a till from before lives
] as const)(
  "SYN3: life %j with %i rows meets %j: %s",
  (life, accepted, [start, digit, head], verdict) => {
    const known = life && lifeOf(life[0], life[1]);
    expect(decideLife({ life: known, accepted }, lifeOf(start, digit), head)).toBe(verdict);
  },
);

test("SYN3: a copy of a till's disk is turned away before it has sold anything different, by push and by pull", async () => {
  const till = openTill("till-1", "copied");
  const items = [till.capture(anna, sale(100)), till.capture(anna, sale(200))];
  const first = { ...till.push(items), ...living(2, "a") };
  expect(await push("copied", first)).toMatchObject({ outcome: "accepted" });
  const copy = { ...till.push(items), ...living(2, "b") };
  expect(await push("copied", copy)).toMatchObject({
    outcome: "fenced",
    nextEpoch: 2,
    marks: { accepted: 2 },
  });
  expect(await pullAll("copied", "till-1", null, 1, living(2, "b"))).toMatchObject({
    fenced: { nextEpoch: 2 },
  });
  expect(await pullAll("copied", "till-1", null, 1, living(2, "a"))).not.toHaveProperty("fenced");
  // What it has left in the epoch may still come: the chain decides.
  expect(await push("copied", { ...till.push(items), closed: true })).toMatchObject({
    outcome: "accepted",
  });
});

test("SYN3: an epoch belongs to the store that had it first, whoever else comes with its number", async () => {
  const here = openTill("till-1", "north");
  const there = openTill("till-1", "south");
  await push("north", here.push([here.capture(anna, sale(100))]));
  expect(await push("south", there.push([there.capture(anna, sale(200))]))).toMatchObject({
    outcome: "fenced",
    nextEpoch: 2,
    marks: { accepted: 0 },
  });
  const next = openTill("till-1", "south", 2);
  expect(await push("south", next.push([next.capture(anna, sale(200))]))).toMatchObject({
    outcome: "accepted",
  });
});

test("SYN2: a fork is reported once for each row that was refused, and told where to go on", async () => {
  const till = openTill("till-1", "forked");
  const first = till.capture(anna, sale(100));
  await push("forked", till.push([first]));
  const forged = resealed(first, first.body.replace("r-100", "r-101"));
  for (let again = 0; again < 3; again++) {
    expect(await push("forked", till.push([forged]))).toMatchObject({
      outcome: "fork",
      seq: 1,
      nextEpoch: 2,
    });
  }
  const forks = await runInDurableObject(inbox("forked"), (_object, state) =>
    state.storage.sql.exec("select seq, hash from fork").toArray(),
  );
  expect(forks).toEqual([{ seq: 1, hash: forged.hash }]);
});

test("SYN9: a till of protocol 1 hears a word that it knows", async () => {
  const here = openTill("till-1", "east");
  await push("east", here.push([here.capture(anna, sale(100))]));
  const there = openTill("till-1", "west");
  const old = { ...there.push([there.capture(anna, sale(200))]), protocol: 1, schema: 1 };
  expect(await push("west", old)).toMatchObject({ outcome: "fork", seq: 1 });
});

test("SYN4: after an update that cannot be used the edge asks for the fragment whole, and goes on with it", async () => {
  const till = openTill("till-1", "gap");
  const items = [100, 200, 300].map((amount) => till.capture(anna, sale(amount)));
  const without: Item[] = items.map((item, at) => (at === 1 ? { ...item, updates: [] } : item));
  await push("gap", till.push(without));
  const asked = await until(
    () => pullAll("gap", "till-1"),
    ({ need, marks }) => need !== undefined && marks.merged === 3,
  );
  expect(asked.need).toEqual([{ epoch: 1, key: anna[0] }]);
  expect((await profileOf(anna[0]!))?.totals["GBP"]?.minor, "the last good version").toBe(100);
  await push("gap", { ...till.push([]), fragments: [till.whole(anna[0]!)] });
  expect((await profileOf(anna[0]!))?.totals["GBP"]).toEqual({ sales: 3, returns: 0, minor: 600 });
  expect(await pullAll("gap", "till-1")).not.toHaveProperty("need");
  await push("gap", till.push([till.capture(anna, sale(400))]));
  await until(
    () => profileOf(anna[0]!),
    (profile) => profile?.totals["GBP"]?.minor === 1_000,
  );
});

test("SYN5: a fragment whose stored bytes are damaged says what it said until it has come whole", async () => {
  const till = openTill("till-1", "rot");
  await push("rot", till.push([till.capture(anna, sale(100))]));
  await until(
    () => profileOf(anna[0]!),
    (profile) => profile !== null,
  );
  const shard = profileStubOf(env, customerIdOf(anna[0]!));
  await runInDurableObject(shard, (_object, state) => {
    const [row] = state.storage.sql.exec("select state from fragment").toArray();
    const bytes = new Uint8Array(row!["state"] as ArrayBuffer);
    bytes[bytes.length - 3]! ^= 4;
    state.storage.sql.exec("update fragment set state = ?", bytes);
  });
  await evictDurableObject(shard);
  await push("rot", till.push([till.capture(anna, sale(200))]));
  const asked = await until(
    () => pullAll("rot", "till-1"),
    ({ need }) => need !== undefined,
  );
  expect(asked.need).toEqual([{ epoch: 1, key: anna[0] }]);
  expect((await profileOf(anna[0]!))?.totals["GBP"]?.minor).toBe(100);
  await push("rot", { ...till.push([]), fragments: [till.whole(anna[0]!)] });
  expect((await profileOf(anna[0]!))?.totals["GBP"]?.minor).toBe(300);
});

test("SYN5: a fragment whose bytes go bad before the centre has it is asked for, of the store that has its writer", async () => {
  const [till, other] = [openTill("till-1", "bad"), openTill("till-2", "bad-too")];
  await push("bad", till.push([till.capture(anna, sale(100))]));
  await push("bad-too", other.push([other.capture(anna, sale(50))]));
  await until(
    () => profileOf(anna[0]!),
    (profile) => profile?.totals["GBP"]?.minor === 150,
  );
  const shard = profileStubOf(env, customerIdOf(anna[0]!));
  await runInDurableObject(shard, (_object, state) => {
    state.storage.sql.exec("update fragment set state = x'00' where id like 'till-1/%'");
  });
  await evictDurableObject(shard);
  await shard.sweep();
  const asked = await until(
    () => pullAll("bad", "till-1"),
    ({ need }) => need !== undefined,
  );
  expect(asked.need).toEqual([{ epoch: 1, key: anna[0] }]);
  expect((await pullAll("bad-too", "till-2")).need).toBeUndefined();
  await push("bad", { ...till.push([]), fragments: [till.whole(anna[0]!)] });
  expect((await pullAll("bad", "till-1")).need).toBeUndefined();
  const waiting = await runInDurableObject(shard, async (object, state) => {
    await object.alarm?.();
    return state.storage.sql.exec("select id from undelivered order by id").toArray();
  });
  expect(waiting.map(({ id }) => id)).toContain(`till-1/1/${anna[0]}`);
});

test("CLK1: what a clock of next year says counts as said now: it wins over the past, and not over the future", async () => {
  const email = keysOf({ email: "anna@example.com" });
  const say = (source: string, givenName: string, ms: number) => {
    const till = openTill(source, "clock");
    till.clock.ms = ms;
    const content = { kind: "claim" as const, body: { claims: { givenName } } };
    return push("clock", till.push([till.capture(email, content)]));
  };
  const now = Date.now();
  await say("till-1", "Yesterday", now - 86_400_000);
  await say("till-2", "Ahead", now + 365 * 86_400_000);
  const nameIs = (name: string) =>
    until(
      () => profileOf(email[0]!),
      (profile) => profile?.fields.givenName?.value === name,
    );
  const profile = await nameIs("Ahead");
  const stampMs = Number.parseInt(profile!.fields.givenName!.stamp.slice(0, 12), 16);
  expect(stampMs).toBeGreaterThanOrEqual(now);
  expect(stampMs).toBeLessThan(now + LIMITS.clockAheadMs);
  expect(profile!.asOf! < stampOf({ ms: now + LIMITS.clockAheadMs, counter: 0 }, "")).toBe(true);
  await say("till-3", "Later", Date.now() + 2_000);
  await nameIs("Later");
});

test("SYN7: what is sold now is merged before a closed epoch's backlog, and the backlog always moves", async () => {
  const old = openTill("till-1", "lanes");
  const backlog = Array.from({ length: 300 }, (_, at) => old.capture([], sale(at + 1)));
  await push("lanes", { ...old.push(backlog), closed: true });
  const live = openTill("till-1", "lanes", 2);
  await push("lanes", live.push([live.capture(anna, sale(5))]));
  const merged = await until(
    () => Promise.all([pullAll("lanes", "till-1", null, 1), pullAll("lanes", "till-1", null, 2)]),
    ([, { marks }]) => marks.merged === 1,
  );
  expect(merged[0].marks.accepted).toBe(300);
  await until(
    () => pullAll("lanes", "till-1", null, 1),
    ({ marks }) => marks.merged === 300,
  );
});

test("EDG5: a backlog on top of too much that waits is answered with 429 before anything is taken", async () => {
  const store = inbox("full");
  await runInDurableObject(store, (_object, state) => {
    state.storage.sql.exec(
      `insert into mark (source, epoch, store, accepted, hash, seen_ms, offset_ms)
       values ('till-9', 1, 'full', ?, '', 0, 0)`,
      LIMITS.waitingItems + 1,
    );
  });
  await evictDurableObject(store);
  const till = openTill("till-1", "full");
  const items = [till.capture(anna, sale(1))];
  expect(await store.push({ ...till.push(items), closed: true })).toBeNull();
  expect(await store.push({ ...till.push([]), closed: true })).not.toBeNull();
  expect(await store.push(till.push(items))).toMatchObject({ outcome: "accepted" });
});
