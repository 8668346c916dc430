import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { customerIdOf } from "@regulars/shared/ids";
import type { Push } from "@regulars/shared/protocol/push";
import type { Replay, ReplayAnswer } from "@regulars/shared/quarantine";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { profileStubOf } from "../src/stubs.ts";
import { readQuarantine } from "../src/watch/status.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, resealed, sale } from "./till.ts";

afterEach(() => reset());

const anna = keysOf({ loyaltyNumber: "4711" });
const customer = customerIdOf(anna[0]!);

async function post(ask: object): Promise<Response> {
  return exports.default.fetch("https://edge.test/v1/quarantine/replay", {
    method: "POST",
    headers: { authorization: `Bearer ${env.REGULARS_CENTRAL_TOKEN}` },
    body: JSON.stringify(ask),
  });
}

async function replay(ask: Replay = {}): Promise<ReplayAnswer> {
  const answer = await post(ask);
  expect(answer.status).toBe(200);
  return answer.json();
}

async function profile() {
  const answer = await profileStubOf(env, customer).read(customer);
  return answer && "profile" in answer ? profileSchema.parse(JSON.parse(answer.profile)) : null;
}

/** Taken by the inbox of an older build: rows with these numbers were nothing that it knew. */
async function pushToOlder(store: string, push: Push, unknown: readonly number[]): Promise<void> {
  await runInDurableObject(inbox(store), (_object, { storage }) => {
    storage.sql.exec(
      `create trigger older after insert on item when new.seq in (${unknown.join(", ")}) begin
         update item set code = 'not_an_event', subject = '[]' where source = new.source
           and epoch = new.epoch and seq = new.seq; end`,
    );
  });
  await inbox(store).push(push);
  await until(
    () => pullAll(store, push.source),
    ({ marks }) => marks.merged >= push.items.length,
  );
  await runInDurableObject(inbox(store), (_object, { storage }) => {
    storage.sql.exec("drop trigger older");
  });
}

test("SYN6: rows that an older build set aside, and updates that could not follow without them, are merged in order, once", async () => {
  const till = openTill("till-1", "older");
  const items = [100, 200, 300].map((amount) => till.capture(anna, sale(amount)));
  await pushToOlder("older", till.push(items), [2]);
  // The third update found a gap where the second would have been.
  expect(await readQuarantine(env)).toMatchObject([
    { seq: 2, code: "not_an_event" },
    { seq: 3, code: "gap" },
  ]);
  expect((await profile())?.totals["GBP"]?.minor).toBe(100);
  expect(await replay()).toEqual({ replayed: 2, kept: 0, more: false });
  const once = await profile();
  expect(once?.totals["GBP"]).toEqual({ sales: 3, returns: 0, minor: 600 });
  expect(await readQuarantine(env)).toEqual([]);
  expect(await replay()).toEqual({ replayed: 0, kept: 0, more: false });
  expect(await profile()).toEqual(once);
});

test("SYN6: what is still unreadable stays with its reason, and so does what was damaged where it lay", async () => {
  const till = openTill("till-1", "still");
  const good = till.capture(anna, sale(100));
  const nonsense = resealed(till.capture([], sale(1)), '{"kind":"nonsense"}');
  await inbox("still").push(till.push([good, nonsense]));
  await until(
    () => pullAll("still", "till-1"),
    ({ marks }) => marks.merged === 2,
  );
  const rotten = openTill("till-2", "still");
  await pushToOlder("still", rotten.push([rotten.capture([], sale(5))]), [1]);
  await runInDurableObject(inbox("still"), (_object, { storage }) => {
    storage.sql.exec("update item set body = replace(body, 'tea', 'ten') where source = 'till-2'");
  });
  const before = await readQuarantine(env);
  expect(before.map(({ source, seq, code }) => [source, seq, code])).toEqual([
    ["till-1", 2, "not_an_event"],
    ["till-2", 1, "not_an_event"],
  ]);
  expect(await replay()).toEqual({ replayed: 0, kept: 2, more: false });
  expect(await readQuarantine(env)).toEqual(before);
  expect((await profile())?.totals["GBP"]?.minor).toBe(100);
});

test("SYN4 SYN5 SYN6: an update that cannot be taken alone is asked for whole, and its row is let go when that has come", async () => {
  const till = openTill("till-1", "whole");
  const items = [100, 200].map((amount) => till.capture(anna, sale(amount)));
  // The first update is lost on the way, and the row behind it is of a kind that nobody knew.
  const without = items.map((item, at) => (at === 0 ? { ...item, updates: [] } : item));
  await pushToOlder("whole", till.push(without), [2]);
  expect(await replay()).toEqual({ replayed: 0, kept: 1, more: false });
  expect((await pullAll("whole", "till-1")).need).toEqual([{ epoch: 1, key: anna[0] }]);
  await inbox("whole").push({ ...till.push([]), fragments: [till.whole(anna[0]!)] });
  const once = await profile();
  expect(once?.totals["GBP"]?.minor).toBe(300);
  expect(await replay()).toEqual({ replayed: 1, kept: 0, more: false });
  expect(await profile()).toEqual(once);
});

test("SYN6 SYN10: a replay looks at one page of rows, goes on where it ended, and keeps to its filter", async () => {
  for (const store of ["one", "two"]) {
    const till = openTill(`till-${store}`, store);
    const rows = Array.from({ length: 40 }, () =>
      resealed({ ...till.capture([], sale(1)), updates: [] }, "{}"),
    );
    // Each of them follows the one before.
    const chained = rows.reduce<typeof rows>((done, row) => {
      const prev = done.at(-1)?.hash ?? row.prev;
      return [...done, resealed({ ...row, prev }, "{}")];
    }, []);
    await inbox(store).push(till.push(chained));
    await until(
      () => pullAll(store, `till-${store}`),
      ({ marks }) => marks.merged === 40,
    );
  }
  const first = await replay();
  expect(first).toMatchObject({ replayed: 0, kept: 50, more: true });
  expect(await replay({ after: first.next })).toEqual({ replayed: 0, kept: 30, more: false });
  expect(await replay({ store: "two" })).toMatchObject({ kept: 40 });
  expect(await replay({ source: "till-one", epoch: 1, seq: 7 })).toMatchObject({ kept: 1 });
  for (const bad of [{ sorce: "till-1" }, { seq: "7" }, { after: "somewhere" }, []]) {
    const answer = await post(bad);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ reason: "invalid_field" });
  }
});

test("SYN6: a till is told of what is set aside until it was replayed, also when an answer was lost", async () => {
  const till = openTill("till-1", "told");
  await pushToOlder("told", till.push([till.capture(anna, sale(100))]), [1]);
  // This build begins with what it finds.
  await evictDurableObject(inbox("told"));
  const told = async () => (await inbox("told").push(till.push([])))?.quarantined;
  expect(await told()).toEqual([{ seq: 1, code: "not_an_event" }]);
  await replay();
  expect(await told()).toEqual([]);
});
