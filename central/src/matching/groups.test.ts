import { describe, expect, test } from "vitest";
import {
  CHILD,
  clusterSaid,
  HOME,
  MOTHER,
  naming,
  PHONE,
  reasonsOf,
  type Said,
} from "../testing/said.ts";
import type { StewardLink } from "./clusters.ts";
import { DEFAULT_MATCHING_POLICY, type MatchingPolicy } from "./policy.ts";

describe("IDN3 a value that is unique", () => {
  const EMAIL = "email:maria@example.com";

  test("two loyalty cards are two people, however alike they are", () => {
    const said = { ...MOTHER, email: "maria@example.com" };
    const found = clusterSaid({
      one: { says: said, keys: naming("loyalty:1", EMAIL, PHONE) },
      two: { says: said, keys: naming("loyalty:2", EMAIL, PHONE) },
    });
    expect(found.clusters).toEqual([["one"], ["two"]]);
    expect(reasonsOf(found)).toContain("unique_identifier");
  });

  test("a record between two cards goes to one of them only", () => {
    const found = clusterSaid({
      between: { says: MOTHER, keys: naming(EMAIL) },
      one: { says: MOTHER, keys: naming("loyalty:1", EMAIL) },
      two: { says: MOTHER, keys: naming("loyalty:2", EMAIL) },
    });
    expect(found.clusters).toHaveLength(2);
    expect(reasonsOf(found)).toContain("unique_identifier");
  });

  test("one card joins who says nothing else", () => {
    const found = clusterSaid({
      one: { keys: naming("loyalty:1") },
      two: { keys: naming("loyalty:1") },
    });
    expect(found.clusters).toEqual([["one", "two"]]);
  });

  test("IDN6 a steward may say that two cards are one person", () => {
    const steward: StewardLink[] = [{ id: "s1", a: "one", b: "two", verdict: "same" }];
    const found = clusterSaid(
      { one: { keys: naming("loyalty:1") }, two: { keys: naming("loyalty:2") } },
      { steward },
    );
    expect(found.links).toEqual([{ a: "one", b: "two", kind: "steward", by: "s1", weight: null }]);
  });
});

/** One card, and another mailbox every so many days. */
const addresses = (every: number): Record<string, Said> =>
  Object.fromEntries(
    Array.from({ length: 7 }, (_, n): [string, Said] => [
      `r${n}`,
      {
        keys: {
          "loyalty:1": 20_000,
          [`email:maria${n}@example.com`]: 20_000 + n * every,
        },
      },
    ]),
  );

describe("IDN3 a customer has a bounded number of values of a kind", () => {
  test("a sixth mailbox within a year is too many", () => {
    const found = clusterSaid(addresses(10));
    expect(found.clusters.map(({ length }) => length)).toEqual([5, 1, 1]);
    expect(reasonsOf(found)).toEqual(["too_many_values", "too_many_values"]);
  });

  test("over years it is a life", () => {
    expect(clusterSaid(addresses(90)).clusters).toHaveLength(1);
  });

  test("a value counts from its first appearance, whichever record told it first", () => {
    const policy: MatchingPolicy = {
      ...DEFAULT_MATCHING_POLICY,
      keys: {
        ...DEFAULT_MATCHING_POLICY.keys,
        email: { strength: 2, unique: false, limit: { values: 1, days: 30 }, people: 5 },
      },
    };
    // The old mailbox was known long before the new one, though one record has it only of late.
    const found = clusterSaid(
      {
        r1: { keys: { "loyalty:1": 20_000, "email:old@example.com": 20_000 } },
        r2: {
          keys: {
            "loyalty:1": 20_000,
            "email:old@example.com": 20_100,
            "email:new@example.com": 20_110,
          },
        },
      },
      { policy },
    );
    expect(found.clusters).toEqual([["r1", "r2"]]);
  });
});

describe("IDN6 no bare connected component", () => {
  /** Two groups whom one mistaken link would tie. */
  const bridged: Record<string, Said> = {
    m1: { says: MOTHER, keys: naming("email:maria@example.com") },
    m2: { says: MOTHER, keys: naming("email:maria@example.com") },
    p1: { says: CHILD, keys: naming("email:peter@example.com") },
    p2: { says: CHILD, keys: naming("email:peter@example.com") },
  };

  test("one link between two groups whose members disagree is cut as a bridge", () => {
    const found = clusterSaid(bridged, { pairs: [{ a: "m2", b: "p1", weight: 4 }] });
    expect(found.clusters).toEqual([
      ["m1", "m2"],
      ["p1", "p2"],
    ]);
    expect(reasonsOf(found)).toEqual(["bridge"]);
  });

  test("what a steward calls different is apart, by whatever key or likeness", () => {
    const steward: StewardLink[] = [{ id: "s1", a: "m1", b: "m2", verdict: "different" }];
    const found = clusterSaid(bridged, { steward });
    expect(found.clusters).toEqual([["m1"], ["m2"], ["p1", "p2"]]);
    expect(reasonsOf(found)).toContain("steward_different");
  });

  test("nor do they come together through a third", () => {
    const steward: StewardLink[] = [{ id: "s1", a: "m1", b: "m2", verdict: "different" }];
    const found = clusterSaid({ ...bridged, m3: bridged["m1"]! }, { steward });
    expect(found.clusters.filter((ids) => ids.includes("m1") && ids.includes("m2"))).toEqual([]);
  });

  test("a record between father and son belongs to neither: it is ambiguous", () => {
    const family = { ...HOME, given: ["john"], family: ["zywicki"] };
    const found = clusterSaid({
      between: { says: family },
      father: { says: { ...family, birth: "1950-02-17" } },
      son: { says: { ...family, birth: "1981-09-06" } },
    });
    expect(found.clusters).toEqual([["between"], ["father"], ["son"]]);
    expect(reasonsOf(found)).toEqual(["ambiguous", "ambiguous"]);
  });

  test("sources that know each customer once keep two of their records apart", () => {
    const policy = { ...DEFAULT_MATCHING_POLICY, onePerSource: ["crm"] };
    const said = { says: MOTHER, keys: naming(PHONE) };
    const found = clusterSaid(
      {
        one: { ...said, source: "crm-a" },
        two: { ...said, source: "crm-b" },
        web: { ...said, source: "web" },
      },
      { policy },
    );
    expect(found.clusters).toHaveLength(2);
    expect(new Set(reasonsOf(found))).toEqual(new Set(["one_per_source"]));
  });

  test("more records than a person can have wait for a steward", () => {
    const policy = { ...DEFAULT_MATCHING_POLICY, clusterMax: 3 };
    const found = clusterSaid(
      Object.fromEntries(
        ["a", "b", "c", "d"].map((id): [string, Said] => [id, { keys: naming("loyalty:1") }]),
      ),
      { policy },
    );
    expect(found.clusters).toEqual([["a", "b", "c"], ["d"]]);
    expect(reasonsOf(found)).toEqual(["too_large"]);
  });
});
