import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { createDurableStorage } from "../storage.ts";
import { reportOf } from "./report.ts";

test("a shard of many customers is not read from end to end whenever somebody asks how many", async () => {
  const { PROFILE } = env;
  await runInDurableObject(PROFILE.get(PROFILE.newUniqueId()), async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const add = (count: number, from: number) =>
      storage.write([
        {
          sql: `insert into profile (customer, version, golden, json, stores)
                select 'c' || value, 1, 0, '{}', '[]' from json_each(?)`,
          args: [JSON.stringify(Array.from({ length: count }, (_, at) => from + at))],
        },
      ]);
    const counted = async (nowMs: number): Promise<number> =>
      (await reportOf(storage, nowMs)).customers;
    await add(LIMITS.fewCustomers - 1, 0);
    expect(await counted(0)).toBe(LIMITS.fewCustomers - 1);
    await add(1, LIMITS.fewCustomers);
    expect(await counted(1)).toBe(LIMITS.fewCustomers);
    await add(1, LIMITS.fewCustomers + 1);
    expect(await counted(LIMITS.customersCountedMs)).toBe(LIMITS.fewCustomers);
    expect(await counted(1 + LIMITS.customersCountedMs)).toBe(LIMITS.fewCustomers + 1);
  });
});
