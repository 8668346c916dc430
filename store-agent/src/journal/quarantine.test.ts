import { expect, test } from "vitest";
import { pushAll, statusOf } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { NOON, sale } from "../../testing/settings.ts";
import { openTill } from "../../testing/till.ts";
import { listQuarantine } from "./quarantine.ts";

const since = new Date(NOON).toISOString();

test("SYN6: a till lists what the edge has set aside, with the reason, until the edge says otherwise", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  for (let n = 0; n < 2; n++) await till.captured(sale());
  edge.quarantined = [
    { seq: 1, code: "not_an_event" },
    { seq: 2, code: "key_mismatch" },
  ];
  await pushAll(till);
  expect(await listQuarantine(till.storage)).toEqual([
    { epoch: 1, seq: 1, code: "not_an_event", since },
    { epoch: 1, seq: 2, code: "key_mismatch", since },
  ]);
  expect((await statusOf(till)).quarantined).toBe(2);
  // One of them was replayed; the next answer says so.
  edge.quarantined = [{ seq: 2, code: "key_mismatch" }];
  await till.captured(sale());
  await pushAll(till);
  expect(await listQuarantine(till.storage)).toMatchObject([{ seq: 2 }]);
  edge.quarantined = [];
  await till.captured(sale());
  await pushAll(till);
  expect((await statusOf(till)).quarantined).toBe(0);
});

test("SYN6: a row that is damaged here stays listed, and one of an epoch that nobody asks after is not claimed", async () => {
  const till = await openTill({ edge: createFakeEdge() });
  await till.captured(sale());
  await till.storage.write([
    {
      sql: `insert into writer (epoch, store, closed, seq, hash, clock_ms, clock_counter, receipts,
              accepted, merged, golden)
            select epoch + 1, store, 'backlog', 3, hash, clock_ms, clock_counter, receipts, 3, 3, 2
            from writer`,
    },
    {
      sql: `insert into quarantine (epoch, seq, code, ms) values
              (1, 1, 'damaged_row', ?1), (2, 1, 'damaged_row', ?1), (2, 2, 'not_an_event', ?1)`,
      args: [NOON],
    },
  ]);
  expect(await listQuarantine(till.storage)).toHaveLength(3);
  await till.storage.write([{ sql: "update writer set golden = 3 where epoch = 2" }]);
  const codes = (await listQuarantine(till.storage)).map(({ code }) => code);
  expect(codes).toEqual(["damaged_row", "damaged_row"]);
});
