import fc from "fast-check";
import { expect, test } from "vitest";
import type { Storage } from "@regulars/shared/storage/port";
import { LIMITS } from "@regulars/shared/limits";
import {
  accountOf,
  eventsOf,
  itemOf,
  kindsOf,
  netOf,
  newWorld,
  openIntake,
  settle,
  type World,
} from "./machine.ts";

const AT = "2026-03-01T10:00:00.000Z";
const ada = { email: "ada@example.org", givenName: "Ada" };

const order = (no: string, revision: number, minor: number, more: object = {}) => ({
  kind: "order",
  key: `order:${no}@${revision}`,
  at: AT,
  ids: [no],
  revision,
  state: "paid",
  currency: "GBP",
  lines: [{ sku: "A", quantity: "1", amountMinor: minor }],
  customer: ada,
  ...more,
});
const refund = (no: string, name: string, minor: number, more: object = {}) => ({
  kind: "refund",
  key: `refund:${name}`,
  at: AT,
  refund: name,
  order: no,
  currency: "GBP",
  lines: [{ sku: "A", quantity: "1", amountMinor: -minor }],
  ...more,
});

test("ING1: what was received is durable before it is answered, and a repeated delivery has no effect", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  const shop = world.accounts.get("shop")!;
  const item = itemOf(order("1001", 1, 1000));
  expect(await intake.receive(shop, [item, item])).toEqual({ accepted: 1, duplicates: 1 });
  // Whatever happens next: another run finds it.
  const next = await openIntake(world);
  expect(await next.receive(shop, [item])).toEqual({ accepted: 0, duplicates: 1 });
  await settle(world, next);
  expect(kindsOf(await eventsOf(world))).toEqual(["shop sale", "shop order", "shop claim"]);
  // Another delivery of the same thing.
  await next.receive(shop, [itemOf(order("1001", 1, 1000), { key: "another" })]);
  await settle(world, next);
  expect(await eventsOf(world)).toHaveLength(3);
});

test("SYN6: what cannot be used is kept with its reason, and the others go on", async () => {
  const world = await newWorld([accountOf("shop")]);
  world.mappers["file"] = (sent, account) => {
    if (new TextDecoder().decode(sent.body).includes("explode")) throw new Error("a mistake of ours");
    return world.mappers["ndjson"]!(sent, account);
  };
  const intake = await openIntake(world);
  const broken = { ...order("1", 1, 1), lines: "none", key: "k" };
  await intake.receive(world.accounts.get("shop")!, [
    itemOf(broken),
    itemOf(order("explode", 1, 5)),
    itemOf(order("1002", 1, 700)),
  ]);
  await settle(world, intake);
  expect(netOf(await eventsOf(world))).toBe(700);
  const failed = await intake.failed({ max: 10 });
  expect(failed.map(({ code, class: kind, field }) => [code, kind, field])).toEqual(
    expect.arrayContaining([
      ["bad_field", "schema", "lines"],
      ["internal", "transient", null],
    ]),
  );
  expect(world.errors[0]).toContain("a mistake of ours");
  const shown = await intake.show(failed.find(({ code }) => code === "bad_field")!.n);
  expect(JSON.parse(atob(shown?.body ?? ""))).toEqual(broken);
});

test("SYN6: a replay after a mended rule takes effect once and leaves the list", async () => {
  const world = await newWorld([accountOf("shop", { rules: { maxTotalMinor: 500 } })]);
  const intake = await openIntake(world);
  const shop = world.accounts.get("shop")!;
  await intake.receive(
    shop,
    [1, 2, 3].map((no) => itemOf(order(`${no}`, 1, 1000))),
  );
  await settle(world, intake);
  const groups = await intake.groups();
  expect(groups).toMatchObject([{ code: "rule", field: "lines", items: 3 }]);
  const like = { item: groups[0]!.example, isLike: true, isApproved: false, after: 0 };
  expect(await intake.replay(like)).toMatchObject({ replayed: 0, kept: 3 });
  expect(await intake.replay({ ...like, isLike: false, isApproved: true })).toMatchObject({
    replayed: 1,
    kept: 0,
  });
  world.accounts.set("shop", accountOf("shop", { rules: {} }));
  const [left] = await intake.groups();
  expect(await intake.replay({ ...like, item: left!.example })).toMatchObject({ replayed: 2, kept: 0 });
  expect(await intake.replay({ ...like, item: left!.example })).toMatchObject({ replayed: 0, kept: 0 });
  await settle(world, intake);
  expect(netOf(await eventsOf(world))).toBe(3000);
  expect(await intake.groups()).toEqual([]);
});

