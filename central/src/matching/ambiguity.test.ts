import { describe, expect, test } from "vitest";
import { partAmbiguous } from "./ambiguity.ts";
import type { Judge, ScoredPair } from "./clusters.ts";
import { DEFAULT_MATCHING_POLICY } from "./policy.ts";

const nothing = (): never => {
  throw new Error("not asked");
};
const judge: Judge = {
  evidence: nothing,
  isAlike: nothing,
  isApart: nothing,
  isDoubtful: nothing,
  isSilent: nothing,
  isNamed: nothing,
  isBlocked: nothing,
  // Father and son are two people; what tells them apart is not in `between`.
  cannotTell: (record, one, two) =>
    record === "between" && [one, two].toSorted().join() === "father,son",
};
const pair = (a: string, b: string, weight: number): ScoredPair => ({ a, b, weight });
const part = (...pairs: readonly ScoredPair[]) =>
  partAmbiguous(pairs, { policy: DEFAULT_MATCHING_POLICY, judge });

describe("IDN6 a record that fits two people", () => {
  const [toFather, toSon] = [pair("between", "father", 9), pair("son", "between", 8)];

  test("about as well belongs to neither", () => {
    expect(part(toFather, toSon)).toEqual({ certain: [], ambiguous: [toFather, toSon] });
  });

  test("one of them clearly better belongs to that one", () => {
    const weak = { ...toSon, weight: 9 - DEFAULT_MATCHING_POLICY.ambiguity };
    expect(part(toFather, weak)).toEqual({ certain: [toFather], ambiguous: [weak] });
  });

  test("who may both be one person is tied to both", () => {
    const other = pair("between", "father2", 9);
    expect(part(toFather, other)).toEqual({ certain: [toFather, other], ambiguous: [] });
  });

  test("alone is certain, and pairs stay in their order", () => {
    const all = [pair("x", "y", 4), toFather, pair("y", "z", 20)];
    expect(part(...all)).toEqual({ certain: all, ambiguous: [] });
  });
});
