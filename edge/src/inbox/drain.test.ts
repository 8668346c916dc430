import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type CustomerId, customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { MergeUpdate } from "../profile/port.ts";
import { createDurableStorage } from "../storage.ts";
import { type DrainDeps, drainRound } from "./drain.ts";
import { itemIdOf } from "./item-id.ts";
import { createMarks } from "./marks.ts";

const key = "loyalty:4711" as IdentityKey;

/** Numbers of rows, by till, that each round has brought to the profiles, until nothing waits. */
const roundsOf = (waiting: Readonly<Record<string, number>>, updateChars: number) =>
  runInDurableObject(env.INBOX.get(env.INBOX.newUniqueId()), async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const marks = createMarks(storage, () => 0);
    await marks.open();
    for (const [source, count] of Object.entries(waiting)) {
      const writer = { source, epoch: 1 };
      await marks.write({ ...writer, store: "one" }, { accepted: 0, hash: "start" });
      const n = marks.nOf(writer);
      const insert = `insert into item (id, source, epoch, seq, prev, hash, accepted_ms, subject, body, updates)
                      values (?, ?, 1, ?, '', '', 0, '[]', '', ?)`;
      const statementOf = (seq: number) => {
        const update = { key, update: "A".repeat(updateChars), sha256: `${source}/${seq}` };
        return { sql: insert, args: [itemIdOf(n, seq), source, seq, JSON.stringify([update])] };
      };
      await storage.write(Array.from({ length: count }, (_, at) => statementOf(at + 1)));
      marks.move(writer, { accepted: count, hash: "" });
    }
    const rounds: Record<string, number[]>[] = [];
    const held = new Map<IdentityKey, CustomerId>([[key, customerIdOf(key)]]);
    const deps: DrainDeps = {
      storage,
      marks,
      nowMs: () => 0,
      directory: { lookup: () => Promise.resolve(held), bind: () => Promise.resolve(held) },
      profiles: {
        merge(updates: readonly MergeUpdate[]) {
          const bySource = Map.groupBy(updates, ({ source }) => source);
          const seqs = [...bySource].map(([source, ofSource]) => [
            source,
            ofSource.map(({ sha256 }) => Number(sha256.split("/")[1])),
          ]);
          rounds.push(Object.fromEntries(seqs) as Record<string, number[]>);
          return Promise.resolve(updates.map(() => ({ outcome: "merged" as const, version: 1 })));
        },
      },
      holders: new Map(),
      tillHeads: new Map(),
      intakes: { taken: () => Promise.resolve() },
    };
    while ((await drainRound(deps, "live")).moved);
    for (const [source, count] of Object.entries(waiting)) {
      const seqs = rounds.flatMap((round) => round[source] ?? []);
      expect(seqs, "each once, and in order").toEqual(
        Array.from({ length: count }, (_, at) => at + 1),
      );
    }
    return rounds.map((round) =>
      Object.fromEntries(Object.entries(round).map(([source, seqs]) => [source, seqs.length])),
    );
  });

test("SYN7: of tills that are far behind, and nobody else, a round takes more, and each row in its order", async () => {
  const { drainItems, drainBacklogItems } = LIMITS;
  const rest = LIMITS.waitingItems;
  expect(await roundsOf({ "till-1": drainBacklogItems + rest }, 8)).toEqual([
    { "till-1": drainBacklogItems },
    { "till-1": drainItems },
    { "till-1": rest - drainItems },
  ]);
  const each = drainBacklogItems / 2;
  expect((await roundsOf({ "till-1": 2 * each, "till-2": 2 * each }, 8)).slice(0, 1)).toEqual([
    { "till-1": each, "till-2": each },
  ]);
});

test("SYN7: a sale of a till that is not behind waits for no long round", async () => {
  const [first] = await roundsOf({ "till-1": 900, "till-2": 1 }, 8);
  expect(first).toEqual({ "till-1": LIMITS.drainItems / 2, "till-2": 1 });
});

test("SYN7: a round of a backlog takes no more than a push has room for", async () => {
  const { drainItems, pushBytes } = LIMITS;
  const updateChars = Math.ceil(pushBytes / (2 * drainItems));
  const [first] = await roundsOf({ "till-1": 5 * drainItems }, updateChars);
  expect(first).toEqual({ "till-1": 2 * drainItems });
});
