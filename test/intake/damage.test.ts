import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { expect, onTestFinished, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { rowsOf } from "@regulars/shared/storage/port";
import { urlBelow } from "../../edge/src/intake/fetch.ts";
import {
  accountOf,
  eventsOf,
  itemOf,
  kindsOf,
  mergedOf,
  netOf,
  newWorld,
  openIntake,
  settle,
} from "./machine.ts";
import { AT, order } from "./said.ts";

test("SYN5: on a damaged fragment nothing is built: what follows is said in another epoch", async () => {
  const world = await newWorld([accountOf("shop")]);
  const shop = world.accounts.get("shop")!;
  const before = await openIntake(world);
  await before.receive(shop, [itemOf(order("1", 1, 100))]);
  await settle(world, before);
  await world.storage.write([{ sql: "update fragment set state = x'00'" }]);
  const intake = await openIntake(world);
  await intake.receive(shop, [itemOf(order("1", 2, 70)), itemOf(order("2", 1, 5))]);
  await settle(world, intake, 60_000);
  const events = await eventsOf(world);
  expect(netOf(events)).toBe(75);
  expect(new Set(events.map(({ epoch }) => epoch))).toEqual(new Set([1, 2]));
  expect(await intake.failed({ max: 9 })).toEqual([]);
});

test("ING1: the same machine on a libSQL file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-intake-"));
  const file = createLibsqlStorage(() =>
    createClient({ url: `file:${join(folder, "intake.db")}` }),
  );
  onTestFinished(async () => {
    file.close();
    await rm(folder, { recursive: true });
  });
  const world = await newWorld([accountOf("shop")], file);
  const shop = world.accounts.get("shop")!;
  const intake = await openIntake(world);
  await intake.receive(shop, [itemOf(order("1", 1, 100)), itemOf({ key: "broken" })]);
  await settle(world, intake);
  await intake.receive(shop, [itemOf(order("1", 2, 70))]);
  await settle(world, intake, 60_000);
  const events = await eventsOf(world);
  expect([netOf(events), await mergedOf(world)]).toEqual([70, 70]);
  expect(await intake.groups()).toMatchObject([{ items: 1, code: "missing_field" }]);
  expect(await intake.health()).toMatchObject([{ failed: 1, waiting: 0 }]);
  expect(world.errors).toEqual([]);
});

test("SYN2: what an inbox has lost before it was golden is sent again", async () => {
  const world = await newWorld([accountOf("shop")]);
  const shop = world.accounts.get("shop")!;
  const intake = await openIntake(world);
  await intake.receive(shop, [itemOf(order("1", 1, 100))]);
  await settle(world, intake);
  await world.inboxStorage.write([{ sql: "delete from item" }, { sql: "delete from mark" }]);
  await intake.receive(shop, [itemOf(order("2", 1, 5))]);
  await settle(world, intake, 60_000);
  expect(netOf(await eventsOf(world))).toBe(105);
  expect(await intake.health()).toMatchObject([{ stopped: null }]);
});

test("SYN2: a journal that its inbox contradicts is stopped, and says so; others go on", async () => {
  const world = await newWorld([accountOf("shop"), accountOf("other")]);
  const intake = await openIntake(world);
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("1", 1, 100))]);
  await settle(world, intake);
  await world.inboxStorage.write([{ sql: "update mark set hash = 'another'" }]);
  await intake.receive(world.accounts.get("shop")!, [itemOf(order("2", 1, 5))]);
  await intake.receive(world.accounts.get("other")!, [itemOf(order("3", 1, 9))]);
  await settle(world, intake, 2 * 60_000);
  const health = await intake.health();
  expect(health.find(({ account }) => account === "shop")).toMatchObject({
    stopped: "fork",
    alerts: ["stopped"],
  });
  expect(netOf(await eventsOf(world))).toBe(109);
  expect(world.errors.join()).toContain("stopped");
});

const lines = (sku: string) => ({ lines: [{ sku, quantity: "1", amountMinor: 10 }] });

test("SYN6: what the storage cannot hold stops nobody else; a lost answer of it has no second effect", async () => {
  const world = await newWorld([accountOf("shop")]);
  const { storage } = world;
  let lost = 0;
  const intake = await openIntake(world, {
    read: (queries) => storage.read(queries),
    async write(statements) {
      const said = JSON.stringify(statements);
      if (said.includes("too much") && said.includes("insert into journal")) {
        throw new Error("string or blob too big");
      }
      await storage.write(statements);
      if (said.includes("lost") && said.includes("insert into journal") && lost++ === 0) {
        throw new Error("the answer was lost");
      }
    },
  });
  await intake.receive(world.accounts.get("shop")!, [
    itemOf(order("1", 1, 1, lines("fine"))),
    itemOf(order("2", 1, 1, lines("too much"))),
    itemOf(order("3", 1, 1, lines("lost"))),
  ]);
  await settle(world, intake);
  expect(lost).toBe(1);
  expect(await intake.failed({ max: 9 })).toMatchObject([{ code: "internal", n: 2 }]);
  const events = await eventsOf(world);
  expect([netOf(events), await mergedOf(world)]).toEqual([20, 20]);
});

