/** What customers weigh at the edge: made as a shop makes them, then bytes of all objects, and memory of workerd. */
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { openShop } from "../../test/shop.ts";
import { identifyOf } from "../house.ts";
import type { MeteredHouse } from "./house.ts";

const BATCH = 100;
const WITHIN_MS = 120_000;

export interface Weight {
  readonly customers: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
}

/** At each size, the smaller ones being part of the larger. */
export async function weighCustomers(
  house: MeteredHouse,
  sizes: readonly number[],
): Promise<Weight[]> {
  const shop = await openShop(house.edgeUrl, house.token, [{ id: "segment-web", kind: "segment" }]);
  const key = await shop.keyOf("segment-web", ["segment"]);
  const weights: Weight[] = [];
  let made = 0;
  for (const size of sizes) {
    for (; made < size; made += BATCH) await sendBatch(house, key, made);
    await untilThere(house, size - 1);
    const { objects } = await house.counts();
    weights.push({
      customers: size,
      diskBytes: Object.values(objects).reduce((sum, { bytes }) => sum + bytes, 0),
      memoryBytes: residentBytes(house.edgeGroup()),
    });
  }
  return weights;
}

async function sendBatch(house: MeteredHouse, key: string, from: number): Promise<void> {
  const batch = Array.from({ length: BATCH }, (_, at) => identifyOf(`user-${from + at}`));
  const response = await fetch(`${house.edgeUrl}/v1/batch`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    body: JSON.stringify({ batch }),
  });
  await response.body?.cancel();
  if (response.status === 429 || response.status === 503) {
    await wait(500);
    await sendBatch(house, key, from);
  } else if (!response.ok) throw new Error(`customers were answered with ${response.status}`);
}

/** They come in the order in which they were sent. */
async function untilThere(house: MeteredHouse, last: number): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (performance.now() < deadline) {
    const response = await fetch(`${house.edgeUrl}/v1/customers/lookup`, {
      method: "POST",
      headers: { authorization: `Bearer ${house.token}` },
      body: JSON.stringify({ email: `user-${last}@example.com`, fields: ["identity"] }),
    });
    await response.body?.cancel();
    if (response.ok) return;
    await wait(50);
  }
  throw new Error(`a customer was not there within ${WITHIN_MS / 1_000} seconds`);
}

/** Of workerd, which is in the group with its keeper. */
function residentBytes(group: number): number {
  const list = execFileSync("ps", ["-e", "-o", "pid=,pgid=,comm="], { encoding: "utf8" });
  const own = list
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, pgid, name = ""]) => Number(pgid) === group && name.includes("workerd"));
  const [pid] = own ?? [];
  if (pid === undefined) return 0;
  const [, kilobytes = "0"] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1_024;
}
