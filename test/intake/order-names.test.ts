import fc from "fast-check";
import { expect, test } from "vitest";
import {
  accountOf,
  eventsOf,
  itemOf,
  mergedOf,
  netOf,
  newWorld,
  openIntake,
  settle,
} from "./machine.ts";
import { order, refund } from "./said.ts";

test("ING2: numbers that are the ids of other orders mix up no two orders", async () => {
  const [web, shop] = [accountOf("web", { trust: 1 }), accountOf("shop", { trust: 9 })];
  const world = await newWorld([web, shop]);
  const intake = await openIntake(world);
  const tell = async (account: typeof web, capture: object & { key: string }) => {
    await intake.receive(account, [itemOf(capture)]);
    await settle(world, intake);
  };
  // The shop shows order 812 as number 815; whoever tells of it first knows that number only.
  await tell(web, order("815", 1, 1_000));
  await tell(shop, order("812", 1, 1_000, { ids: ["812", "815"] }));
  await tell(shop, order("815", 1, 70, { ids: ["815", "818"] }));
  expect(netOf(await eventsOf(world))).toBe(1_070);
  await tell(shop, order("812", 2, 600, { ids: ["812", "815"] }));
  await tell(shop, order("815", 2, 50, { ids: ["815", "818"] }));
  expect(netOf(await eventsOf(world))).toBe(650);
});

test("ING2: three channels that know an order by different names mean one, as soon as one of them says so", async () => {
  const words: readonly (readonly [
    string,
    ReturnType<typeof order> | ReturnType<typeof refund>,
  ])[] = [
    ["web", order("815", 1, 1_000)],
    ["pay", order("pi_1", 1, 1_000, { ids: ["pi_1", "ch_1"] })],
    ["shop", order("812", 1, 1_000, { ids: ["812", "815", "ch_1"] })],
    ["pay", refund("pi_1", "re_1", 300)],
    ["pay", order("pi_1", 2, 1_000, { ids: ["pi_1", "ch_1"] })],
  ];
  const orders = fc.shuffledSubarray([...words], { minLength: words.length });
  await fc.assert(
    fc.asyncProperty(orders, fc.boolean(), async (shuffled, isAtOnce) => {
      const accounts = ["web", "pay", "shop"].map((id, trust) => accountOf(id, { trust }));
      const world = await newWorld(accounts);
      let intake = await openIntake(world);
      for (const [id, capture] of shuffled) {
        await intake.receive(world.accounts.get(id)!, [itemOf(capture)]);
        if (!isAtOnce) await settle(world, intake);
        if (!isAtOnce) intake = await openIntake(world);
      }
      await settle(world, intake, 10_000_000);
      const events = await eventsOf(world);
      expect(netOf(events)).toBe(700);
      expect(await mergedOf(world)).toBe(700);
    }),
    { numRuns: 40 },
  );
});
