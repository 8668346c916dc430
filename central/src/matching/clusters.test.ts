/** What must hold of any clustering, over random units, evidence and decisions. */
import { kindOfKey } from "@regulars/shared/identity/key";
import { stampToMs } from "@regulars/shared/clock";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ClusterInput,
  type Clustering,
  clusterUnits,
  type Judge,
  type StewardLink,
  type Unit,
} from "./clusters.ts";
import type { MatchingPolicy } from "./policy.ts";

const DAY_MS = 86_400_000;
const stampOfDay = (day: number): string =>
  `${(day * DAY_MS).toString(16).padStart(12, "0")}-0000-t/1`;

/** Answers anything, the same for the same question whichever unit comes first: worse than any real judge. */
function randomJudge(seed: number): Judge {
  const draw = (what: string, ...ids: readonly string[]): number => {
    let hash = seed ^ 0x9e37_79b9;
    for (const sign of [what, ...ids.toSorted()].join("/")) {
      hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x0100_0193);
      hash ^= hash >>> 13;
    }
    return (Math.imul(hash, 0x85eb_ca6b) >>> 0) / 2 ** 32;
  };
  return {
    evidence: (a, b) => draw("evidence", a, b) * 30 - 12,
    isAlike: (a, b) => draw("person", a, b) > 0.4,
    isApart: (a, b) => draw("person", a, b) < 0.2,
    isDoubtful: (a, b) => draw("doubtful", a, b) < 0.2,
    isSilent: (a, b) => draw("silent", a, b) < 0.2,
    isNamed: (id) => draw("named", id) < 0.7,
    cannotTell: (record, one, two) => draw(`tell ${record}`, one, two) < 0.1,
    isBlocked: (key) => draw("blocked", key) < 0.1,
  };
}

const POLICY: MatchingPolicy = {
  version: 1,
  keys: {
    loyalty: { strength: 3, unique: true, limit: { values: 1, days: null }, people: 3 },
    email: { strength: 2, unique: false, limit: { values: 2, days: 30 }, people: 4 },
    phone: { strength: 1, unique: false, limit: { values: 2, days: null }, people: 2 },
    device: { strength: 0, unique: false, limit: null, people: 9 },
  },
  blocked: {},
  onePerSource: ["crm"],
  bridge: 0,
  ambiguity: 4,
  clusterMax: 6,
};

const COUNT = 12;
const WEIGHTS = [3, 4.5, 4.5, 7, 9, 12, 20];

/** `name` parts one set of units from another: no id, key or decision of two names is the same. */
const inputsOf = (name: string, { isWithSame = true } = {}): fc.Arbitrary<ClusterInput> => {
  const ids = Array.from({ length: COUNT }, (_, n) => `${name}${String(n).padStart(2, "0")}`);
  const stamp = fc.integer({ min: 19_000, max: 19_090 }).map(stampOfDay);
  const keysOf = (kind: string, count: number, most: number) =>
    fc
      .uniqueArray(fc.nat(count - 1), { maxLength: most })
      .map((all) => all.map((n) => `${kind}:${name}${n}`));
  const keys = fc
    .tuple(
      keysOf("loyalty", 4, 1),
      keysOf("email", 6, 2),
      keysOf("phone", 4, 1),
      keysOf("device", 2, 1),
    )
    .chain((kinds) =>
      fc.tuple(...kinds.flat().map((key) => stamp.map((first) => [key, first] as const))),
    )
    .map((entries) => Object.fromEntries(entries));
  const sources = fc.uniqueArray(fc.constantFrom("pos-1", "pos-2", "crm-1", "web"), {
    minLength: 1,
    maxLength: 2,
  });
  const two = fc
    .tuple(fc.constantFrom(...ids), fc.constantFrom(...ids))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({ a, b }));
  const verdict: fc.Arbitrary<StewardLink["verdict"]> = isWithSame
    ? fc.constantFrom("same", "different", "different")
    : fc.constant("different");
  return fc
    .record({
      units: fc.tuple(
        ...ids.map((id) => fc.record({ sources, keys }).map((unit): Unit => ({ id, ...unit }))),
      ),
      pairs: fc.uniqueArray(
        fc.tuple(two, fc.constantFrom(...WEIGHTS)).map(([pair, weight]) => ({ ...pair, weight })),
        { maxLength: 14, selector: ({ a, b }) => [a, b].toSorted().join(" ") },
      ),
      steward: fc.array(fc.tuple(two, verdict), { maxLength: 5 }).map((all) =>
        all.map(([pair, word], n): StewardLink => ({
          id: `${name}s${n}`,
          ...pair,
          verdict: word,
        })),
      ),
      seed: fc.nat(),
    })
    .map(({ units, pairs, steward, seed }) => ({
      units,
      pairs,
      steward,
      policy: POLICY,
      judge: randomJudge(seed),
    }));
};

/** The same facts, each list in another order, each pair told from its other end. */
const reordered = (input: ClusterInput): fc.Arbitrary<ClusterInput> => {
  const all = <Item>(items: readonly Item[]) =>
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
  const turn = <Pair extends { readonly a: string; readonly b: string }>(pair: Pair): Pair => ({
    ...pair,
    a: pair.b,
    b: pair.a,
  });
  return fc
    .record({
      units: all(input.units),
      pairs: all(input.pairs),
      steward: all(input.steward),
      isTurned: fc.boolean(),
    })
    .map(({ units, pairs, steward, isTurned }) => ({
      ...input,
      units: units.map((unit) => ({
        ...unit,
        sources: unit.sources.toReversed(),
        keys: Object.fromEntries(Object.entries(unit.keys).toReversed()),
      })),
      pairs: isTurned ? pairs.map(turn) : pairs,
      steward: steward.map((link) =>
        isTurned && link.verdict === "different" ? turn(link) : link,
      ),
    }));
};

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
        expect(clusters.map(([first]) => first)).toEqual(
          clusters.map(([first]) => first).toSorted(),
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
        expect(links.length).toBe(COUNT - clusters.length);
      }),
      RUNS,
    );
  });

  test("IDN6 never has in one cluster what a steward has called different", () => {
    fc.assert(
      fc.property(inputsOf("u"), (input) => {
        const clusterBy = clusterOf(clusterUnits(input));
        for (const { a, b, verdict } of input.steward) {
          if (verdict === "different") expect(clusterBy.get(a)).not.toBe(clusterBy.get(b));
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
          expect(ids.length).toBeLessThanOrEqual(POLICY.clusterMax);
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
        for (const { by, kind } of [...links, ...refusals]) {
          if (kind === "deterministic") expect(kindOfKey(by ?? "")).not.toBe("device");
        }
        for (const { by, kind } of links) {
          if (kind === "deterministic") expect(input.judge.isBlocked(by ?? "")).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test("IDN3 what was refused is told between two of its own units, and a refused pair of probability is apart", () => {
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
        const sorted = (items: readonly unknown[]) =>
          items.map((item) => JSON.stringify(item)).toSorted();
        for (const part of ["clusters", "links", "refusals"] as const) {
          expect(sorted(together[part])).toEqual(sorted([...apart[part], ...other[part]]));
        }
      }),
      RUNS,
    );
  });

  test("a link to a unit that is not there is a bug of whoever asked", () => {
    const units: Unit[] = [{ id: "a", sources: [], keys: {} }];
    const input = { units, steward: [], policy: POLICY, judge: randomJudge(1) };
    expect(() => clusterUnits({ ...input, pairs: [{ a: "a", b: "gone", weight: 9 }] })).toThrow(
      "not there",
    );
  });
});
