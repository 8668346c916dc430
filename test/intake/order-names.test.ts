import { expect, test } from "vitest";
import { accountOf, eventsOf, itemOf, netOf, newWorld, openIntake, settle } from "./machine.ts";
import { order } from "./said.ts";

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
