import { describe, expect, test } from "vitest";
import { isOut, planOutages } from "./outages.ts";

const sources = Array.from({ length: 12 }, (_, at) => `till-${at}`);

describe("outages", () => {
  test("hit the share that was asked for, rounded", () => {
    expect(planOutages(sources, 0.3)).toHaveLength(4);
    expect(planOutages(sources, 0)).toEqual([]);
    expect(
      planOutages(sources, 1)
        .map(({ source }) => source)
        .toSorted(),
    ).toEqual(sources.toSorted());
  });

  test("are the same for the same agents, in any order", () => {
    expect(planOutages(sources.toReversed(), 0.5)).toEqual(planOutages(sources, 0.5));
  });

  test("begin after the start of the file and end before its end", () => {
    for (const outage of planOutages(sources, 1)) {
      expect([0, 0.05, 0.4, 0.9, 1].map((at) => isOut(outage, at))).toEqual([
        false,
        false,
        true,
        false,
        false,
      ]);
    }
  });
});
