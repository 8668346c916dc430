import { expect, test } from "vitest";
import { createEdgeWatch } from "./edge-watch.ts";

const status = { stores: [{ store: "store-1", terminals: [], quarantined: {} }], shards: [] };
const answers: Readonly<Record<string, object>> = {
  "/v1/status": status,
  "/v1/tills": { tills: [] },
  "/v1/accounts": { accounts: [] },
};

const well = (path: string): Promise<object | undefined> => Promise.resolve(answers[path]);

test("the edge is asked again and again, never twice at once, and what it said stays while it is away", async () => {
  let nowMs = 1_000;
  let answer = well;
  const waiting: (() => void)[] = [];
  const watch = createEdgeWatch({
    askEdge: async (_, path) => ({ status: 200, json: await answer(path) }),
    nowMs: () => nowMs,
    later(_, task) {
      waiting.push(task);
      return () => waiting.splice(waiting.indexOf(task), 1);
    },
  });
  expect(watch.sight()).toMatchObject({ seenMs: null, awaySinceMs: null });
  await watch.look();
  expect(watch.sight()).toMatchObject({ seenMs: 1_000, awaySinceMs: null });
  expect([...watch.sight().stores.keys()]).toEqual(["store-1"]);
  expect(waiting).toHaveLength(1);

  answer = () => Promise.reject(new Error("away"));
  for (nowMs of [2_000, 3_000]) await watch.look();
  expect(watch.sight()).toMatchObject({ seenMs: 1_000, awaySinceMs: 1_000 });
  expect([...watch.sight().stores.keys()]).toEqual(["store-1"]);
  expect(waiting).toHaveLength(1);

  answer = () => Promise.resolve({ nonsense: true });
  await watch.look();
  expect(watch.sight().awaySinceMs).toBe(1_000);

  answer = well;
  await watch.look();
  expect(watch.sight()).toMatchObject({ seenMs: 3_000, awaySinceMs: null });
  watch.close();
  expect(waiting).toHaveLength(0);
});
