import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../digest.ts";
import { LIMITS } from "../limits.ts";
import { DEFAULT_POLICY, type Policy, type Rule, strategySchema } from "./policy.ts";
import { type Candidate, survive } from "./survive.ts";

const stampAt = (ms: number, writer = "till-1/1") =>
  `${ms.toString(16).padStart(12, "0")}-0000-${writer}`;
const policyOf = (rule: Rule): Policy => ({ version: 1, fallback: rule, fields: {}, groups: {} });

function claimOf(value: string, ms: number, source = "till-1", seq = 1): Candidate {
  return {
    field: "givenName",
    value,
    stamp: stampAt(ms, `${source}/1`),
    event: `${source}/1/${seq}`,
    fragment: `${source}/1/email:x`,
  };
}

const candidateArb: fc.Arbitrary<Candidate> = fc
  .record({
    field: fc.constantFrom("givenName", "email", "birthDate", "address"),
    value: fc.constantFrom<Candidate["value"]>(
      "a",
      "bb",
      "ccc",
      "dddd",
      { city: "e" },
      { city: "f" },
    ),
    ms: fc.nat(3),
    source: fc.constantFrom("till-1", "till-2", "web"),
    seq: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ ms, source, seq, ...claim }) => ({ ...claimOf("", ms, source, seq), ...claim }));
/** An event says one value per field. */
const candidatesArb = fc.uniqueArray(candidateArb, {
  maxLength: 30,
  selector: ({ field, event }) => `${field} ${event}`,
});
const policyArb = fc
  .constantFrom(...strategySchema.options)
  .map((strategy) => policyOf({ strategy, priority: ["web", "till-2"] }));

describe("GLD1: each value names its winner, losers, rule and event", () => {
  test("whatever was claimed stands as winner or loser, once per value, up to the limit", () => {
    fc.assert(
      fc.property(candidatesArb, policyArb, (candidates, policy) => {
        const survivors = survive(candidates, policy);
        const claimedFields = new Set(candidates.map(({ field }) => field));
        expect(new Set(Object.keys(survivors))).toEqual(claimedFields);
        for (const field of claimedFields) {
          const claims = candidates.filter((each) => each.field === field);
          const { losers, rule, values: _values, ...winner } = survivors[field]!;
          expect(rule).toBe(policy.fallback.strategy);
          for (const { same, ...stated } of [winner, ...losers]) {
            expect(claims).toContainEqual({ field, ...stated });
            for (const other of same ?? []) {
              expect(claims).toContainEqual({ field, value: stated.value, ...other });
            }
          }
          const values = [winner, ...losers].map(({ value }) => canonicalJson(value));
          expect(new Set(values).size).toBe(values.length);
          const distinct = new Set(claims.map(({ value }) => canonicalJson(value))).size;
          expect(values.length).toBe(Math.min(distinct, 1 + LIMITS.losersPerField));
        }
      }),
    );
  });

  const old = claimOf("Jo", 1, "web");
  const long = claimOf("Johanna-Maria", 2, "till-2");
  const recent = claimOf("Johanna", 3);
  test.each<[Rule, Candidate]>([
    [{ strategy: "most_recent" }, recent],
    [{ strategy: "oldest" }, old],
    [{ strategy: "longest" }, long],
    [{ strategy: "source_priority", priority: ["web"] }, old],
    [{ strategy: "source_priority", priority: ["till-2", "web"] }, long],
    [{ strategy: "source_priority", priority: ["till-"] }, recent],
    [{ strategy: "source_priority", priority: [] }, recent],
    [{ strategy: "source_priority" }, recent],
  ])("%j", (rule, { field: _field, ...winner }) => {
    const { givenName } = survive([old, recent, long], policyOf(rule));
    expect(givenName).toMatchObject({ ...winner, rule: rule.strategy });
    expect(givenName!.losers).toHaveLength(2);
  });

  test("a field's own rule goes before the fallback: a birth date is the first one said", () => {
    const claims = [claimOf("1980-01-01", 1), claimOf("1980-01-10", 2, "till-1", 2)];
    const birthDates = claims.map((each) => ({ ...each, field: "birthDate" as const }));
    const survivors = survive([...claims, ...birthDates], DEFAULT_POLICY);
    expect(survivors.birthDate?.value).toBe("1980-01-01");
    expect(survivors.givenName?.value).toBe("1980-01-10");
  });
});

test("IDN2: the order of arrival decides nothing, not even between equal stamps", () => {
  fc.assert(
    fc.property(
      candidatesArb.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
      policyArb,
      ([candidates, shuffled], policy) => {
        expect(survive(shuffled, policy)).toEqual(survive(candidates, policy));
        expect(survive([...shuffled, ...candidates], policy)).toEqual(survive(candidates, policy));
      },
    ),
  );
});