test("ING2: a refund that comes before its order waits for it, and is not lost", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  const shop = world.accounts.get("shop")!;
  await intake.receive(shop, [itemOf(refund("1001", "r1", 300))]);
  await settle(world, intake);
  expect(await intake.failed({ max: 9 })).toMatchObject([{ code: "unknown_order", class: "reference" }]);
  await intake.receive(shop, [itemOf(order("#1001", 1, 1000))]);
  await settle(world, intake);
  expect(await intake.failed({ max: 9 })).toEqual([]);
  expect(netOf(await eventsOf(world))).toBe(700);
});

test("ING2: also where both come in one page", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [
    itemOf(refund("1001", "r1", 300)),
    itemOf(order("1001", 1, 1000)),
  ]);
  await settle(world, intake);
  expect(netOf(await eventsOf(world))).toBe(700);
});

test("ING2: a refund in another currency than its order is kept for a person", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [
    itemOf(order("1001", 1, 1000)),
    itemOf(refund("1001", "r1", 300, { currency: "EUR" })),
  ]);
  await settle(world, intake);
  expect(await intake.failed({ max: 9 })).toMatchObject([{ code: "other_currency", class: "state" }]);
});

test("ING2: two channels tell of one order: one sale, and both customers' words", async () => {
  const world = await newWorld([accountOf("shop", { trust: 7 }), accountOf("events", { trust: 2 })]);
  const intake = await openIntake(world);
  const customer = { userId: "u1", anonymousIds: ["browser-1"], traits: { plan: "gold" } };
  await intake.receive(world.accounts.get("events")!, [
    itemOf(order("1001", 1, 900, { ids: ["t-77", "#1001"], customer })),
  ]);
  await settle(world, intake);
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("1001", 5, 1000))]);
  await settle(world, intake);
  await intake.receive(world.accounts.get("events")!, [
    itemOf(order("1001", 2, 900, { ids: ["t-77", "#1001"], customer: { userId: "u2" } })),
  ]);
  await settle(world, intake);
  const events = await eventsOf(world);
  expect(kindsOf(events)).toEqual([
    ...["events sale", "events order", "events claim", "events void", "events claim"],
    ...["shop sale", "shop order", "shop claim"],
  ]);
  expect(netOf(events)).toBe(1000);
  const voided = events.find(({ kind }) => kind === "void");
  expect(voided?.subject).toEqual(events[0]?.subject);
});

test("ING2: a till's sale that pays the order takes the connector's back, told twice as well", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("1001", 1, 1000))]);
  await settle(world, intake);
  for (let time = 0; time < 2; time++) {
    await intake.taken([{ order: "#1001", event: "till-1/1/9", at: AT }]);
    await settle(world, intake);
  }
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("1001", 2, 1500))]);
  await settle(world, intake);
  expect(netOf(await eventsOf(world))).toBe(0);
});

test("an older word about a customer that comes later replaces nothing", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  const claim = (key: string, at: string, customer: object, more: object = {}) =>
    itemOf({ kind: "claim", key, at, customer: { email: "ada@example.org", ...customer }, ...more });
  const consent = (state: string) => [{ purpose: "marketing", channel: "email", state }];
  await intake.receive(world.accounts.get("shop")!, [
    claim("b", "2026-03-01T11:00:00Z", { givenName: "New" }, { consents: consent("withdrawn") }),
    claim("a", "2026-03-01T10:00:00Z", { givenName: "Old", familyName: "L" }, { consents: consent("granted") }),
  ]);
  await settle(world, intake);
  const events = await eventsOf(world);
  expect(kindsOf(events)).toEqual(["shop claim", "shop consent", "shop claim"]);
  expect(events[2]).toMatchObject({ body: { claims: { familyName: "L" } } });
  expect(events[2]).not.toHaveProperty("body.claims.givenName");
});

test("EDG5: too much that waits is refused before anything is taken, and one account does not starve another", async () => {
  const world = await newWorld([accountOf("shop"), accountOf("other")]);
  const { storage } = world;
  // No item is ever due: what is received waits.
  const intake = await openIntake(world, {
    write: (statements) => storage.write(statements),
    read: async (queries) =>
      queries[0]?.sql.includes("due_ms <= ?") ? [[]] : storage.read(queries),
  });
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => itemOf({ key: `${from + at}` }));
  const half = LIMITS.intakeWaiting / 2;
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
    accountOf("shop", { apiBase: "https://api.test/base", secrets: { apiToken: "secret" } } as object),
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
  expect(await intake.failed({ max: 9 })).toMatchObject([{ code: "unreachable", class: "transient" }]);
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
      fc.array(fc.tuple(fc.integer({ min: 3, max: 12 }), fc.boolean()), { maxLength: 6 }),
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
        expect(new Set(events.map(({ stamp }) => stamp)).size).toBe(events.length);
        const last = await openIntake(world);
        expect(await last.failed({ max: 9 })).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
