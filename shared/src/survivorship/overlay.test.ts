/** `overlayProfile`: what a till shows is what edge and centre will say, as far as a profile remembers. */
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
import { DEFAULT_POLICY, type Policy } from "./policy.ts";
import { buildProfile, overlayProfile } from "./profile.ts";

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
          what: { kind: "claim", body: { ...capture.what.body, claims: ownClaims(at) } },
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

/** Sources that never win are forgotten with a field that nobody else speaks of. */
const rememberedArb = ruleArb.map(({ skip: _skip, ...rule }) => rule);

describe("GLD2: a till's view is the profile with its own newer fragments in place of the older ones", () => {
  test("equal in every part, where times and values differ, with groups and overrides", () => {
    const arb = cutArb(capturesArb(1).map(ownValues)).chain((cut) => {
      const parts = partsOf(cut);
      return fc.record({ parts: fc.constant(parts), decided: overridesArb(placesOf(parts.old)) });
    });
    fc.assert(
      fc.property(arb, policiesArb(rememberedArb), ({ parts, decided }, policy) => {
        const { own, old, together } = parts;
        // A group's record of which one part is set aside says less than others, and its rest may be forgotten.
        const isGrouped = Object.keys(policy.groups).length > 0;
        const overrides = decided.filter(({ kind }) => kind === "pin" || !isGrouped);
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
      fc.property(capturesArb(0), policiesArb(), (captures, policy) => {
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
