import { expect, test } from "vitest";
import { pushAll, receiptsAt, strangerAfter } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { sale } from "../../testing/settings.ts";
import { openTill } from "../../testing/till.ts";

test("SYN2 SYN3: marks that a pull brings say nothing of rows that were never sent", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  const first = await till.captured(sale());
  await pushAll(till);
  const own = await till.captured(sale());
  // Another machine's row came first under the same number, and is golden already.
  edge.items.push(strangerAfter(edge.items[0]!));
  edge.marks = { accepted: 2, merged: 2, golden: 2 };
  await till.sync.pull();
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual([first.receipt, first.receipt, own.receipt]);
});

test("SYN2 SYN5: rows of a closed epoch that the edge has lost are sent again", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  const sold = [await till.captured(sale()), await till.captured(sale())];
  await pushAll(till);
  edge.nextEpoch = 2;
  await till.sync.pull();
  sold.push(await till.captured(sale()));
  await pushAll(till);
  expect(sold[2]).toMatchObject({ epoch: 2 });
  edge.items.splice(1);
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual(sold.map(({ receipt }) => receipt));
});