const receipt = (kind: "sale" | "return", externalId: string, minor: number) => ({
  kind,
  key: `${kind}:${externalId}`,
  at: AT,
  externalId,
  currency: "GBP",
  lines: [{ sku: "A", quantity: "1", amountMinor: minor }],
  customer: { email: "ada@example.org" },
});

const voided = (key: string) => itemOf({ kind: "void", key, at: AT, voids: "R1" });

test("a void that comes before its receipt waits for it, and takes it back once", async () => {
  const world = await newWorld([accountOf("pos")]);
  const pos = world.accounts.get("pos")!;
  const intake = await openIntake(world);
  await intake.receive(pos, [voided("v1")]);
  await settle(world, intake);
  expect(await intake.failed({ max: 9 })).toMatchObject([{ code: "unknown_receipt" }]);
  await intake.receive(pos, [
    itemOf(receipt("sale", "R1", 300)),
    itemOf(receipt("return", "R2", -20)),
  ]);
  await settle(world, intake);
  await intake.receive(pos, [voided("v2")]);
  await settle(world, intake);
  expect(await intake.failed({ max: 9 })).toMatchObject([
    { code: "already_voided", class: "state" },
  ]);
  const events = await eventsOf(world);
  expect(netOf(events)).toBe(-20);
  expect(kindsOf(events).filter((kind) => kind === "pos void")).toHaveLength(1);
});

test("somebody who exercises a right is listed until somebody has seen to it", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  const asked = {
    kind: "privacy",
    key: "p1",
    at: AT,
    request: "erase",
    orders: ["1001"],
    customer: { email: "ada@example.org" },
  };
  await intake.receive(world.accounts.get("shop")!, [
    itemOf(asked),
    itemOf(asked, { key: "again" }),
  ]);
  await settle(world, intake);
  const open = await intake.privacy();
  expect(open).toMatchObject([{ request: "erase", orders: ["1001"], account: "shop" }]);
  expect(await intake.closePrivacy(open[0]!.n)).toBe(true);
  expect(await intake.closePrivacy(open[0]!.n)).toBe(false);
  expect(await intake.privacy()).toEqual([]);
});

test("SYN10: of what has no proof the newest are kept, and nobody fills the disk", async () => {
  const world = await newWorld([accountOf("shop")]);
  const intake = await openIntake(world);
  for (let at = 0; at < LIMITS.intakeUnprovenItems + 20; at++) {
    const failed = { code: "bad_signature" } as const;
    await intake.receive(world.accounts.get("shop")!, [itemOf({ key: `${at}` }, { failed })]);
  }
  const rows = await rowsOf(world.storage, "select key from received order by n");
  expect(rows).toHaveLength(LIMITS.intakeUnprovenItems);
  expect(rows[0]).toEqual({ key: "delivery 20" });
});

test("what nobody wants to have is neither taken in nor kept", async () => {
  const world = await newWorld([accountOf("shop", { rules: { ignoredNames: ["Ping"] } })]);
  const intake = await openIntake(world);
  const ping = { kind: "behaviour", key: "b", at: AT, type: "track", name: "Ping" };
  await intake.receive(world.accounts.get("shop")!, [
    itemOf({ ...ping, customer: { userId: "u" } }),
  ]);
  await settle(world, intake);
  expect(await eventsOf(world)).toEqual([]);
  expect(await intake.show(1)).toMatchObject({ state: "dropped", body: null });
});

test("SEC1: a path leads nowhere but below the address that is set", () => {
  const base = "https://api.test/v2";
  expect(urlBelow(base, "/orders/1?x=2")?.href).toBe("https://api.test/v2/orders/1?x=2");
  for (const path of [
    "//evil.test/",
    "/../admin",
    "/%2e%2e/admin",
    "@evil.test/",
    "https://evil.test/",
    "/\\..\\..\\admin",
    "",
  ]) {
    expect([path, urlBelow(base, path)]).toEqual([path, null]);
  }
  expect(urlBelow(undefined, "/orders")).toBeNull();
});
