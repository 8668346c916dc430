/** What stewards decide stands before what any rule finds, follows its record, and leaves no trace when it is undone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturesArb, newestContributions, record } from "../../../test/captures.ts";
import { overridesArb, policiesArb, shuffledArb } from "../../../test/policies.ts";
import { CLAIM_FIELDS } from "../events/claim.ts";
import type { Contribution } from "../fragment/contribution.ts";
import { eventKeyOf, fragmentIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { type Override, overrideSchema } from "./override.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { buildProfile, profileContentSchema, profileDigest } from "./profile.ts";

const contributions = newestContributions(
  record([
    claim(0, { givenName: "Ann", email: "ann@example.org" }),
    claim(1, { givenName: "Anna" }),
    claim(2, { givenName: "Hannah" }),
  ]),
);
const [first, second, third] = contributions.map((each) => idOf(each)) as [string, string, string];

function claim(writer: number, claims: object) {
  return { writer, key: 0, afterMs: 1, what: { kind: "claim" as const, body: { claims } } };
}

function idOf({ source, epoch, key }: Contribution): string {
  return fragmentIdOf(source, epoch, key);
}

const stampAt = (ms: number) => `${ms.toString(16).padStart(12, "0")}-0000-steward/1`;

function pin(fragment: string, value: string, ms: number, id = `pin-${ms}`): Override {
  return { id, kind: "pin", field: "givenName", fragment, value, stamp: stampAt(ms), by: "eve" };
}

function ignore(fragment: string, ms: number, event?: string, id = `ignore-${ms}`): Override {
  const which = event === undefined ? {} : { event };
  const at = { stamp: stampAt(ms), by: "eve" };
  return { id, kind: "ignore", field: "givenName", fragment, ...which, ...at };
}

const nameBy = (...overrides: Override[]) =>
  buildProfile(contributions, DEFAULT_POLICY, overrides).fields.givenName;

describe("GLD1: a steward's pin", () => {
  test("stands, names who has pinned it, and leaves the claims as other values", () => {
    expect(nameBy()?.value).toBe("Hannah");
    const { losers, ...winner } = nameBy(pin(first, "Annie", 5)) ?? {};
    expect(losers?.map(({ value }) => value)).toEqual(["Hannah", "Anna", "Ann"]);
    expect(winner).toEqual({
      value: "Annie",
      stamp: stampAt(5),
      event: "pin-5",
      fragment: first,
      rule: "pin",
      pinned: { by: "eve" },
    });
  });

  test("on a record that is not this customer's has no effect", () => {
    const elsewhere = pin("till-9/1/email:x", "Annie", 5);
    expect(buildProfile(contributions, DEFAULT_POLICY, [elsewhere])).toEqual(
      buildProfile(contributions, DEFAULT_POLICY),
    );
  });

  test("follows its record: whoever has the record has the pin", () => {
    const overrides = [pin(first, "Annie", 5)];
    const [one, ...others] = contributions;
    expect(buildProfile([one!], DEFAULT_POLICY, overrides).fields.givenName?.value).toBe("Annie");
    const without = buildProfile(others, DEFAULT_POLICY, overrides);
    expect(without).toEqual(buildProfile(others, DEFAULT_POLICY));
  });

  test("gives way to a newer one, and between equal stamps to the one with the higher id", () => {
    expect(nameBy(pin(first, "Old", 5), pin(second, "New", 6))?.value).toBe("New");
    const same = [pin(first, "A", 5, "d1"), pin(second, "B", 5, "d2")];
    expect(nameBy(...same)?.value).toBe("B");
    expect(nameBy(...same.toReversed())?.value).toBe("B");
  });

  test("SYN10: of more decisions than a profile carries, the newest count", () => {
    const max = LIMITS.overridesPerCustomer;
    const many = Array.from({ length: max + 1 }, (_, at) => pin(first, `v${at}`, at));
    const { overrides, fields } = buildProfile(contributions, DEFAULT_POLICY, many);
    expect(overrides).toHaveLength(max);
    expect(overrides.map(({ id }) => id)).not.toContain("pin-0");
    expect(fields.givenName?.value).toBe(`v${max}`);
  });

  test("without a value pins nothing", () => {
    const { value: _value, ...empty } = pin(first, "", 5);
    expect(nameBy(empty)?.value).toBe("Hannah");
  });
});

const eventOf = (at: number) => {
  const { source, epoch, claims } = contributions[at]!;
  return eventKeyOf(source, epoch, claims.givenName!.seq);
};

describe("GLD1: a steward's ignore", () => {
  test("takes one claim out of the count, and names it with who has done so", () => {
    const name = nameBy(ignore(third, 5, eventOf(2)));
    expect(name?.value).toBe("Anna");
    expect(name?.ignored).toMatchObject([
      { value: "Hannah", event: eventOf(2), override: "ignore-5", by: "eve" },
    ]);
    expect(name?.losers.map(({ value }) => value)).toEqual(["Ann"]);
    expect(nameBy(ignore(third, 5, "till-7/1/1"))?.value).toBe("Hannah");
  });

  test("without an event takes out whatever the record says of the field, and nothing else", () => {
    expect(nameBy(ignore(third, 5))?.value).toBe("Anna");
    const all = [first, second, third].map((each, at) => ignore(each, at));
    const { fields } = buildProfile(contributions, DEFAULT_POLICY, all);
    expect(Object.keys(fields)).toEqual(["email"]);
  });

  test("and a pin on the same record: the newest stamp counts, then the higher id", () => {
    expect(nameBy(pin(first, "Annie", 5), ignore(first, 6))?.value).toBe("Hannah");
    expect(nameBy(pin(first, "Annie", 7), ignore(first, 6))?.value).toBe("Annie");
    expect(nameBy(pin(first, "Annie", 5, "d1"), ignore(first, 5, undefined, "d2"))?.value).toBe(
      "Hannah",
    );
    expect(nameBy(pin(first, "Annie", 5, "d2"), ignore(first, 5, undefined, "d1"))?.value).toBe(
      "Annie",
    );
    expect(nameBy(pin(first, "Annie", 5), ignore(second, 6))?.value).toBe("Annie");
  });

  test("of one claim lifts a pin that confirms that claim, and leaves what was written by hand", () => {
    const confirming = { ...pin(first, "Ann", 5), event: eventOf(0) };
    expect(nameBy(confirming)?.value).toBe("Ann");
    expect(nameBy(confirming, ignore(first, 6, eventOf(0)))?.value).toBe("Hannah");
    expect(nameBy(confirming, ignore(first, 4, eventOf(0)))?.value).toBe("Ann");
    expect(nameBy(confirming, ignore(first, 6, "till-1/1/9"))?.value).toBe("Ann");
    // Corrected by hand, and the wrong one struck out: both hold, whichever came first.
    for (const ms of [4, 6]) {
      const corrected = nameBy(pin(first, "Annie", 5), ignore(first, ms, eventOf(0)));
      expect(corrected).toMatchObject({ value: "Annie", ignored: [{ value: "Ann" }] });
    }
  });
});

const decidedArb = capturesArb(0).chain((captures) => {
  const each = newestContributions(record(captures));
  const places = each.flatMap((one) =>
    CLAIM_FIELDS.flatMap((field) => {
      const { seq } = one.claims[field] ?? {};
      const event = seq === undefined ? null : eventKeyOf(one.source, one.epoch, seq);
      return event === null ? [] : [{ field, fragment: idOf(one), event }];
    }),
  );
  return overridesArb(places).chain((overrides) =>
    fc.record({
      contributions: fc.constant(each),
      shuffled: shuffledArb([...each, ...each]),
      overrides: fc.constant(overrides),
      again: shuffledArb([...overrides, ...overrides]),
    }),
  );
});

test("IDN2 any order and repetition of contributions and decisions gives the same profile, by every policy", () => {
  fc.assert(
    fc.property(decidedArb, policiesArb(), (decided, policy) => {
      const profile = buildProfile(decided.contributions, policy, decided.overrides);
      const other = buildProfile(decided.shuffled, policy, decided.again);
      expect(JSON.stringify(other.fields)).toBe(JSON.stringify(profile.fields));
      expect(profileDigest(other)).toBe(profileDigest(profile));
      expect(profileContentSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    }),
    { numRuns: 300 },
  );
});

test("SYN9 a profile of an older build, without decisions, is read as one without", () => {
  const { overrides: _overrides, ...older } = buildProfile(contributions, DEFAULT_POLICY);
  expect(profileContentSchema.parse(older)).toEqual({ ...older, overrides: [] });
  expect(overrideSchema.parse(pin(first, "Annie", 5))).toEqual(pin(first, "Annie", 5));
});
