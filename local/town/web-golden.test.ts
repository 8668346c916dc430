import { expect, test } from "vitest";
import type { AccountHealth, ShopClient } from "../system/shop-client.ts";
import { untilWebGolden } from "./web-golden.ts";
import { APP_ACCOUNT, SEGMENT_ACCOUNT } from "./web-shop.ts";

const healthOf = (account: string, change: Partial<AccountHealth> = {}): AccountHealth => ({
  account,
  waiting: 0,
  failed: 0,
  notGolden: 0,
  stopped: null,
  ...change,
});

function shopOf(...answers: readonly (readonly AccountHealth[])[]) {
  let asked = 0;
  const shop: ShopClient = {
    send: () => Promise.reject(new Error("not asked")),
    consent: () => Promise.reject(new Error("not asked")),
    health: async () => [...(answers[Math.min(asked++, answers.length - 1)] ?? [])],
  };
  return { shop, asked: () => asked };
}

const { signal } = new AbortController();

test("messages that wait at the desk are counted of the town's own shop alone", async () => {
  const { shop } = shopOf([
    healthOf(SEGMENT_ACCOUNT, { failed: 2 }),
    healthOf(APP_ACCOUNT, { failed: 1 }),
    healthOf("trial-shop", { failed: 16 }),
  ]);
  expect(await untilWebGolden(shop, signal)).toBe(3);
});

test("an account of somebody else's is not waited for, and the shop's own are", async () => {
  const other = healthOf("trial-shop", { waiting: 4, stopped: "contradicted" });
  const { shop, asked } = shopOf(
    [healthOf(SEGMENT_ACCOUNT, { notGolden: 1 }), other],
    [healthOf(SEGMENT_ACCOUNT), other],
  );
  expect(await untilWebGolden(shop, signal)).toBe(0);
  expect(asked()).toBe(2);
});
