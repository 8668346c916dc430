/** What must hold of any clustering, over random units, evidence and decisions. */
import { stampToMs } from "@regulars/shared/clock";
import { kindOfKey } from "@regulars/shared/identity/key";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DAY_MS,
  inputsOf,
  randomJudge,
  reordered,
  SMALL_LIMITS,
  UNITS,
} from "../testing/random-units.ts";
import { type Clustering, clusterUnits, type Link, type Unit } from "./clusters.ts";

const clusterOf = ({ clusters }: Clustering): Map<string, number> =>
  new Map(clusters.flatMap((ids, at) => ids.map((id) => [id, at] as const)));

/** Of a cluster, the most values of a kind first seen within any window of so many days. */
function mostValues(units: readonly Unit[], kind: string, days: number | null): number {
  const first = new Map<string, number>();
  for (const { keys } of units) {
    for (const [key, stamp] of Object.entries(keys)) {
      if (kindOfKey(key) === kind)
        first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, stampToMs(stamp)));
    }
  }
  const times = [...first.values()];
  if (days === null) return times.length;
  return Math.max(
    0,
    ...times.map(
      (from) => times.filter((time) => time >= from && time - from <= days * DAY_MS).length,
    ),
  );
}

const sorted = (items: readonly unknown[]): string[] =>
  items.map((item) => JSON.stringify(item)).toSorted();

const byKey = ({ kind }: Link): boolean => kind === "deterministic";

const RUNS = { numRuns: 600 };

describe("any clustering", () => {
  test("IDN2 does not depend on the order of any of its lists", () => {
    fc.assert(
      fc.property(
        inputsOf("u").chain((input) => fc.tuple(fc.constant(input), reordered(input))),
        ([input, other]) => {
          expect(clusterUnits(other)).toEqual(clusterUnits(input));
        },
      ),
      RUNS,
    );
  });

  test("has each unit in one cluster, and says all of it in one order", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const { clusters } = clusterUnits(input);
        expect(clusters.flat().toSorted()).toEqual(input.units.map(({ id }) => id).toSorted());
        for (const ids of clusters) expect(ids).toEqual(ids.toSorted());
        expect(clusters.map(([first = ""]) => first)).toEqual(
          clusters.map(([first = ""]) => first).toSorted(),
        );
      }),
      RUNS,
    );
  });

  test("its links are a tree within each cluster, and nothing else ties it", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const clustering = clusterUnits(input);
        const { clusters, links } = clustering;
        const clusterBy = clusterOf(clustering);
        for (const { a, b } of links) expect(clusterBy.get(a)).toBe(clusterBy.get(b));
        expect(links.length).toBe(UNITS - clusters.length);
      }),
      RUNS,
    );
  });

  test("IDN6 never has in one cluster what a steward has called different", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const clusterBy = clusterOf(clusterUnits(input));
        for (const { a, b, verdict } of input.steward) {
          const isTogether = clusterBy.get(a) === clusterBy.get(b);
          expect(verdict === "different" && isTogether).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test("IDN6 what a steward has called the same is one, unless another decision parts it", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const clustering = clusterUnits(input);
        const clusterBy = clusterOf(clustering);
        for (const { a, b, verdict, id } of input.steward) {
          if (verdict === "different" || clusterBy.get(a) === clusterBy.get(b)) continue;
          expect(clustering.refusals).toContainEqual(
            expect.objectContaining({ kind: "steward", by: id, reason: "steward_different" }),
          );
        }
      }),
      RUNS,
    );
  });

  test("IDN3 no cluster that no steward made has more values of a kind than the policy allows, nor is too large", () => {
    fc.assert(
      fc.property(inputsOf("u", { isWithSame: false }), (input) => {
        const units = new Map(input.units.map((unit) => [unit.id, unit]));
        for (const ids of clusterUnits(input).clusters) {
          const members = ids.map((id) => units.get(id)!);
          expect(ids.length).toBeLessThanOrEqual(SMALL_LIMITS.clusterMax);
          expect(mostValues(members, "loyalty", null)).toBeLessThanOrEqual(1);
          expect(mostValues(members, "email", 30)).toBeLessThanOrEqual(2);
          expect(mostValues(members, "phone", null)).toBeLessThanOrEqual(2);
          const ofList = members.filter(({ sources }) =>
            sources.some((source) => source.startsWith("crm")),
          );
          expect(ofList.length).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  test("IDN4 no link is made by a key that proves nothing, nor by a value that is nobody's", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const { links, refusals } = clusterUnits(input);
        for (const { by } of [...links, ...refusals].filter(byKey)) {
          expect(kindOfKey(by ?? "")).not.toBe("device");
        }
        for (const { by } of links.filter(byKey)) {
          expect(input.judge.isBlocked(by ?? "")).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test("IDN3 what was refused is told between two of its own units", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const ids = new Set(input.units.map(({ id }) => id));
        const { refusals } = clusterUnits(input);
        for (const { a, b } of refusals) {
          expect(ids.has(a) && ids.has(b)).toBe(true);
          expect(a).not.toBe(b);
        }
      }),
      RUNS,
    );
  });

  test("IDN2 is local: two sets that nothing connects are clustered as each of them alone", () => {
    fc.assert(
      fc.property(inputsOf("a"), inputsOf("b"), (one, two) => {
        const judge = one.judge;
        const [apart, other] = [clusterUnits(one), clusterUnits({ ...two, judge })];
        const together = clusterUnits({
          ...one,
          units: [...two.units, ...one.units],
          pairs: [...two.pairs, ...one.pairs],
          steward: [...two.steward, ...one.steward],
        });
        for (const part of ["clusters", "links", "refusals"] as const) {
          expect(sorted(together[part])).toEqual(sorted([...apart[part], ...other[part]]));
        }
      }),
      RUNS,
    );
  });

  test("a link to a unit that is not there is a bug of whoever asked", () => {
    const units: Unit[] = [{ id: "a", sources: [], keys: {} }];
    const input = { units, steward: [], policy: SMALL_LIMITS, judge: randomJudge(1) };
    expect(() => clusterUnits({ ...input, pairs: [{ a: "a", b: "gone", weight: 9 }] })).toThrow(
      "not there",
    );
  });
});
