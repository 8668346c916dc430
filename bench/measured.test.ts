import fc from "fast-check";
import { expect, test } from "vitest";
import { growthOf } from "./measured.ts";

const about = { of: "records", cost: "of all", unit: "s" } as const;

test("the exponent of a known growth is found again, whatever one piece costs and however the sizes lie", () => {
  const size = fc.integer({ min: 10, max: 10_000_000 });
  const sizes = fc.uniqueArray(size, { minLength: 3, maxLength: 6 });
  const exponent = fc.double({ min: -1, max: 3, noNaN: true });
  const each = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(sizes, exponent, each, (ofAll, known, cost) => {
      const points = ofAll.map((at) => ({ size: at, cost: cost * at ** known }));
      expect(Math.abs(growthOf({ ...about, points }).exponent - known)).toBeLessThan(0.006);
    }),
  );
});

test("noise around a growth moves its exponent by no more than the noise", () => {
  const points = [1_000, 4_000, 16_000].map((size, at) => ({ size, cost: size * [1.1, 0.9, 1.05][at]! })); // prettier-ignore
  expect(growthOf({ ...about, points }).exponent).toBeCloseTo(0.98, 1);
});
