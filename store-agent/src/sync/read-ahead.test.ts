import { expect, test } from "vitest";
import { pushAll, receiptsAt } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { sale } from "../../testing/settings.ts";
import { openTill, type Till } from "../../testing/till.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };

async function sell(till: Till, count: number): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, () => till.captured(sale({ customer: ada }))),
  );
  return answers.map(({ receipt }) => receipt ?? "");
}

/** So small that a push takes three or four sales. */
const SMALL = { maxBatchBytes: 5_000, retryAfterMs: 0 };

/** A till that has much to send, to an edge that has said how little it takes at once. */
async function openSelling() {
  const edge = createFakeEdge();
  edge.pace = SMALL;
  const till = await openTill({ edge });
  const sold = await sell(till, 1);
  await pushAll(till);
  sold.push(...(await sell(till, 20)));
  return { edge, till, sold };
}

test("what follows on a push is read while it is under way, and sent as it was read", async () => {
  const { edge, till, sold } = await openSelling();
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual(sold);
  const [, first, ...others] = edge.pushes.map(({ items }) => items);
  expect(others.length).toBeGreaterThan(3);
  // The very same lists: what was made ready with them is not made again.
  for (const items of others) expect(edge.prepared.includes(items)).toBe(true);
  expect(edge.prepared.includes(first ?? [])).toBe(false);
});

test("SYN1: what was read ahead of a push that was not taken is not sent before it", async () => {
  const { edge, till, sold } = await openSelling();
  edge.failure = { code: "unreachable", retryAfterMs: 0 };
  expect((await till.sync.push()).ok).toBe(false);
  edge.failure = null;
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual(sold);
  // An edge answers a gap with where to go on, so that it would come to the same in the end, a push later.
  const seqs = edge.pushes.flatMap(({ items }) => items.map(({ seq }) => seq));
  expect(seqs).toEqual(seqs.map((_, at) => at + 1));
});
