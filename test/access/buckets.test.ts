import fc from "fast-check";
import { expect, test } from "vitest";
import { createBuckets } from "../../edge/src/access/buckets.ts";

const rate = { perSecond: 10, atOnce: 30 };

/** Rests, and bursts after them. */
const gap = fc.oneof(
  { weight: 200, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: fc.nat(400) },
  { weight: 1, arbitrary: fc.constant(20_000) },
);

test("SEC1: no caller is let through more often than at once and per second", () => {
  const calls = fc.array(fc.record({ ms: gap, who: fc.constantFrom("a", "b") }), {
    minLength: 200,
    maxLength: 300,
  });
  fc.assert(
    fc.property(calls, (each) => {
      const buckets = createBuckets(10);
      let nowMs = 1_000_000;
      const through = new Map<string, number[]>();
      for (const { ms, who } of each) {
        nowMs += ms;
        if (buckets.take(who, rate, nowMs) === null)
          through.set(who, [...(through.get(who) ?? []), nowMs]);
      }
      for (const times of through.values()) {
        for (const [from, start] of times.entries()) {
          for (const [to, end] of times.entries()) {
            if (to < from) continue;
            const most = rate.atOnce + ((end - start) / 1_000) * rate.perSecond;
            expect(to - from + 1).toBeLessThanOrEqual(most + 1e-6);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("SEC1: who waits as long as it is told gets through, and who calls slowly always does", () => {
  const buckets = createBuckets(10);
  let nowMs = 0;
  for (let n = 0; n < rate.atOnce; n++) expect(buckets.take("a", rate, nowMs)).toBeNull();
  for (let n = 0; n < 50; n++) {
    const waitMs = buckets.take("a", rate, nowMs);
    expect(waitMs).toBeGreaterThan(0);
    nowMs += waitMs ?? 0;
    expect(buckets.take("a", rate, nowMs)).toBeNull();
  }
  // A clock that was set back gives nothing, and takes nothing away.
  expect(buckets.take("a", rate, nowMs - 10_000)).toBeGreaterThan(0);
});

test("SEC1: of more callers than are remembered, those are forgotten who have not called for longest", () => {
  const buckets = createBuckets(3);
  const emptied = (who: string): void => {
    while (buckets.take(who, rate, 0) === null);
  };
  for (const who of ["a", "b", "c"]) emptied(who);
  buckets.take("a", rate, 0);
  buckets.take("d", rate, 0); // takes the place of b
  expect(buckets.take("a", rate, 0)).not.toBeNull();
  expect(buckets.take("c", rate, 0)).not.toBeNull();
  expect(buckets.take("b", rate, 0)).toBeNull();
});
