import fc from "fast-check";
import { expect, test } from "vitest";
import { capturesArb, newestContributions, record } from "../captures.ts";
import { policiesArb } from "../policies.ts";
import { goldenDifference } from "../../central/src/golden/difference.ts";
import { goldenOf } from "../../central/src/golden/golden.ts";

const goldenArb = fc
  .tuple(capturesArb(1), policiesArb())
  .map(([captures, policy]) => goldenOf(newestContributions(record(captures)), policy));

test("GLD1 there is a difference exactly where the digests differ, and it names both sides", () => {
  fc.assert(
    fc.property(goldenArb, goldenArb, (a, b) => {
      expect(goldenDifference(a.golden, a.golden)).toEqual({
        fields: [],
        keys: { added: [], removed: [] },
        consents: [],
      });
      const there = goldenDifference(a.golden, b.golden);
      const size =
        there.fields.length +
        there.keys.added.length +
        there.keys.removed.length +
        there.consents.length;
      expect(size > 0).toBe(a.digest !== b.digest);
      const back = goldenDifference(b.golden, a.golden);
      expect(back.keys).toEqual({ added: there.keys.removed, removed: there.keys.added });
      expect(back.fields.map(({ field, before, after }) => [field, after, before])).toEqual(
        there.fields.map(({ field, before, after }) => [field, before, after]),
      );
      // Put on the old one, it gives the new one.
      const patched = new Map(Object.entries(a.golden.fields));
      for (const { field, after } of there.fields) {
        if (after) patched.set(field, after);
        else patched.delete(field);
      }
      expect(Object.fromEntries(patched)).toEqual(b.golden.fields);
    }),
    { numRuns: 200 },
  );
});

test("GLD1 in front of the first version there was nothing", () => {
  fc.assert(
    fc.property(goldenArb, ({ golden }) => {
      const { fields, keys } = goldenDifference(null, golden);
      expect(new Set(fields.map(({ field }) => field))).toEqual(
        new Set(Object.keys(golden.fields)),
      );
      expect(fields.every(({ change }) => change === "added")).toBe(true);
      expect(keys).toEqual({ added: golden.keys, removed: [] });
    }),
  );
});
