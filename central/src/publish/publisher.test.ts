import { LIMITS } from "@regulars/shared/limits";
import type { Decision, Publish } from "@regulars/shared/protocol/publish";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { decisionsOf } from "../testing/state.ts";
import { publishStatement, withdrawStatement } from "./outbox.ts";
import { createPublisher, type EdgePort, publishRound } from "./publisher.ts";

const customer = (digit: number): string => `c${String(digit).padStart(22, "0")}`;
const mark = (golden: number): Decision => ({
  kind: "mark",
  store: "store-1",
  source: "till-1",
  epoch: 1,
  golden,
});
const golden = (at: number, version = 1): Decision => ({
  kind: "golden",
  customer: customer(at),
  version,
});
const never = new AbortController().signal;

/** An edge that applies as many as it is told to; null cannot be reached. */
function scriptedEdge(script: (number | null)[]) {
  const received: Decision[][] = [];
  const edge: EdgePort = {
    async publish({ decisions }: Publish) {
      received.push([...decisions]);
      const applied = script.length > 0 ? script.shift() : decisions.length;
      if (applied === null || applied === undefined) throw new Error("unreachable");
      return { ...THIS_VERSION, applied };
    },
  };
  return { edge, received };
}

describe.each(DATABASES)("publishing from $name", ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(() => emptyDatabase(database.storage));

  const write = (...decisions: Decision[]) =>
    database.storage.write(decisions.map((decision) => publishStatement(decision)));

  test("SYN2 decisions stay in the outbox until the edge has applied them, in their order", async () => {
    const { edge, received } = scriptedEdge([2]);
    await write(golden(1), golden(2), mark(5));
    await publishRound({ storage: database.storage, edge }, never);
    expect(await decisionsOf(database.storage)).toEqual([mark(5)]);
    await publishRound({ storage: database.storage, edge }, never);
    expect(received).toEqual([[golden(1), golden(2), mark(5)], [mark(5)]]);
    expect(await publishRound({ storage: database.storage, edge }, never)).toBe(0);
  });

  test("SYN2 only the newest mark of a writer is sent, and one decided during a request is not taken for applied", async () => {
    await write(mark(5), golden(1), mark(6));
    const edge: EdgePort = {
      async publish({ decisions }) {
        expect(decisions).toEqual([golden(1), mark(6)]);
        await write(mark(7));
        return { ...THIS_VERSION, applied: decisions.length };
      },
    };
    await publishRound({ storage: database.storage, edge }, never);
    expect(await decisionsOf(database.storage)).toEqual([mark(7)]);
  });

  test("SYN10 a message holds no more than its limit", async () => {
    const { edge, received } = scriptedEdge([]);
    await write(...Array.from({ length: LIMITS.publishItems + 1 }, (_, at) => golden(at)));
    await publishRound({ storage: database.storage, edge }, never);
    expect(received[0]).toHaveLength(LIMITS.publishItems);
    expect(await decisionsOf(database.storage)).toHaveLength(1);
  });

  test("IDN7 a redirect that is undone before it was sent is not sent", async () => {
    const redirect = { kind: "redirect", from: customer(1), to: customer(2) } as const;
    await write(redirect);
    await database.storage.write([withdrawStatement({ kind: "redirect", from: customer(1) })]);
    expect(await decisionsOf(database.storage)).toEqual([]);
  });

  test("SYN7 a sender that fails waits with full jitter, longer each time, and starts anew after a success", async () => {
    const { edge } = scriptedEdge([null, null, null]);
    const delays: number[] = [];
    const failures: unknown[] = [];
    let resume: (() => void) | undefined;
    const waitingFor = Promise.withResolvers<void>();
    const publisher = createPublisher({
      storage: database.storage,
      edge,
      random: () => 0.5,
      later(delayMs, task) {
        delays.push(delayMs);
        resume = task;
        if (failures.length === 3) waitingFor.resolve();
        else queueMicrotask(task);
        return () => {};
      },
      onFailure: (error) => failures.push(error),
    });
    await write(golden(1));
    publisher.kick();
    await waitingFor.promise;
    expect(delays).toEqual([1, 2, 3].map((n) => 0.5 * LIMITS.retryMinMs * 2 ** n));
    publisher.kick(); // news: soon, but within the shortest wait
    expect(delays.at(-1)).toBe(0.5 * LIMITS.retryMinMs);
    publisher.kick(); // not sooner for being asked twice
    expect(delays).toHaveLength(4);
    resume?.();
    await publisher.close();
  });

  test("SYN7 what is decided while the sender rests shares the next message, and a message that is full has no rest", async () => {
    const { edge, received } = scriptedEdge([]);
    const delays: number[] = [];
    let rested = Promise.withResolvers<() => void>();
    const publisher = createPublisher({
      storage: database.storage,
      edge,
      random: () => 0.5,
      later(delayMs, end) {
        delays.push(delayMs);
        rested.resolve(end);
        return () => {};
      },
      onFailure: (error) => {
        throw error;
      },
    });
    await write(...Array.from({ length: LIMITS.publishItems + 1 }, (_, at) => golden(at)));
    publisher.kick();
    const endRest = await rested.promise;
    expect(received.map((decisions) => decisions.length)).toEqual([LIMITS.publishItems, 1]);
    rested = Promise.withResolvers();
    for (const at of [1, 2]) {
      await write(golden(at, 2));
      publisher.kick();
    }
    endRest();
    await rested.promise;
    expect(received.slice(2)).toEqual([[golden(1, 2), golden(2, 2)]]);
    expect(delays).toEqual([LIMITS.publishGapMs, LIMITS.publishGapMs]);
    await publisher.close();
  });

  test("SYN2 what was not delivered when the process ended is delivered by the next one", async () => {
    await write(golden(1));
    const underWay = Promise.withResolvers<void>();
    const hanging: EdgePort = {
      publish: (_message, closing) =>
        new Promise((_resolve, reject) => {
          closing.addEventListener("abort", () => reject(new Error("closing")));
          underWay.resolve();
        }),
    };
    const deps = { storage: database.storage, random: () => 0, later: () => () => {} };
    const first = createPublisher({ ...deps, edge: hanging, onFailure: () => {} });
    first.kick();
    await underWay.promise;
    await first.close();
    const { edge, received } = scriptedEdge([]);
    const done = Promise.withResolvers<void>();
    const second = createPublisher({
      ...deps,
      edge: {
        async publish(message, closing) {
          const answer = await edge.publish(message, closing);
          done.resolve();
          return answer;
        },
      },
      onFailure: () => {},
    });
    second.kick();
    await done.promise;
    expect(received).toEqual([[golden(1)]]);
    await second.close();
  });
});
