import { expect, test } from "vitest";
import { stampToMs } from "../clock.ts";
import { LIMITS } from "../limits.ts";
import { type Body, record } from "../../../test/captures.ts";
import { clampContribution, extendClamps, keptClamps, NO_CLAMPS } from "./clamp.ts";

test("CLK1: what a clock from the future said counts as the moment of its merge, in every section", () => {
  const bodies: Body[] = [
    { kind: "claim", body: { claims: {}, traits: { plan: "gold" } } },
    { kind: "cart", body: { cart: "c1", change: "set", items: [] } },
    {
      kind: "order",
      body: { order: "1", state: "paid", currency: "GBP", totalMinor: 1, lines: 1 },
    },
    { kind: "behaviour", body: { type: "page", name: "Teas" } },
    { kind: "loyalty", body: { program: "club", balancePoints: 5 } },
  ];
  const records = record(bodies.map((what) => ({ writer: 0, key: 0, afterMs: 1, what })));
  const said = records.at(-1)!.contribution;
  const nowMs = 1_600_000_000_000;
  const clamps = extendClamps(said, NO_CLAMPS, nowMs);
  const clamped = clampContribution(said, clamps);
  const sections = ({ traits, behaviours, carts, orders, loyalty }: typeof said) =>
    [traits, behaviours, carts, orders, loyalty].flatMap((section) =>
      Object.values<{ stamp: string }>(section).map(({ stamp }) => stampToMs(stamp)),
    );
  expect(sections(said)).toHaveLength(5);
  expect(Math.min(...sections(said))).toBeGreaterThan(nowMs + LIMITS.clockAheadMs);
  expect(sections(clamped)).toEqual(sections(said).map(() => nowMs));
  expect(keptClamps(said, clamps)).toEqual(clamps);
});
