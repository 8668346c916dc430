/** Policies and stewards' decisions for property tests: every strategy, tie-break, group and kind of override. */
import fc from "fast-check";
import { CLAIM_FIELDS, type ClaimField } from "@regulars/shared/events/claim";
import type { Override } from "@regulars/shared/survivorship/override";
import { type Policy, type Rule, strategySchema } from "@regulars/shared/survivorship/policy";

const prefixesArb = fc.uniqueArray(fc.constantFrom<string[]>("web", "till-", "till-1", "till-2"), {
  maxLength: 3,
});

export const ruleArb: fc.Arbitrary<Rule> = fc
  .record({
    strategy: fc.constantFrom(...strategySchema.options),
    tie: fc.option(fc.constantFrom(...strategySchema.exclude(["aggregate"]).options), {
      nil: null,
    }),
    priority: prefixesArb,
    skip: fc.oneof({ weight: 4, arbitrary: fc.constant<string[]>([]) }, prefixesArb),
  })
  .map(({ strategy, tie, priority, skip }) => ({
    strategy,
    priority,
    ...(tie === null ? {} : { then: tie }),
    ...(skip.length === 0 ? {} : { skip }),
  }));

const GROUPS: readonly Policy["groups"][] = [
  {},
  { name: ["givenName", "familyName"] },
  { reach: ["email", "birthDate"], place: ["address", "givenName"] },
];

/** Without `rules`, each strategy comes with every tie-break. */
export function policiesArb(rules: fc.Arbitrary<Rule> = ruleArb): fc.Arbitrary<Policy> {
  return fc.record({
    version: fc.constant(1),
    fallback: rules,
    fields: fc
      .array(fc.tuple(fc.constantFrom(...CLAIM_FIELDS), rules), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries) as Policy["fields"]),
    groups: fc.constantFrom(...GROUPS),
  });
}

export interface Place {
  readonly field: ClaimField;
  readonly fragment: string;
  readonly event: string;
}

/** Decisions about some of these claims, a few of them at the same moment and some about records that nobody has. */
export function overridesArb(places: readonly Place[]): fc.Arbitrary<Override[]> {
  if (places.length === 0) return fc.constant([]);
  const one = fc
    .record({
      place: fc.constantFrom(...places),
      kind: fc.constantFrom("pin", "confirm", "ignore", "ignore all"),
      value: fc.constantFrom("a", "Pinned", "0", "1", "2"),
      ms: fc.nat(3),
      isElsewhere: fc.nat(9).map((n) => n === 0),
    })
    .map(({ place, kind, value, ms, isElsewhere }) => ({
      kind: kind === "pin" || kind === "confirm" ? ("pin" as const) : ("ignore" as const),
      field: place.field,
      fragment: isElsewhere ? "till-9/1/email:x" : place.fragment,
      ...(kind === "pin" || kind === "confirm" ? { value } : {}),
      ...(kind === "confirm" || kind === "ignore" ? { event: place.event } : {}),
      stamp: `${ms.toString(16).padStart(12, "0")}-0000-steward/1`,
      by: "steward",
    }));
  return fc
    .array(one, { maxLength: 6 })
    .map((all) => all.map((each, at) => ({ ...each, id: `d${at}` })));
}

/** All of them, in another order. */
export const shuffledArb = <Item>(all: readonly Item[]): fc.Arbitrary<Item[]> =>
  fc.shuffledSubarray([...all], { minLength: all.length });
