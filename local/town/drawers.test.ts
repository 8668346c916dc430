import { captureInputSchema } from "@regulars/shared/capture/input";
import type { CaptureAnswer, CaptureRequest } from "../system/agent-client.ts";
import type { Agent } from "../system/system.ts";
import { describe, expect, test } from "vitest";
import { closeDay, openDrawers } from "./close-day.ts";
import { CLOSES, createDay, OPENS } from "./day.ts";
import { createDrawers } from "./drawers.ts";
import { createTown } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";

const options = { day: 4, firstDay: "2026-03-01", zone: ZONE, stores: STORES, sales: 350 };
const day = createDay(createTown({ seed: 1, people: 400, stores: STORES.length }), options);
const drawers = createDrawers(1, day, options);
const HASH = "ab".repeat(32);

describe("the drawers of a day", () => {
  test("are the same for the same seed, and every capture is one that a till takes", () => {
    expect(JSON.stringify(createDrawers(1, day, options))).toBe(JSON.stringify(drawers));
    expect(drawers.tills.filter(({ shortMinor }) => shortMinor > 0)).toHaveLength(1);
    expect(drawers.seals.map(({ store }) => store)).toEqual(["store-1", "store-2"]);
    const captures = [
      ...drawers.errands.map(({ capture }) => capture),
      ...drawers.tills.flatMap(({ opening, count, close }) => [opening, count, close("unknown")]),
      ...drawers.seals.map(({ capture }) => capture),
    ];
    for (const capture of captures) captureInputSchema.parse(capture);
    expect(new Set(captures.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(
      captures.length,
    );
    for (const { minute } of drawers.errands) {
      expect(minute).toBeGreaterThan(OPENS);
      expect(minute).toBeLessThan(CLOSES);
    }
  });
});

/** Tills that answer as an agent would whose drawer differs by so much. */
function createAgents(differences: Readonly<Record<string, number>>) {
  const said: [string, CaptureRequest][] = [];
  const agents = STORES.flat().map(({ source, store }): Agent => {
    const differenceMinor = differences[source] ?? 0;
    const compared = [
      {
        type: "cash" as const,
        currency: "GBP",
        countedMinor: 0,
        expectedMinor: 0,
        differenceMinor,
      },
    ];
    const own = () => said.filter(([by]) => by === source).map(([, capture]) => capture);
    return {
      source,
      store,
      port: 0,
      uplinkPort: 0,
      url: "",
      uplink: { port: 0, isCut: () => false, cut: async () => {}, restore: async () => {} },
      client: {
        async capture(capture): Promise<CaptureAnswer> {
          const seq = said.push([source, capture]);
          return { epoch: 1, seq, receipt: null, hash: "", flags: [], repeated: false };
        },
        status: () => Promise.reject(new Error("not asked")),
        journal: () => Promise.reject(new Error("not asked")),
        shift: async () => ({ open: { number: 7, compared } }),
        async zReport(number) {
          const close = own().find(({ kind }) => kind === "close");
          if (close?.kind !== "close") throw new Error("is not closed");
          return { number, compared, ...(close.reason ? { reason: close.reason } : {}) };
        },
        day: async () => ({
          shifts: [{ number: 7, state: "closed" }],
          heads: [{ source, epoch: 1, seq: 9, hash: HASH }],
        }),
      },
    };
  });
  return { agents, said };
}

test("REC1: each drawer is counted before it is closed, a difference has a reason, and a store's other heads are sealed", async () => {
  const careless = drawers.tills.find(({ shortMinor }) => shortMinor > 0)!.source;
  const { agents, said } = createAgents({ [careless]: -500 });
  const { signal } = new AbortController();
  await openDrawers(agents, drawers, signal);
  const closed = await closeDay(agents, drawers, day.date, signal);
  expect(closed).toEqual({
    reports: 3,
    differing: [{ source: careless, minor: -500, reason: "wrong_change" }],
    sealed: ["store-1", "store-2"],
  });
  for (const { source } of agents) {
    const kinds = said.flatMap(([by, { kind }]) =>
      by === source && kind !== "seal" ? [kind] : [],
    );
    expect(kinds).toEqual(["open", "count", "close"]);
  }
  const sealed = said.flatMap(([, capture]) => (capture.kind === "seal" ? [capture.heads] : []));
  expect(sealed).toMatchObject([[{ source: "store-1-till-2" }], []]);
});
