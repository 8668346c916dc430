import fc from "fast-check";
import { expect, test } from "vitest";
import { Numbering } from "./numbering.ts";

test("a number keeps the place that it got when it first came, however many come after it", () => {
  const number = fc.oneof(fc.nat(40), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(number, { maxLength: 60 }), fc.nat(5_000), (numbers, others) => {
      const numbering = new Numbering();
      const known = [...new Set(numbers)];
      for (const each of numbers) expect(numbering.placeOf(each)).toBe(known.indexOf(each));
      for (let n = 0; n < others; n++) numbering.placeOf(2 ** 52 + n * 4_294_967_296);
      expect(known.map((each) => numbering.placeOf(each))).toEqual([...known.keys()]);
    }),
    { numRuns: 30 },
  );
});
