import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import { createDurableStorage } from "../storage.ts";
import { itemIdOf } from "./item-id.ts";
import { createMarks } from "./marks.ts";
import { setGolden } from "./move-marks.ts";

const writer = { source: "till-1", epoch: 1 };

/** On the storage of an object that nobody else knows. */
const on = (task: (storage: Storage) => Promise<void>): Promise<void> =>
  runInDurableObject(env.INBOX.get(env.INBOX.newUniqueId()), (_object, state) =>
    task(createDurableStorage(state.storage)),
  );

async function openMarks(storage: Storage) {
  const marks = createMarks(storage, () => 0);
  await marks.open();
  await marks.write({ ...writer, store: "one" }, { accepted: 0, hash: "start" });
  const insert = `insert into item (id, source, epoch, seq, prev, hash, accepted_ms, subject)
                  values (?, 'till-1', 1, ?, '', ?, 0, '[]')`;
  await storage.write(
    [1, 2, 3].map((seq) => ({ sql: insert, args: [itemIdOf(1, seq), seq, `hash ${seq}`] })),
  );
  marks.move(writer, { accepted: 3, hash: "hash 3" });
  const reopened = async () => {
    const after = createMarks(storage, () => 0);
    await after.open();
    return after.of(writer);
  };
  return { marks, reopened };
}

test("EDG2: what is accepted is read from the items, wherever a reset has left the mark", () =>
  on(async (storage) => {
    const { reopened } = await openMarks(storage);
    expect(await reopened()).toMatchObject({ accepted: 3, hash: "hash 3", merged: 0 });
  }));

test("SYN2: what the centre has not been heard of before a reset is delivered again", () =>
  on(async (storage) => {
    const { marks, reopened } = await openMarks(storage);
    marks.move(writer, { merged: 3, delivered: 3, told: 1, golden: 1 });
    await marks.flush();
    expect(await reopened()).toMatchObject({ merged: 3, delivered: 1, told: 1, golden: 1 });
  }));

test("SYN2: a mark that moves is written when it is asked for, one that goes back at once", () =>
  on(async (storage) => {
    const { marks } = await openMarks(storage);
    const stored = () => rowsOf(storage, "select merged, told from mark");
    marks.move(writer, { merged: 3, delivered: 3, told: 3, golden: 3 });
    await marks.flush(false);
    expect(await stored()).toEqual([{ merged: 0, told: 0 }]);
    await setGolden(marks, [{ ...writer, golden: 1 }]);
    expect(await stored()).toEqual([{ merged: 1, told: 1 }]);
  }));
