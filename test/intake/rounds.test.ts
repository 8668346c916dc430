import fc from "fast-check";
import { expect, test } from "vitest";
import type { Storage } from "@regulars/shared/storage/port";
import { LIMITS } from "@regulars/shared/limits";
import {
  accountOf,
  eventsOf,
  itemOf,
  mergedOf,
  netOf,
  newWorld,
  openIntake,
  settle,
  type World,
} from "./machine.ts";
import { order, refund } from "./said.ts";

const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => itemOf({ key: `${from + at}` }));

test("EDG5: too much that waits is refused before anything is taken, and one account does not starve another", async () => {
  const world = await newWorld([accountOf("shop"), accountOf("other")]);
  const { storage } = world;
  // No item is ever due: what is received waits.
  const intake = await openIntake(world, {
    write: (statements) => storage.write(statements),
    read: async (queries) =>
      queries[0]?.sql.includes("due_ms <= ?") ? [[]] : storage.read(queries),
  });
  const half = LIMITS.intakeWaitingItems / 2;
  const [shop, other] = [world.accounts.get("shop")!, world.accounts.get("other")!];
  expect(await intake.receive(shop, many(0, half))).toMatchObject({ accepted: half });
  expect(await intake.receive(shop, many(half, 1))).toBeNull();
  expect(await intake.receive(other, many(0, half))).toMatchObject({ accepted: half });
  expect(await intake.receive(other, many(half, 1))).toBeNull();
  const [counted] = await storage.read([{ sql: "select count(*) as items from received" }]);
  expect(counted).toEqual([{ items: 2 * half }]);
  expect(await (await openIntake(world, storage)).receive(shop, many(half, 1))).toBeNull();
}, 60_000);

test("SYN2: an inbox that has too much waiting is asked again, and gets each row once", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  world.isInboxFull = true;
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("1", 1, 100))]);
  await settle(world, intake);
  expect(await eventsOf(world)).toEqual([]);
  world.isInboxFull = false;
  await settle(world, intake, 60_000);
  expect(netOf(await eventsOf(world))).toBe(100);
});

test("SYN2: whoever looks twice sees how much of an account is golden, however short a while ago the inbox was asked", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("1", 1, 100))]);
  await settle(world, intake);
  await world.inboxStorage.write([{ sql: "update mark set golden = accepted" }]);
  await settle(world, intake);
  expect(await intake.health()).not.toMatchObject([{ notGolden: 0 }]);
  await settle(world, intake);
  expect(await intake.health()).toMatchObject([{ notGolden: 0 }]);
});

test("SYN10: bodies are let go when nobody asks any more, keys stay until nobody repeats them", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  const shop = world.accounts.get("shop")!;
  const item = itemOf(order("1", 1, 100));
  await intake.receive(shop, [item]);
  await settle(world, intake);
  expect((await intake.show(1))?.body).not.toBeNull();
  await settle(world, intake, (LIMITS.intakeBodyDays + 1) * 86_400_000);
  expect(await intake.show(1)).toMatchObject({ body: null, state: "done" });
  expect(await intake.receive(shop, [item])).toMatchObject({ duplicates: 1 });
  await settle(world, intake, LIMITS.intakeKeyDays * 86_400_000);
  expect(await intake.show(1)).toBeNull();
});

const square = (world: World, answer: (request: Request) => Response) => {
  world.answer = (request) => Promise.resolve(answer(request));
  world.mappers["file"] = (sent, account) =>
    sent.fetched
      ? world.mappers["ndjson"]!({ ...sent, body: sent.fetched }, account)
      : { ok: true, value: { needs: { path: "/v2/orders/1" } } };
};

test("what has to be fetched is fetched below the account's address only, with its token, and then read", async () => {
  const world = await newWorld([
    accountOf("shop", {
      apiBase: "https://api.test/base",
      secrets: { apiToken: "secret" },
    } as object),
  ]);
  const asked: string[] = [];
  let status = 503;
  square(world, (request) => {
    asked.push(`${request.url} ${request.headers.get("authorization")}`);
    return new Response(JSON.stringify(order("1", 1, 100)), { status });
  });
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [itemOf({ key: "note" })]);
  await settle(world, intake);
  expect(await intake.failed({ max: 9 })).toMatchObject([
    { code: "unreachable", class: "transient" },
  ]);
  status = 200;
  await settle(world, intake, 60_000);
  expect(await intake.failed({ max: 9 })).toEqual([]);
  expect(netOf(await eventsOf(world))).toBe(100);
  expect(new Set(asked)).toEqual(new Set(["https://api.test/base/v2/orders/1 Bearer secret"]));
});

