import { expect, test } from "vitest";
import {
  accountOf,
  eventsOf,
  itemOf,
  netOf,
  newWorld,
  openIntake,
  settle,
  START_MS,
} from "./machine.ts";
import { ada, order, refund } from "./said.ts";

const said = (type: string, message: object, key: string) =>
  itemOf(
    { type, messageId: key, anonymousId: "a-browser-of-somebody", ...message },
    { format: "segment", topic: type, key: `segment:${key}`, receivedAtMs: START_MS },
  );

const track = (event: string, properties: object, key: string) =>
  said("track", { event, properties: { currency: "GBP", ...properties } }, key);

test("IDN3: whoever has a public key cannot say that somebody else's e-mail or card is theirs", async () => {
  const web = accountOf("web", { kind: "segment", rules: { isPublic: true } });
  const world = await newWorld([web]);
  const intake = await openIntake(world);
  const traits = { email: ada.email, phone: "+447700900123", loyaltyNumber: "2000000000008" };
  await intake.receive(web, [said("identify", { userId: "mallory", traits }, "m-1")]);
  await settle(world, intake);
  const [claim] = await eventsOf(world);
  expect(claim).toMatchObject({ kind: "claim", body: { claims: { email: ada.email }, own: true } });
  const kinds = claim!.subject.map((key) => key.split(":")[0]);
  expect(kinds).toEqual(["user", "anonymous"]);
});

test("ING2: a public key neither makes money nor takes it back", async () => {
  const shop = accountOf("shop", { trust: 1 });
  const web = accountOf("web", { kind: "segment", trust: 9, rules: { isPublic: true } });
  const world = await newWorld([shop, web]);
  const intake = await openIntake(world);
  await intake.receive(shop, [itemOf(order("1001", 1, 1_000))]);
  await intake.receive(web, [
    track("Order Completed", { order_id: "1001", total: 1 }, "m-1"),
    track("Order Completed", { order_id: "forged", total: 900 }, "m-2"),
    track("Order Refunded", { order_id: "1001", total: 10 }, "m-3"),
    track("Order Cancelled", { order_id: "1001" }, "m-4"),
  ]);
  await settle(world, intake);
  expect(netOf(await eventsOf(world))).toBe(1_000);
  const failed = await intake.failed({ max: 10 });
  expect(failed.map(({ code }) => code)).toEqual(["rule", "rule"]);
  // What the shop itself says counts as ever.
  await intake.receive(shop, [itemOf(refund("1001", "r", 400))]);
  await settle(world, intake);
  expect(netOf(await eventsOf(world))).toBe(600);
});
