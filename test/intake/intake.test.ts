import { expect, test } from "vitest";
import {
  accountOf,
  eventsOf,
  itemOf,
  kindsOf,
  netOf,
  newWorld,
  openIntake,
  settle,
} from "./machine.ts";
import { AT, order, refund } from "./said.ts";

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
    if (new TextDecoder().decode(sent.body).includes("explode"))
      throw new Error("a mistake of ours");
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
  expect(await intake.replay({ ...like, item: left!.example })).toMatchObject({
    replayed: 2,
    kept: 0,
  });
  expect(await intake.replay({ ...like, item: left!.example })).toMatchObject({
    replayed: 0,
    kept: 0,
  });
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
  expect(await intake.failed({ max: 9 })).toMatchObject([
    { code: "unknown_order", class: "reference" },
  ]);
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
  expect(await intake.failed({ max: 9 })).toMatchObject([
    { code: "other_currency", class: "state" },
  ]);
});

test("ING2: two channels tell of one order: one sale, and both customers' words", async () => {
  const world = await newWorld([
    accountOf("shop", { trust: 7 }),
    accountOf("events", { trust: 2 }),
  ]);
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
    "events sale",
    "events order",
    "events claim",
    "events void",
    "events claim",
    "shop sale",
    "shop order",
    "shop claim",
  ]);
  expect(netOf(events)).toBe(1000);
  const voided = events.find(({ kind }) => kind === "void");
  expect(voided?.subject).toEqual(events[0]?.subject);
});

test("ING2: one account's orders that share a reference are as many orders, in any order of their words", async () => {
  const world = await newWorld([accountOf("shop", { trust: 7 }), accountOf("events")]);
  const intake = await openIntake(world);
  const tell = async (account: string, ...captures: ReturnType<typeof order>[]) => {
    await intake.receive(
      world.accounts.get(account)!,
      captures.map((capture) => itemOf(capture)),
    );
    await settle(world, intake);
  };
  await tell("shop", order("a", 1, 300, { ids: ["a", "table-4"] }));
  await tell("shop", order("b", 1, 500, { ids: ["b", "table-4"] }));
  await tell("shop", order("b", 2, 600, { ids: ["b", "table-4"] }));
  // Another order's reference is this one's id.
  await tell("shop", order("table-4", 1, 70, { ids: ["table-4"] }));
  await tell("shop", order("table-4", 2, 80, { ids: ["table-4"] }));
  await tell("events", order("b", 1, 500, { ids: ["b"] }));
  expect(netOf(await eventsOf(world))).toBe(300 + 600 + 80);
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

const claim = (key: string, at: string, customer: object, more: object = {}) =>
  itemOf({
    kind: "claim",
    key,
    at,
    customer: { email: "ada@example.org", ...customer },
    ...more,
  });
const consent = (state: string) => [{ purpose: "marketing", channel: "email", state }];

test("an older word about a customer that comes later replaces nothing", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [
    claim("b", "2026-03-01T11:00:00Z", { givenName: "New" }, { consents: consent("withdrawn") }),
    claim(
      "a",
      "2026-03-01T10:00:00Z",
      { givenName: "Old", familyName: "L" },
      { consents: consent("granted") },
    ),
  ]);
  await settle(world, intake);
  const events = await eventsOf(world);
  expect(kindsOf(events)).toEqual(["shop claim", "shop consent", "shop claim"]);
  expect(events[2]).toMatchObject({ body: { claims: { familyName: "L" } } });
  expect(events[2]).not.toHaveProperty("body.claims.givenName");
});