test("an alert is told when it begins and when it ends, signed, with nothing of a customer", async () => {
  const world = await newWorld([
    accountOf("shop", {
      alertUrl: "https://alerts.test/",
      silentMinutes: 30,
      secrets: { webhookSecret: "s3cret" },
    } as object),
  ]);
  const told: { type: string; data: object }[] = [];
  world.answer = async (request) => {
    expect(request.headers.get("regulars-signature")).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    told.push(JSON.parse(await request.text()) as (typeof told)[number]);
    return new Response(null, { status: 204 });
  };
  const intake = await openIntake(world);
  const shop = world.accounts.get("shop")!;
  await intake.receive(shop, [itemOf(order("1", 1, 100))]);
  await settle(world, intake);
  await settle(world, intake, 31 * 60_000);
  await settle(world, intake, 2 * 60_000);
  expect(await intake.health()).toMatchObject([{ account: "shop", alerts: ["silent"] }]);
  await intake.receive(shop, [itemOf(order("2", 1, 100))]);
  await settle(world, intake, 2 * 60_000);
  expect(told.map(({ type }) => type)).toEqual([
    "regulars.intake.alert.raised",
    "regulars.intake.alert.resolved",
  ]);
  expect(JSON.stringify(told)).not.toContain("ada");
});

/** The `at`-th write is lost: before it was applied, or after, when its caller does not hear of it. */
function crashing(storage: Storage, at: number, isApplied: boolean): Storage {
  let writes = 0;
  return {
    read: (queries) => {
      if (writes > at) throw new Error("crashed");
      return storage.read(queries);
    },
    async write(statements) {
      writes += 1;
      if (writes > at + 1) throw new Error("crashed");
      if (writes === at + 1) {
        if (isApplied) await storage.write(statements);
        throw new Error("crashed");
      }
      await storage.write(statements);
    },
  };
}

const wordsArbitrary = fc.shuffledSubarray(
  [
    { account: "shop", capture: order("1001", 1, 1000, { state: "placed" }) },
    { account: "shop", capture: order("1001", 2, 1000) },
    { account: "shop", capture: order("1001", 3, 800) },
    { account: "shop", capture: refund("1001", "r1", 300) },
    { account: "events", capture: order("1001", 1, 999, { ids: ["x", "1001"] }) },
    { account: "events", capture: refund("1001", "Order Refunded", 999) },
    { account: "shop", capture: order("2002", 1, 50, { customer: { phone: "+447700900123" } }) },
  ],
  { minLength: 7 },
);

test("ING1, ING2, SYN2: cut off at any write and begun again, everything has its effect once", async () => {
  await fc.assert(
    fc.asyncProperty(
      wordsArbitrary,
      fc.array(fc.tuple(fc.integer({ min: 3, max: 25 }), fc.boolean()), { maxLength: 6 }),
      async (words, crashes) => {
        const world = await newWorld([
          accountOf("shop", { trust: 7 }),
          accountOf("events", { trust: 2 }),
        ]);
        const runs = [...crashes, null];
        for (const crash of runs) {
          const storage = crash ? crashing(world.storage, ...crash) : world.storage;
          try {
            const intake = await openIntake(world, storage);
            for (const { account, capture } of words) {
              await intake.receive(world.accounts.get(account)!, [itemOf(capture)]);
            }
            await settle(world, intake, crash ? 0 : 3_600_000);
          } catch {
            // As an object is gone whose write failed: what is stored stays.
          }
        }
        const events = await eventsOf(world);
        expect(netOf(events)).toBe(800 - 300 + 50);
        expect(await mergedOf(world)).toBe(netOf(events));
        expect(new Set(events.map(({ stamp }) => stamp)).size).toBe(events.length);
        const last = await openIntake(world);
        expect(await last.failed({ max: 9 })).toEqual([]);
        expect((await last.health()).map(({ stopped }) => stopped)).toEqual([null, null]);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
