import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeConsents, type NamedConsent } from "./consents.ts";

const consentOf = (state: NamedConsent["state"], ms: number, source = "till-1", counter = 0) => ({
  name: "marketing/email",
  state,
  stamp: `${ms.toString(16).padStart(12, "0")}-${counter.toString(16).padStart(4, "0")}-${source}/1`,
  seq: 1,
  fragment: `${source}/1/email:x`,
});
const consentArb: fc.Arbitrary<NamedConsent> = fc
  .tuple(
    fc.constantFrom("granted" as const, "withdrawn" as const),
    fc.nat(3),
    fc.constantFrom("till-1", "till-2", "web"),
    fc.nat(2),
  )
  .chain(([state, ms, source, counter]) =>
    fc.constantFrom("marketing/email", "marketing/any", "profiling/any").map((name) => ({
      ...consentOf(state, ms, source, counter),
      name,
      // A stamp is one event's: it says one thing about one purpose.
      state: counter === 2 ? state : counter === 0 ? "granted" : "withdrawn",
    })),
  );
const consentsArb = fc.uniqueArray(consentArb, {
  selector: ({ name, stamp }) => `${name} ${stamp}`,
});
const asClaims = (merged: ReturnType<typeof mergeConsents>): NamedConsent[] =>
  Object.entries(merged).map(([name, consent]) => ({ name, ...consent }));
const merge = (a: readonly NamedConsent[], b: readonly NamedConsent[]) =>
  asClaims(mergeConsents([...a, ...b]));

describe("CON1: merging consents", () => {
  test("is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(consentsArb, consentsArb, consentsArb, (a, b, c) => {
        expect(merge(a, b)).toEqual(merge(b, a));
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
        expect(merge(a, a)).toEqual(merge(a, []));
        expect(merge(merge(a, b), b)).toEqual(merge(a, b));
      }),
      { numRuns: 500 },
    );
  });

  test("says for each purpose what its newest word says, or withdrawal where two are newest", () => {
    fc.assert(
      fc.property(consentsArb, (consents) => {
        const merged = mergeConsents(consents);
        for (const [name, { state }] of Object.entries(merged)) {
          const words = consents.filter((each) => each.name === name);
          const newestMs = words
            .map(({ stamp }) => stamp.slice(0, 12))
            .toSorted()
            .at(-1);
          const newest = words.filter(({ stamp }) => stamp.startsWith(newestMs!));
          const withdrawn = newest.some((each) => each.state === "withdrawn");
          expect(state).toBe(withdrawn ? "withdrawn" : "granted");
        }
        expect(new Set(Object.keys(merged))).toEqual(new Set(consents.map(({ name }) => name)));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [consentOf("withdrawn", 1), consentOf("granted", 2), "granted"],
    [consentOf("granted", 1), consentOf("withdrawn", 2), "withdrawn"],
    [consentOf("withdrawn", 1, "till-1", 0), consentOf("granted", 1, "web", 9), "withdrawn"],
  ])("%j and %j", (a, b, state) => {
    expect(mergeConsents([a, b])["marketing/email"]?.state).toBe(state);
    expect(mergeConsents([b, a])["marketing/email"]?.state).toBe(state);
  });

  test("purposes do not speak for each other", () => {
    const email = consentOf("granted", 1);
    const any = { ...consentOf("withdrawn", 2), name: "marketing/any" };
    expect(mergeConsents([email, any])).toMatchObject({
      "marketing/email": { state: "granted" },
      "marketing/any": { state: "withdrawn" },
    });
  });
});
