import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import type { Storage } from "@regulars/shared/storage/port";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { createAside } from "../src/inbox/aside.ts";
import { deliverRound } from "../src/inbox/deliver.ts";
import { takePush } from "../src/inbox/take-push.ts";
import { deliverRound as deliverFragments } from "../src/profile/deliver.ts";
import { createOwed } from "../src/profile/owed.ts";
import { createDurableStorage } from "../src/storage.ts";
import { marksIn } from "./settle.ts";
import { openTill, sale, START_MS } from "./till.ts";

/** Rounds of an inbox with so many rows, at a centre that takes them up to one of them. */
function deliverRows(store: string, rows: number, takenMax: number) {
  const till = openTill(`${store}-till`, store);
  const push = till.push(Array.from({ length: rows }, () => till.capture([], sale(100))));
  return runInDurableObject(env.INBOX.getByName(store), async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const marks = await marksIn(storage);
    const directory = createShardedDirectory(env);
    await takePush(
      { storage, marks, aside: createAside(storage), directory, nowMs: () => START_MS },
      push,
    );
    const sent: number[] = [];
    const round = () =>
      deliverRound(
        storage,
        marks,
        {
          events({ events }) {
            sent.push(events.length);
            const seq = Math.min(takenMax, ...events.slice(-1).map((event) => event.seq));
            const journaled = [{ source: `${store}-till`, epoch: 1, seq }];
            return Promise.resolve({ ...THIS_VERSION, journaled });
          },
        },
        "live",
      );
    return { rounds: [await round(), await round()], sent };
  });
}

test("SYN2: a delivery that the centre takes whole leaves nothing", async () => {
  const { rounds, sent } = await deliverRows("whole", 3, Infinity);
  expect(rounds).toMatchObject([{ moved: true, all: true }, { waiting: false }]);
  expect(sent).toEqual([3]);
});

test("SYN2: what the centre has not taken is still to be delivered", async () => {
  const { rounds, sent } = await deliverRows("part", 3, 2);
  expect(rounds).toMatchObject([
    { moved: true, all: false },
    { moved: false, all: false },
  ]);
  expect(sent).toEqual([3, 1]);
});

test("SYN2: of a writer's backlog each delivery says that more may follow", async () => {
  const rows = LIMITS.deliverItems + 1;
  const { rounds, sent } = await deliverRows("backlog", rows, Infinity);
  expect(rounds).toMatchObject([
    { moved: true, all: false },
    { moved: true, all: true },
  ]);
  expect(sent).toEqual([LIMITS.deliverItems, 1]);
});

async function fillFragments(storage: Storage, count: number): Promise<void> {
  const profile = `insert into profile (customer, version, golden, json, stores)
                   values ('anna', 1, 0, '{}', '[]')`;
  const state = new Uint8Array([0]);
  const fragments = Array.from({ length: count }, (_, at) => [
    {
      sql: `insert into fragment (customer, id, clock, sha256, state, contribution)
            values ('anna', ?, 1, ?, ?, '{}')`,
      args: [`till-${at}/1/key`, sha256Hex(state), state],
    },
    {
      sql: "insert into undelivered (customer, id, clock) values ('anna', ?, 1)",
      args: [`till-${at}/1/key`],
    },
  ]);
  await storage.write([{ sql: profile }, ...fragments.flat()]);
}

test.each([
  { waiting: 1, rounds: ["done", "idle"] },
  { waiting: LIMITS.deliverItems + 1, rounds: ["again", "done", "idle"] },
])("SYN2: of $waiting fragments all are delivered, in rounds that are $rounds", (expected) =>
  runInDurableObject(env.PROFILE.get(env.PROFILE.newUniqueId()), async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    await fillFragments(storage, expected.waiting);
    const owed = createOwed(storage);
    let received = 0;
    const central = {
      fragments({ fragments }: { readonly fragments: readonly unknown[] }) {
        received += fragments.length;
        return Promise.resolve({ ...THIS_VERSION, received: fragments.length, refused: [] });
      },
    };
    const stores = { need: () => Promise.resolve() };
    const rounds: string[] = [];
    for (let n = 0; n < expected.rounds.length; n++) {
      rounds.push(await deliverFragments(storage, owed, central, stores, () => undefined));
    }
    expect(rounds).toEqual(expected.rounds);
    expect(received).toBe(expected.waiting);
  }),
);
