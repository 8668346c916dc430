/** The matching policy over HTTP: published by number, and everybody is resolved by it. */
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_MATCHING_POLICY } from "../matching/policy.ts";
import { openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { createTill, fragmentsOf, keyOf, START_MS } from "../testing/till.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());

const publish = async (policy: object): Promise<number> =>
  (await central.post("/v1/matching-policy", { policy, by: "ada" }, PERSON)).status;
const get = async (path: string): Promise<unknown> => (await central.get(path, PERSON)).json();
const customers = () =>
  rowsOf(central.storage, "select id from customer where redirect_to is null");

test.each(["(", "a{2,1}", "[z-a]"])(
  "IDN3 a pattern of values that are nobody's is refused where it is none: %s",
  async (pattern) => {
    const blocked = { email: [pattern] };
    expect(await publish({ ...DEFAULT_MATCHING_POLICY, version: 2, blocked })).toBe(422);
    expect(await get("/v1/matching-policy")).toMatchObject({ policy: { version: 1 } });
    expect(central.errors).toEqual([]);
  },
);

test("IDN4 a policy by which phones are places parts those whom a phone has joined, and can be followed", async () => {
  const till = createTill("till-1");
  const phone = keyOf("phone", "+441632960001");
  const [one, two] = [keyOf("email", "ann@x.example"), keyOf("email", "bea@x.example")];
  await central.post(
    "/v1/intake/fragments",
    fragmentsOf([
      till.sale(100, [one, phone], START_MS).fragment!,
      till.sale(100, [two, phone], START_MS + 60_000).fragment!,
      till.sale(100, [phone], START_MS + 120_000).fragment!,
    ]),
  );
  const before = await customers();
  const { phone: rule, ...keys } = DEFAULT_MATCHING_POLICY.keys;
  const next = {
    ...DEFAULT_MATCHING_POLICY,
    version: 2,
    keys: { ...keys, phone: { ...rule!, strength: 0 } },
  };
  expect(await publish({ ...next, version: 3 })).toBe(409);
  expect(await publish({ ...next, version: "x" })).toBe(422);
  expect(await publish(next)).toBe(201);
  expect(await publish(next)).toBe(200);
  await central.resolved();
  expect(await get("/v1/resolution")).toMatchObject({ policy: 2, done: 3, total: 3, isDone: true });
  expect(await get("/v1/matching-policy")).toMatchObject({ policy: { version: 2 }, by: "ada" });
  expect(before.length).toBeLessThan(3);
  expect(await customers()).toHaveLength(3);
  expect(central.errors).toEqual([]);
});
