import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { openTill, sale } from "./till.ts";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { createDurableStorage } from "../src/storage.ts";
import { createInbox, type InboxMachine } from "../src/inbox/inbox.ts";

const STORE = "rests";

/** The centre is away, and who rests does so until somebody wakes him. */
const withInbox = (
  task: (inbox: InboxMachine, merging: { until: Promise<void> }) => Promise<void>,
): Promise<void> =>
  runInDurableObject(env.INBOX.get(env.INBOX.newUniqueId()), async (_object, state) => {
    const merging = { until: Promise.resolve() };
    const inbox = createInbox({
      storage: createDurableStorage(state.storage),
      setAlarm: () => Promise.resolve(),
      nowMs: () => Date.now(),
      wait: () => Promise.resolve(),
      rest: () => new Promise(() => undefined),
      random: () => 0.5,
      onError: () => undefined,
      directory: createShardedDirectory(env),
      profiles: { merge: () => merging.until.then(() => []) },
      central: { events: () => Promise.reject(new Error("away")) },
      intakes: { taken: () => Promise.resolve() },
      newGeneration: () => "g",
      onNews: () => undefined,
    });
    await inbox.open();
    await task(inbox, merging);
  });

function tillsOf(inbox: InboxMachine) {
  const [home, other] = [openTill("till-1", STORE), openTill("till-2", STORE)];
  const life = { start: 1, nonce: "0".repeat(32) };
  return {
    sellAtHome: () => inbox.push({ ...home.push([home.capture([], sale(1))]), life, head: 5_000 }),
    sellElsewhere: () => inbox.push(other.push([other.capture([], sale(1))])),
    marks: async () =>
      (await inbox.report()).terminals.map(({ accepted, merged }) => [accepted, merged]),
  };
}

test("SYN7: while a till sends what it sold offline its rounds rest, until another till of the store sells something", () =>
  withInbox(async (inbox) => {
    const { sellAtHome, sellElsewhere, marks } = tillsOf(inbox);
    await sellAtHome();
    await vi.waitFor(async () => expect(await marks()).toEqual([[1, 1]]));
    await sellAtHome();
    await new Promise((done) => setTimeout(done));
    expect(await marks()).toEqual([[2, 1]]);
    await sellElsewhere();
    await vi.waitFor(async () => {
      expect(await marks()).toEqual([
        [2, 2],
        [1, 1],
      ]);
    });
  }));

test("SYN7: nor do they rest after a round during which another till has sold something", () =>
  withInbox(async (inbox, merging) => {
    const { sellAtHome, sellElsewhere, marks } = tillsOf(inbox);
    const { promise, resolve } = Promise.withResolvers<void>();
    merging.until = promise;
    await sellAtHome();
    await new Promise((done) => setTimeout(done));
    await sellElsewhere();
    resolve();
    await vi.waitFor(async () => {
      expect(await marks()).toEqual([
        [1, 1],
        [1, 1],
      ]);
    });
  }));
