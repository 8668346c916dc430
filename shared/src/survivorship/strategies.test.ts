/** Each strategy by hand, and all of them in any order: with tie-breaks, groups, skipped sources and overrides. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overridesArb, policiesArb, shuffledArb } from "../../../test/policies.ts";
import type { ClaimField, ClaimValue } from "../events/claim.ts";
import { LIMITS } from "../limits.ts";
import { type Policy, policySchema, type Rule } from "./policy.ts";
import { type Candidate, survive } from "./survive.ts";

const policyOf = (rule: Rule, groups: Policy["groups"] = {}): Policy => ({
  version: 1,
  fallback: rule,
  fields: {},
  groups,
});

interface Claim {
  readonly field?: ClaimField;
  readonly value: ClaimValue;
  readonly ms: number;
  readonly source?: string;
  readonly seq?: number;
  readonly verified?: true;
}

function claimOf({ field = "givenName", value, ms, source = "till-1", seq = 1, ...more }: Claim) {
  return {
    field,
    value,
    stamp: `${ms.toString(16).padStart(12, "0")}-0000-${source}/1`,
    event: `${source}/1/${seq}`,
    fragment: `${source}/1/email:x`,
    ...more,
  };
}

const ann = claimOf({ value: "Ann", ms: 1, source: "web", verified: true });
const anna = claimOf({ value: "Anna", ms: 2, source: "till-1" });
const annAgain = claimOf({ value: "Ann", ms: 3, source: "till-2" });
const zoe = claimOf({ value: "Zoe", ms: 4, source: "till-3" });

describe("GLD1: the winner by each strategy", () => {
  test.each<[Rule, Candidate]>([
    [{ strategy: "most_recent" }, zoe],
    [{ strategy: "oldest" }, ann],
    [{ strategy: "longest" }, anna],
    [{ strategy: "source_priority", priority: ["till-1", "web"] }, anna],
    [{ strategy: "source_priority", priority: ["till-"], then: "oldest" }, anna],
    [{ strategy: "most_frequent" }, annAgain],
    [{ strategy: "most_frequent", then: "oldest" }, ann],
    [{ strategy: "verified_first" }, ann],
    [{ strategy: "aggregate" }, zoe],
    [{ strategy: "minimum" }, annAgain],
    [{ strategy: "minimum", then: "verified_first" }, ann],
    [{ strategy: "maximum" }, zoe],
    [{ strategy: "most_recent", skip: ["till-3"] }, annAgain],
    [{ strategy: "most_frequent", skip: ["web"] }, zoe],
  ])("%j", (rule, { field: _field, ...winner }) => {
    const { givenName } = survive([ann, anna, annAgain, zoe], policyOf(rule));
    expect(givenName).toMatchObject({ ...winner, rule: rule.strategy });
  });

  test("most frequent names who says it, and counts source records, not events that arrive twice", () => {
    const { givenName } = survive(
      [zoe, ann, zoe, annAgain, zoe],
      policyOf({ strategy: "most_frequent" }),
    );
    const { event, stamp, fragment } = ann;
    expect(givenName).toMatchObject({
      value: "Ann",
      same: [{ event, stamp, fragment, verified: true }],
      losers: [{ value: "Zoe" }],
    });
  });

  test("aggregate keeps all distinct values, newest first, up to the limit", () => {
    const values = survive([ann, anna, annAgain, zoe], policyOf({ strategy: "aggregate" }));
    expect(values.givenName?.values).toEqual(["Zoe", "Ann", "Anna"]);
    const many = Array.from({ length: 30 }, (_, at) =>
      claimOf({ value: `${at}`, ms: at, seq: at + 1 }),
    );
    const { givenName } = survive(many, policyOf({ strategy: "aggregate" }));
    expect(givenName?.values).toHaveLength(LIMITS.aggregatedValues);
    expect(givenName?.values?.[0]).toBe("29");
  });

  test("a source that never wins leaves the field empty rather than win, and is named where another does", () => {
    const policy = policyOf({ strategy: "longest", skip: ["till-1"] });
    expect(survive([anna], policy)).toEqual({});
    const { givenName } = survive([anna, ann], policy);
    expect(givenName).toMatchObject({ value: "Ann", losers: [{ value: "Anna" }] });
    const all = survive([anna, ann], policyOf({ strategy: "aggregate", skip: ["till-1"] }));
    expect(all.givenName?.values).toEqual(["Ann"]);
  });
});

const named = (givenName: string, familyName: string | null, ms: number, source: string) => [
  claimOf({ value: givenName, ms, source }),
  ...(familyName === null ? [] : [claimOf({ field: "familyName", value: familyName, ms, source })]),
];

describe("GLD1: fields of a group win together", () => {
  const group = { name: ["givenName", "familyName"] } satisfies Policy["groups"];
  const both = (claims: Candidate[], rule: Rule) => {
    const { givenName, familyName } = survive(claims, policyOf(rule, group));
    return [givenName?.value, familyName?.value];
  };

  test("the values are of one record, also where each field alone would have another winner", () => {
    const claims = [...named("Bo", "Anderson", 1, "web"), ...named("Charlotte", "Ng", 2, "till-1")];
    expect(both(claims, { strategy: "longest" })).toEqual(["Charlotte", "Ng"]);
    expect(both(claims, { strategy: "oldest" })).toEqual(["Bo", "Anderson"]);
    expect(survive(claims, policyOf({ strategy: "oldest" }, group)).givenName).toMatchObject({
      group: "name",
      losers: [{ value: "Charlotte" }],
    });
  });

  test("who says all of it goes before who says some of it, and nothing is mixed", () => {
    const whole = named("Ann", "Smith", 1, "web");
    expect(
      both([...whole, ...named("Bob", null, 2, "till-1")], { strategy: "most_recent" }),
    ).toEqual(["Ann", "Smith"]);
    const parts = [...named("Bob", null, 2, "till-1"), named("Ann", "Smith", 1, "web")[1]!];
    expect(both(parts, { strategy: "most_recent" })).toEqual(["Bob", undefined]);
  });

  test("of any claims, by any rule, all values are of one source record", () => {
    fc.assert(
      fc.property(candidatesArb, policiesArb(), (candidates, policy) => {
        const survivors = survive(candidates, policy);
        for (const fields of Object.values(policy.groups)) {
          const winners = fields.flatMap((field) => survivors[field]?.fragment ?? []);
          expect(new Set(winners).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a group may name a field once", () => {
    const policy = policyOf({ strategy: "longest" }, { a: ["email"], b: ["phone", "email"] });
    expect(policySchema.safeParse(policy).success).toBe(false);
    expect(policySchema.safeParse({ ...policy, groups: { a: ["email"] } }).success).toBe(true);
    const { groups: _groups, ...older } = policy;
    expect(policySchema.parse(older).groups).toEqual({});
  });
});

const candidateArb: fc.Arbitrary<Candidate> = fc
  .record({
    field: fc.constantFrom<ClaimField>("givenName", "familyName", "email", "birthDate", "address"),
    value: fc.constantFrom<ClaimValue>("a", "bb", "ccc", { city: "e" }, { city: "ff" }),
    ms: fc.nat(3),
    source: fc.constantFrom("till-1", "till-2", "till-3", "web"),
    verified: fc.boolean(),
  })
  .map(({ verified, ...claim }) => claimOf({ ...claim, ...(verified ? { verified: true } : {}) }));
/** A fragment says one value per field. */
const candidatesArb = fc.uniqueArray(candidateArb, {
  maxLength: 20,
  selector: ({ field, fragment }) => `${field} ${fragment}`,
});

test("IDN2: by every strategy, with groups and overrides, the order of arrival decides nothing", () => {
  const arb = candidatesArb.chain((candidates) =>
    fc.record({
      candidates: fc.constant(candidates),
      shuffled: shuffledArb(candidates),
      decided: overridesArb(candidates).chain((overrides) =>
        fc.record({ overrides: fc.constant(overrides), shuffled: shuffledArb(overrides) }),
      ),
    }),
  );
  fc.assert(
    fc.property(arb, policiesArb(), ({ candidates, shuffled, decided }, policy) => {
      const expected = survive(candidates, policy, decided.overrides);
      const text = JSON.stringify(expected);
      expect(JSON.stringify(survive(shuffled, policy, decided.shuffled))).toBe(text);
      const twice = [...shuffled, ...candidates];
      expect(JSON.stringify(survive(twice, policy, decided.shuffled))).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});
