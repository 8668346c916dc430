import { cp } from "node:fs/promises";
import { expect, test } from "vitest";
import { pushAll, receiptsAt, strangerAfter } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { sale } from "../../testing/settings.ts";
import { openTill, temporaryFolder } from "../../testing/till.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };

test("SYN3: a disk that comes back from before its rows were sealed anew seals them under the same keys", async () => {
  const edge = createFakeEdge();
  const [one, two] = [await temporaryFolder(), await temporaryFolder()];
  const till = await openTill({ dataDir: one, edge });
  const shared = await till.captured(sale({ customer: ada }));
  await pushAll(till);
  edge.items.push(strangerAfter(edge.items.at(-1)!));
  const taken = [await till.captured(sale({ customer: ada })), await till.captured(sale())];
  await till.close();
  await cp(one, two, { recursive: true });
  const later = [];
  for (const dataDir of [one, two]) {
    const copy = await openTill({ dataDir, edge });
    copy.clock.ms += 1_000 * (later.length + 1);
    later.push(await copy.captured(sale({ customer: ada })));
    await pushAll(copy);
    await copy.close();
  }
  expect(receiptsAt(edge)).toHaveLength(5);
  expect(new Set(receiptsAt(edge))).toEqual(
    new Set([shared, ...taken, ...later].map(({ receipt }) => receipt)),
  );
});

test("a copy of a whole folder cannot be told from it by what is in it, only by its life", async () => {
  const [one, two] = [await temporaryFolder(), await temporaryFolder()];
  const till = await openTill({ dataDir: one, edge: createFakeEdge() });
  await till.captured(sale());
  await till.close();
  await cp(one, two, { recursive: true });
  const lives = [];
  for (const dataDir of [one, two]) {
    const edge = createFakeEdge();
    const copy = await openTill({ dataDir, edge });
    await copy.captured(sale());
    await copy.sync.push();
    lives.push(edge.pushes[0]!.life!);
  }
  expect(lives[0]!.start).toBe(lives[1]!.start);
  expect(lives[0]!.nonce).not.toBe(lives[1]!.nonce);
});
