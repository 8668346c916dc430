import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturesArb, newestContributions, record } from "../../../test/captures.ts";
import { moneyOf } from "../events/event.ts";
import { LIMITS } from "../limits.ts";
import { DEFAULT_POLICY, type Policy, strategySchema } from "./policy.ts";
import { buildProfile, profileContentSchema, profileDigest } from "./profile.ts";

const policyArb: fc.Arbitrary<Policy> = fc.constantFrom(
  DEFAULT_POLICY,
  ...strategySchema.options.map((strategy) => ({
    version: 1,
    fallback: { strategy, priority: ["web", "till-"] },
    fields: {},
    groups: {},
  })),
);

describe("IDN2: a profile depends on what the fragments say, and on nothing else", () => {
  test("not on their order, and not on how often each arrives", () => {
    const arb = capturesArb(0).chain((captures) => {
      const contributions = newestContributions(record(captures));
      const again = fc.array(fc.constantFrom(...contributions), { maxLength: 5 });
      const shuffled = again.chain((more) => {
        const all = [...contributions, ...more];
        return fc.shuffledSubarray(all, { minLength: all.length });
      });
      return fc.record({ contributions: fc.constant(contributions), shuffled });
    });
    fc.assert(
      fc.property(arb, policyArb, ({ contributions, shuffled }, policy) => {
        const profile = buildProfile(contributions, policy);
        const other = buildProfile(shuffled, policy);
        expect(other).toEqual(profile);
        expect(profileDigest(other)).toBe(profileDigest(profile));
      }),
    );
  });

  test("an older copy of a fragment beside a newer one adds nothing", () => {
    fc.assert(
      fc.property(capturesArb(0), fc.array(fc.nat(), { maxLength: 4 }), (captures, picks) => {
        const records = record(captures);
        const older = picks.map((pick) => records[pick % records.length]!.contribution);
        const newest = newestContributions(records);
        const profile = buildProfile(newest, DEFAULT_POLICY);
        expect(buildProfile([...older, ...newest], DEFAULT_POLICY)).toEqual(profile);
        expect(buildProfile([...newest, ...older], DEFAULT_POLICY)).toEqual(profile);
      }),
    );
  });

  test("GLD2: edge and centre, who read the fragments from bytes, get the digest of the till", () => {
    fc.assert(
      fc.property(capturesArb(0), (captures) => {
        const contributions = newestContributions(record(captures));
        const travelled = contributions.map(
          (each) => JSON.parse(JSON.stringify(each)) as typeof each,
        );
        const here = profileDigest(buildProfile(contributions, DEFAULT_POLICY));
        expect(profileDigest(buildProfile(travelled, DEFAULT_POLICY))).toBe(here);
      }),
    );
  });
});

test("SYN9: a profile is one by its schema, before and after it has travelled as JSON", () => {
  fc.assert(
    fc.property(capturesArb(0), policyArb, (captures, policy) => {
      const profile = buildProfile(newestContributions(record(captures)), policy);
      expect(profileContentSchema.parse(profile)).toEqual(profile);
      expect(profileContentSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    }),
  );
});

test("nobody's contributions make an empty profile", () => {
  const profile = buildProfile([], DEFAULT_POLICY);
  expect(profile).toMatchObject({ asOf: null, fields: {}, keys: [], totals: {}, recent: [] });
  expect(profileContentSchema.parse(profile)).toEqual(profile);
});

test("totals, sales and notes are those of all events that name the customer", () => {
  fc.assert(
    fc.property(capturesArb(0), (captures) => {
      const records = record(captures);
      const profile = buildProfile(newestContributions(records), DEFAULT_POLICY);
      const sales = records.filter(({ event }) => ["sale", "return"].includes(event.kind));
      const minor = records.reduce((sum, { event }) => sum + (moneyOf(event)?.totalMinor ?? 0), 0);
      expect(profile.totals["GBP"]?.minor ?? 0).toBe(minor);
      const newest = sales
        .map(({ event }) => ({
          event: `${event.source}/${event.epoch}/${event.seq}`,
          stamp: event.stamp,
        }))
        .toSorted((a, b) => (a.stamp < b.stamp ? 1 : -1))
        .slice(0, LIMITS.recentSales);
      expect(profile.recent.map(({ event, stamp }) => ({ event, stamp }))).toEqual(newest);
    }),
  );
});
