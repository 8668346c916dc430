import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Capture,
  capturesArb,
  newestContributions,
  record,
  type Recorded,
  WRITERS,
} from "../../../test/captures.ts";
import { overridesArb, policiesArb, ruleArb } from "../../../test/policies.ts";
import { CLAIM_FIELDS } from "../events/claim.ts";
import type { Contribution } from "../fragment/contribution.ts";
import { eventKeyOf, fragmentIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { DEFAULT_POLICY, type Policy, strategySchema } from "./policy.ts";
import { buildProfile, overlayProfile, profileContentSchema, profileDigest } from "./profile.ts";

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
      const minor = records.reduce(
        (sum, { event }) => sum + ("totalMinor" in event.body ? event.body.totalMinor : 0),
        0,
      );
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

interface Cut {
  readonly records: Recorded[];
  readonly at: number;
  readonly source: number;
}
/** Each fragment says values that nobody else says, so that a profile remembers every one of them. */
const ownClaims = (at: number) => ({
  givenName: `${at}`,
  familyName: `f${at}`,
  email: `e${at}`,
  birthDate: new Date(at * 86_400_000).toISOString().slice(0, 10),
  address: { city: `c${at}` },
});
const ownValues = (captures: readonly Capture[]): Capture[] =>
  captures.map((capture, at) =>
    capture.what.kind === "claim"
      ? {
          ...capture,
          what: { kind: "claim", body: { claims: ownClaims(at) } },
        }
      : capture,
  );
const cutArb = (captures: fc.Arbitrary<Capture[]>): fc.Arbitrary<Cut> =>
  captures.chain((each) =>
    fc.record({
      records: fc.constant(record(each)),
      at: fc.nat(each.length),
      source: fc.nat(WRITERS.length - 1),
    }),
  );
/** What everybody knew at the cut, what one writer has by the end, and both together. */
function partsOf({ records, at, source }: Cut) {
  const isOwn = ({ event }: Recorded) =>
    event.source === WRITERS[source]!.source && event.epoch === WRITERS[source]!.epoch;
  const own = newestContributions(records.filter(isOwn));
  const old = newestContributions(records.slice(0, at));
  const together = [
    ...newestContributions(records.slice(0, at).filter((each) => !isOwn(each))),
    ...own,
  ];
  return { own, old, together };
}

const placesOf = (contributions: readonly Contribution[]) =>
  contributions.flatMap(({ source, epoch, key, claims }) =>
    CLAIM_FIELDS.flatMap((field) => {
      const claim = claims[field];
      const event = eventKeyOf(source, epoch, claim?.seq ?? 0);
      return claim ? [{ field, fragment: fragmentIdOf(source, epoch, key), event }] : [];
    }),
  );

const common = (captures: readonly Capture[]): Capture[] =>
  captures.map((capture, at) => ({
    ...capture,
    what: {
      kind: "claim",
      body: { claims: { givenName: `${at % 3}`, email: `${(at * at) % 4}` } },
    },
  }));

describe("GLD2: a till's view is the profile with its own newer fragments in place of the older ones", () => {
  /** Sources that never win are forgotten with a field that nobody else speaks of. */
  const rememberedArb = ruleArb.map(({ skip: _skip, ...rule }) => rule);

  test("equal in every part, where times and values differ, with groups and overrides", () => {
    const arb = cutArb(capturesArb(1).map(ownValues)).chain((cut) => {
      const parts = partsOf(cut);
      return fc.record({ parts: fc.constant(parts), overrides: overridesArb(placesOf(parts.old)) });
    });
    fc.assert(
      fc.property(arb, policiesArb(rememberedArb), ({ parts, overrides }, policy) => {
        const { own, old, together } = parts;
        const overlaid = overlayProfile(buildProfile(old, policy, overrides), own, policy);
        const expected = buildProfile(together, policy, overlaid.overrides);
        const { fields, ...rest } = overlaid;
        const { fields: expectedFields, ...expectedRest } = expected;
        expect(rest).toEqual(expectedRest);
        // A claim that was set aside is remembered beside the value that stands, and nowhere where none does.
        const spoken = Object.keys(buildProfile(old, policy, overrides).fields);
        for (const field of CLAIM_FIELDS) {
          const { ignored: _a, ...here } = fields[field] ?? {};
          const { ignored: _b, ...there } = expectedFields[field] ?? {};
          expect(here).toEqual(there);
          expect(spoken.includes(field) ? fields[field] : null).toEqual(
            spoken.includes(field) ? expectedFields[field] : null,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("equal in every field where it counts how many say the same, also when many do", () => {
    const countedArb = rememberedArb.map((rule) => ({
      ...rule,
      strategy: "most_frequent" as const,
    }));
    const policies = policiesArb(countedArb).map((policy) => ({ ...policy, groups: {} }));
    fc.assert(
      fc.property(cutArb(capturesArb(1).map(common)), policies, (cut, policy) => {
        const { own, old, together } = partsOf(cut);
        const overlaid = overlayProfile(buildProfile(old, policy), own, policy);
        expect(overlaid).toEqual(buildProfile(together, policy));
      }),
      { numRuns: 500 },
    );
  });

  test("equal in totals, sales, notes, keys and the newest values in any case", () => {
    fc.assert(
      fc.property(cutArb(capturesArb(0)), (cut) => {
        const policy: Policy = {
          version: 1,
          fallback: { strategy: "most_recent" },
          fields: {},
          groups: {},
        };
        const { own, old, together } = partsOf(cut);
        const overlaid = overlayProfile(buildProfile(old, policy), own, policy);
        const expected = buildProfile(together, policy);
        const { consents: _a, fields, ...rest } = overlaid;
        const { consents: _b, fields: expectedFields, ...expectedRest } = expected;
        expect(rest).toEqual(expectedRest);
        const winners = (of: typeof fields) =>
          Object.entries(of).map(([field, { value, event }]) => [field, value, event]);
        expect(winners(fields)).toEqual(winners(expectedFields));
      }),
    );
  });

  test("what is already in the profile changes nothing", () => {
    fc.assert(
      fc.property(capturesArb(0), policyArb, (captures, policy) => {
        const contributions = newestContributions(record(captures));
        const profile = buildProfile(contributions, policy);
        expect(overlayProfile(profile, contributions, policy)).toBe(profile);
        expect(overlayProfile(profile, [], policy)).toBe(profile);
      }),
    );
  });

  test("CON1: a consent withdrawn and given again in one millisecond is a consent given", () => {
    const consent = { purpose: "marketing", channel: "email" } as const;
    const at = { writer: 0, key: 0, afterMs: 0 } as const;
    const [withdrawn, granted] = record([
      { ...at, what: { kind: "consent", body: { ...consent, state: "withdrawn" } } },
      { ...at, what: { kind: "consent", body: { ...consent, state: "granted" } } },
    ]);
    const profile = buildProfile([withdrawn!.contribution], DEFAULT_POLICY);
    const overlaid = overlayProfile(profile, [granted!.contribution], DEFAULT_POLICY);
    expect(overlaid).toEqual(buildProfile([granted!.contribution], DEFAULT_POLICY));
    expect(overlaid.consents["marketing/email"]?.state).toBe("granted");
  });

  test("a sale voided at this till is shown as voided, once", () => {
    const sale = { writer: 0, key: 0, afterMs: 1 } as const;
    const body = { receipt: "R1", currency: "GBP", lines: [], tenders: [], totalMinor: 500 };
    const voids = { receipt: "V1", voids: "R1", currency: "GBP", totalMinor: -500 };
    const [first, second] = record([
      { ...sale, what: { kind: "sale", body } },
      { ...sale, what: { kind: "void", body: voids } },
    ]);
    const profile = buildProfile([first!.contribution], DEFAULT_POLICY);
    const overlaid = overlayProfile(profile, [second!.contribution], DEFAULT_POLICY);
    expect(overlaid.recent).toMatchObject([{ receipt: "R1", voided: true }]);
    expect(overlaid.totals).toEqual({ GBP: { sales: 0, returns: 0, minor: 0 } });
  });
});
