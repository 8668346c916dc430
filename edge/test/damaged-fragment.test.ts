/** Rows of fragments that a disk has changed, or that hold what no writer of ours writes: the next sale goes on all the same. */
import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { sha256Hex } from "@regulars/shared/digest";
import { clientIdOf, customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import * as Y from "yjs";
import { profileStubOf } from "../src/stubs.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

const anna = keysOf({ loyaltyNumber: "4711" });
const customer = customerIdOf(anna[0]!);

async function soldInPence(): Promise<number | undefined> {
  const answer = await profileStubOf(env, customer).read(customer);
  if (!answer || !("profile" in answer)) return undefined;
  return profileSchema.parse(JSON.parse(answer.profile)).totals["GBP"]?.minor;
}

/** Sells once, lets somebody at the rows of the shard, and sells again. */
async function sellAround(store: string, change: (sql: SqlStorage) => void) {
  const till = openTill("till-1", store);
  const sell = async (amount: number) => {
    const push = till.push([till.capture(anna, sale(amount))]);
    await inbox(store).push(push);
    await until(
      () => pullAll(store, "till-1"),
      ({ marks }) => marks.merged >= push.items[0]!.seq,
    );
  };
  await sell(100);
  const shard = profileStubOf(env, customer);
  await runInDurableObject(shard, (_object, { storage }) => change(storage.sql));
  await evictDurableObject(shard);
  await sell(200);
  return till;
}

for (const [name, damaged] of Object.entries({
  "a section": ["claims", "claimt"],
  "the first stamp": ['"first"', '"firsu"'],
  "the writer": ['"source":"till-1"', '"source":"till-0"'],
})) {
  test(`SYN5: a stored contribution in which a disk has changed ${name} is read anew with the next sale`, async () => {
    await sellAround("bent", (sql) => {
      const [from, to] = damaged as [string, string];
      const { rowsWritten } = sql.exec(
        "update fragment set contribution = replace(contribution, ?, ?)",
        from,
        to,
      );
      expect(rowsWritten).toBe(1);
    });
    expect(await soldInPence()).toBe(300);
  });
}

test("SYN4: a stored fragment that cannot be opened is asked for whole, and others are merged meanwhile", async () => {
  const till = await sellAround("strange", (sql) => {
    const doc = new Y.Doc();
    doc.clientID = clientIdOf("till-1", 1);
    doc.getArray("entries").push([new Y.Map()]);
    const state = Y.encodeStateAsUpdate(doc);
    const args = [state.slice().buffer, sha256Hex(state)];
    sql.exec("update fragment set state = ?, sha256 = ?", ...args);
  });
  expect(await soldInPence()).toBe(100);
  expect((await pullAll("strange", "till-1")).need).toEqual([{ epoch: 1, key: anna[0] }]);
  await inbox("strange").push({ ...till.push([]), fragments: [till.whole(anna[0]!)] });
  expect(await soldInPence()).toBe(300);
});

test("SYN4: of more fragments than a push brings each is asked for in its turn", async () => {
  const till = openTill("till-1", "turns");
  await inbox("turns").push(till.push([till.capture(anna, sale(100))]));
  await runInDurableObject(inbox("turns"), (_object, { storage }) => {
    for (let n = 0; n <= 2 * LIMITS.neededFragments; n++) {
      storage.sql.exec("insert into need values ('till-1', 1, ?, 1)", `lost:${n}`);
      storage.sql.exec("insert into need values ('till-2', 1, ?, 1)", `other:${n}`);
    }
  });
  const asked: string[][] = [];
  vi.useFakeTimers({ toFake: ["Date"] });
  for (let turn = 0; turn < 3; turn++) {
    vi.setSystemTime(turn * LIMITS.pullEveryMs);
    const needs = await inbox("turns").needsOf("till-1");
    asked.push(needs.map(({ key }) => key));
  }
  expect(asked.map((keys) => keys.length)).toEqual([8, 8, 1]);
  expect(new Set(asked.flat()).size).toBe(17);
  expect(asked.flat().every((key) => key.startsWith("lost:"))).toBe(true);
});
